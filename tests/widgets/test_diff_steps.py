"""Splitting hunks, picking lines, undo and redo in the diff pane, with a review behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck.core.review.steps import Steps
from nanodeck_widgets.diff.pane import DiffPane
from tests.widgets.diff_stage import Stage, source, stage, three_hunks

NEAR = ProposedFile("a.py", source(), source((5, "five"), (9, "nine"), (40, "forty")))


class Reviewed:
    """A pane and the review behind it, which answers what the pane asks for."""

    def __init__(self, on_stage: Stage, steps: Steps) -> None:
        self.stage = on_stage
        self.steps = steps
        self.offered = ""
        self._heard = 0

    @property
    def pane(self) -> DiffPane:
        return self.stage.pane

    @property
    def view(self) -> ReviewView:
        review = self.steps.review
        undo, redo = len(self.steps.past), len(self.steps.future)
        return ReviewView(review.changeset, "asking", "main", "r", review.marks, undo, redo)

    @property
    def screen(self) -> str:
        return "\n".join(self.stage.screen())

    @property
    def words(self) -> str:
        """What is on the screen without frames and folds."""
        return " ".join(self.screen.replace("┃", " ").split())

    @property
    def marks(self) -> list[tuple[int, str]]:
        return [(mark.hunk, mark.mark) for mark in self.steps.review.marks]

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.stage.press(key)
            self._answer()
            await self.stage.show(self.view)

    async def write(self, hunk: int, text: str) -> None:
        """What the person made of the hunk that was offered."""
        self.steps = self.steps.mark([HunkMark("a.py", hunk, "edited", text=text)])
        await self.stage.show(self.view)

    def _answer(self) -> None:
        said = self.stage.app.said
        for message in said[self._heard :]:
            match message:
                case DiffPane.Marked():
                    self.steps = self.steps.mark(message.marks)
                case DiffPane.SplitWanted():
                    self.steps = self.steps.split(message.path, message.hunk)
                case DiffPane.EditWanted():
                    self.offered = message.text
                case DiffPane.StepWanted():
                    self.steps = self.steps.undo() if message.back else self.steps.redo()
        self._heard = len(said)


@asynccontextmanager
async def reviewed(file: ProposedFile, width: int = 80, height: int = 40) -> AsyncIterator[Reviewed]:
    """A review of one file on a stage."""
    steps = Steps(propose("c1", ["call-1"], [file]))
    view = ReviewView(steps.review.changeset, "asking", "main", "r")
    async with stage(view, width, height) as on_stage:
        yield Reviewed(on_stage, steps)


async def test_decisions_are_taken_back_and_taken_again() -> None:
    async with reviewed(three_hunks()) as review:
        await review.press("u")
        assert "nothing to undo" in review.screen
        await review.press("y", "A", "u")
        assert review.marks == [(1, "accepted")]
        assert review.pane.current == 1
        await review.press("u", "U")
        assert review.marks == [(1, "accepted")]
        await review.press("U", "U")
        assert "nothing to redo" in review.screen
        assert len(review.marks) == 3


async def test_a_hunk_is_split_its_parts_are_decided_and_the_split_is_undone() -> None:
    async with reviewed(NEAR) as review:
        await review.press("s")
        assert "hunk 1/3" in review.screen
        assert "0/3 hunks" in review.screen
        await review.press("y", "n", "u", "u")
        assert review.marks == []
        await review.press("u")
        assert "hunk 1/2" in review.screen
        assert "0/2 hunks" in review.screen
        await review.press("U", "U")
        assert "hunk 1/3" in review.screen
        assert "accepted" in review.screen
        await review.press("j", "s")
        assert "this hunk is one change: v picks lines of it" in review.screen


async def test_lines_are_picked_and_only_they_are_accepted() -> None:
    async with reviewed(NEAR) as review:
        await review.press("v")
        assert "0 of 4 lines" in review.screen
        assert [row.lstrip("┃ ")[:2] for row in review.stage.screen() if "value_5 = 5" in row] == ["▌→"]
        await review.press("y")
        assert "no line is picked" in review.screen
        assert review.marks == []
        await review.press("space", "space")
        assert "2 of 4 lines" in review.screen
        await review.press("y")
        (mark,) = review.steps.review.marks
        assert mark == HunkMark("a.py", 1, "accepted", (3, 4))
        assert "✔ 2 lines" in review.screen
        assert "of 4 lines" not in review.screen
        picked = [row for row in review.stage.screen() if row.lstrip("┃ ").startswith("✔ ")]
        assert ["value_5 = 5" in picked[0], "five" in picked[1], len(picked)] == [True, True, 2]
        assert review.pane.current == 1
        await review.press("u")
        assert review.marks == []


async def test_beside_each_other_a_picked_line_has_its_sign_on_its_own_side() -> None:
    async with reviewed(NEAR, 120) as review:
        await review.press("v", "j", "space", "k")
        (row,) = [row for row in review.stage.screen() if "value_5 = 5" in row]
        assert [row.lstrip("┃ ")[:2], row.split(" = 5")[1].split("5")[0].split()] == ["▌ ", ["✔→"]]
        await review.press("k")
        (row,) = [row for row in review.stage.screen() if "value_5 = 5" in row]
        assert [row.lstrip("┃ ")[:2], row.split(" = 5")[1].split("5")[0].split()] == ["▌→", ["✔"]]


async def test_picking_is_left_with_esc_or_v_and_takes_every_line_as_the_whole_hunk() -> None:
    async with reviewed(NEAR) as review:
        await review.press("v", "space")
        assert review.pane.close_inner()
        assert not review.pane.close_inner()
        await review.press("v", "v")
        assert review.pane.picking is None
        assert "of 4 lines" not in review.screen
        assert review.marks == []
        await review.press("v", "space", "space", "j", "k", "space", "space", "enter")
        assert review.steps.review.marks == (HunkMark("a.py", 1, "accepted"),)


async def test_lines_of_a_long_hunk_are_scrolled_to_at_80x24() -> None:
    new = b"".join(b"new %d\n" % number for number in range(36))
    async with reviewed(ProposedFile("long.py", b"", new), 80, 24) as review:
        await review.press("v", *["j"] * 35, "space")
        assert "new 35" in review.screen
        await review.press("y")
        (mark,) = review.steps.review.marks
        assert mark.lines == (35,)


async def test_an_edited_hunk_is_shown_as_it_will_be_written_and_undone() -> None:
    async with reviewed(NEAR) as review:
        await review.press("e")
        assert review.offered.startswith("value_2 = 2\nvalue_3 = 3\nvalue_4 = 4\nfive\n")
        assert review.offered.endswith("nine\nvalue_10 = 10\nvalue_11 = 11\nvalue_12 = 12\n")
        mine = review.offered.replace("five", "fünf").replace("nine\n", "value_9 = 9\n")
        await review.write(1, mine)
        assert "✎ edited" in review.screen
        assert "to send" not in review.screen
        assert "fünf" in review.screen
        assert "nine" not in review.screen
        await review.press("v")
        assert "you edited this hunk" in review.screen
        await review.press("s", "e")
        assert review.offered == mine
        await review.press("u")
        assert "nine" in review.screen
        assert review.marks == []


@pytest.mark.parametrize(
    "line", ["\f", "print('\x1b[31m')", "a\u2028b", "a\rb", "the only end of its kind\r"]
)
async def test_lines_that_an_editor_would_change_are_not_edited(line: str) -> None:
    file = ProposedFile("a.py", source((6, line)), source((5, "five"), (6, line)))
    async with reviewed(file) as review:
        await review.press("e")
        assert "that an editor would change: pick lines instead" in review.words
        assert review.offered == ""


async def test_an_edit_that_takes_every_line_away_is_shown_as_such() -> None:
    async with reviewed(NEAR) as review:
        await review.press("j", "n")
        await review.write(1, "")
        assert "✎ edited" in review.screen
        assert "1 accepted, 1 rejected: enter to send" in review.words
        assert "value_12 = 12" in review.screen
        assert "five" not in review.screen


async def test_accepted_lines_that_were_never_in_view_are_counted_before_a_review_is_sent() -> None:
    new = b"".join(b"new %d\n" % number for number in range(60))
    async with reviewed(ProposedFile("long.py", b"", new), 80, 24) as review:
        await review.press("A")
        left = review.pane.unseen([0])
        assert 30 < left < 60
        assert f"1 accepted, 0 rejected, {left} accepted lines never in view: enter to send" in review.words
        await review.press("enter")
        assert f"{left} accepted lines never in view: enter again sends" in review.words
        for _ in range(8):
            await review.press("pagedown")
        assert review.pane.unseen([0]) == 0
        await review.press("enter")
        assert "1 accepted, 0 rejected: enter again sends" in review.words


async def test_what_was_seen_stays_so_when_another_hunk_is_split_and_in_another_layout() -> None:
    async with reviewed(NEAR, 120, 60) as review:
        await review.press("s")
        assert review.pane.unseen(range(3)) == 0
        await review.press("t", "w", "A")
        assert "never in view" not in review.words


async def test_the_cursor_never_moves_for_a_step_after_which_another_key_came() -> None:
    async with reviewed(three_hunks()) as review:
        await review.press("y", "n")
        assert review.pane.current == 2
        await review.stage.press("u")
        await review.stage.press("k", "k")
        await review.press("k")
        assert review.pane.current == 0


async def test_a_split_leaves_the_cursor_alone_when_somebody_else_decides_later() -> None:
    async with reviewed(NEAR) as review:
        await review.press("s")
        last = review.steps.review.changeset.files[0].hunks[2]
        review.steps = review.steps.mark([HunkMark("a.py", last.id, "accepted")])
        await review.stage.show(review.view)
        assert review.pane.current == 0
