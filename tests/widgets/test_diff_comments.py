"""Comments in the diff pane: what c means, how they are shown, what they decide."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts.comments import Comment, comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.sources import Source
from nanodeck_widgets.diff.pane import DiffPane
from tests.widgets.diff_stage import Stage, asking, stage

REVIEW = asking()
(FILE,) = REVIEW.changeset.files


def on(hunk: int, first: int, last: int, text: str, name: str = "c1") -> Comment:
    lines, number = lines_of(FILE.hunks[hunk]), FILE.hunks[hunk].id
    made = comment_on(Source("call", "c1"), FILE.path, lines, first, last, text, changeset="c1", hunk=number)
    return replace(made, id=name)


def wanted(on_stage: Stage) -> list[Comment]:
    return [said.comment for said in on_stage.app.said if isinstance(said, DiffPane.CommentWanted)]


async def test_c_means_the_hunk_the_picked_lines_or_what_is_selected() -> None:
    async with stage(REVIEW) as on_stage:
        await on_stage.press("c")
        await on_stage.press("j", "v", "down", "c", "k", "space", "space", "c")
        on_stage.pane.show_comments((on(1, 3, 3, "why?"),))
        assert "2 of 2 lines" in on_stage.pane.notice
        on_stage.pane.close_inner()
        await on_stage.press("j", "shift+down", "shift+down", "c")
        whole, line, both, rows = wanted(on_stage)
        assert (whole.changeset, whole.hunk, whole.old, whole.new) == ("c1", 1, (2, 8), (2, 8))
        assert (line.excerpt, line.hunk) == ("+value_30 = 0", 2)
        assert both.excerpt == "-value_30 = 30\n+value_30 = 0"
        assert (rows.new, rows.hunk, rows.text, rows.id) == ((52, 53), 3, "", "")
        # What is there already is opened again.
        on_stage.pane.show_comments((on(0, 0, 7, "all of it"),))
        await on_stage.press("k", "k", "c")
        assert wanted(on_stage)[-1].text == "all of it"


@pytest.mark.parametrize("then", ["", "k"])
async def test_a_comment_just_written_comes_into_view_unless_one_went_on(then: str) -> None:
    async with stage(REVIEW, 60, 14) as on_stage:
        await on_stage.press("j", "c", *filter(None, [then]))
        (made,) = wanted(on_stage)
        on_stage.pane.show_comments((replace(made, id="c1", text="why seven?"),))
        await on_stage.pilot.pause()
        assert any("why seven?" in row for row in on_stage.screen()) is (not then)


async def test_comments_are_under_their_lines_and_reject_what_nobody_decided_on() -> None:
    async with stage(REVIEW) as on_stage:
        on_stage.pane.show_comments((on(0, 4, 4, "spell\nit"), on(2, 0, 7, "no [b]markup[/b]", "c2")))
        await on_stage.pilot.pause()
        screen = on_stage.screen()
        at = next(n for n, row in enumerate(screen) if "value_5 = five" in row)
        assert "❝ you: spell" in screen[at + 1]
        assert "  it" in screen[at + 2]
        assert "❝ commented" in on_stage.row("hunk 1/3")
        assert "2❝" in screen[0]
        assert "2/3 hunks" in screen[0]
        await on_stage.press("j", "y")
        assert "1 accepted, 2 rejected, 2 comments" in on_stage.row("accepted, 2")
        both = on_stage.pane.comments
        on_stage.pane.show_comments(())
        assert "to send" not in on_stage.pane.notice
        on_stage.pane.show_comments(both)
        assert "enter to send" in on_stage.pane.notice
        await on_stage.press("end")
        assert "❝ you, lines 52-58: no [b]markup[/b]" in on_stage.row("markup")
        await on_stage.press("/", *"markup", "enter", "escape")
        assert on_stage.pane.find("spell")
        await on_stage.press("enter")
        await on_stage.press("enter")
        await on_stage.settle()
        assert on_stage.sent == ["request-c1"]


async def test_a_comment_that_lost_its_lines_says_so_and_can_be_gone_to() -> None:
    first, second, third = FILE.hunks
    file = replace(FILE, hunks=(first, replace(second, stale="line 30 is another one now"), third))
    moved = replace(REVIEW, changeset=replace(REVIEW.changeset, files=(file,)))
    async with stage(moved, height=14) as on_stage:
        gone = replace(on(1, 4, 4, "where?"), stale=True)
        on_stage.pane.show_comments((gone, replace(on(1, 4, 4, "of another review"), source=Source("head"))))
        assert on_stage.pane.go_to_comment(gone)
        await on_stage.pilot.pause()
        assert on_stage.pane.current == 1
        assert "⚠ you, on line 30 as it was: where?" in on_stage.row("where?")
        assert "⚠ stale: line 30 is another one now" in on_stage.row("hunk 2/3")
        assert not on_stage.pane.go_to_comment(replace(gone, id="other"))
        assert "another review" not in "".join(on_stage.screen())
        await on_stage.press("C")
        assert isinstance(on_stage.app.said[-1], DiffPane.CommentsWanted)


async def test_a_comment_is_opened_by_a_click_and_drafts_take_none() -> None:
    async with stage(REVIEW) as on_stage:
        comment = on(0, 4, 4, "spell it")
        on_stage.pane.show_comments((comment,))
        await on_stage.pilot.pause()
        row = next(n for n, text in enumerate(on_stage.screen()) if "spell it" in text)
        await on_stage.pilot.click(on_stage.pane, offset=(20, row))
        assert wanted(on_stage) == [comment]
        on_stage.pane.draft(replace(REVIEW.changeset, id="c2"))
        await on_stage.press("c")
        assert "comment once it is whole" in "".join(on_stage.screen())
        await on_stage.show(None)
        await on_stage.press("c")
        assert len(wanted(on_stage)) == 1


async def test_lines_are_picked_to_comment_on_where_nothing_asks() -> None:
    async with stage(replace(REVIEW, state="applied", request="")) as on_stage:
        await on_stage.press("v", "y", "enter", "space", "space")
        assert "c comments" in "".join(on_stage.screen())
        await on_stage.press("c")
        (both,) = wanted(on_stage)
        assert (both.excerpt, both.changeset) == ("-value_5 = 5\n+value_5 = five", "")
        assert on_stage.marks == []
        on_stage.pane.close_inner()
        await on_stage.press("v", "v", "c")
        assert wanted(on_stage)[-1].new == (2, 8)
