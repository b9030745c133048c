"""The engine has the last word: what the pane says was decided is what will be written."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import Found, ProposedFile, propose
from nanodeck.core.review.steps import Steps
from tests.widgets.diff_stage import asking, source, stage, three_hunks

PATH = "src/a.py"
ACCEPTED = replace(asking(marks=(HunkMark(PATH, 1, "accepted"),)), undo=1)


def stale(view: ReviewView, number: int) -> ReviewView:
    """The review after somebody changed the lines of a hunk."""
    (file,) = view.changeset.files
    hunks = tuple(replace(hunk, stale="gone" if hunk.id == number else "") for hunk in file.hunks)
    return replace(view, changeset=replace(view.changeset, files=(replace(file, hunks=hunks),)))


async def test_a_decision_taken_back_before_the_engine_told_of_it_does_not_stay_on_the_screen() -> None:
    async with stage(ACCEPTED) as on_stage:
        on_stage.pane.go_to(0)
        await on_stage.press("n")
        on_stage.pane.go_to(0)
        await on_stage.press("u")
        # Both were carried out before anything was told: it is accepted, as it was.
        await on_stage.show(replace(ACCEPTED, redo=1))
        assert "accepted" in on_stage.row("hunk 1/3")
        assert "1✔ 0✘ 2?" in on_stage.screen()[0]


async def test_a_mark_on_a_hunk_that_goes_stale_on_its_way_counts_no_longer() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A")
        # The engine refused them all, as one no longer applied when they came.
        await on_stage.show(stale(asking(), 2))
        assert "0✔ 1✘ 2?" in on_stage.screen()[0]
        await on_stage.press("enter", "enter")
        await on_stage.settle()
        assert on_stage.sent == []


async def test_what_no_longer_applies_is_not_offered_to_be_written_anew() -> None:
    async with stage(stale(asking(), 1)) as on_stage:
        on_stage.pane.go_to(0)
        await on_stage.press("e")
        assert "it no longer applies: gone" in "".join(on_stage.screen())


async def test_the_cursor_stays_with_its_hunk_when_others_are_split_or_joined_again() -> None:
    near = ProposedFile(PATH, source(), source((5, "five"), (9, "nine"), (40, "forty"), (55, "fifty")))
    steps = Steps(propose("c1", ["call-1"], [near]))
    whole = ReviewView(steps.review.changeset, "asking", "main", request="r")
    split = replace(whole, changeset=steps.split(PATH, 1).review.changeset, undo=1)
    async with stage(whole) as on_stage:
        on_stage.pane.go_to(1)
        for view in (split, whole):
            await on_stage.show(view)
            await on_stage.press("space")
            assert {mark[1] for mark in on_stage.marks} == {2}, "forty is what the cursor was put on"
        on_stage.pane.go_to(0)
        await on_stage.show(split)
        await on_stage.press("y")
        assert on_stage.marks[-1][1] == split.changeset.files[0].hunks[0].id


async def test_lines_that_change_under_the_finger_are_looked_at_before_they_are_decided_on() -> None:
    before = propose("c1", ["call-1"], [three_hunks()])
    moved = before.rebase({PATH: Found(source((2, "mine")))})
    async with stage(asking()) as on_stage:
        await on_stage.press("j", "k")
        await on_stage.show(replace(asking(), changeset=moved.changeset))
        await on_stage.press("y", every=0.1)
        assert on_stage.marks == []
        assert "too soon" in "".join(on_stage.screen())
        await on_stage.press("y", every=1.5)
        assert on_stage.marks == [(PATH, 1, "accepted")]
        await on_stage.show(replace(asking(), changeset=before.changeset))
        await on_stage.press("y", every=0.5)
        assert len(on_stage.marks) == 2, "the hunk under the cursor is as it was"


async def test_what_was_decided_while_nobody_asked_counts_no_longer_when_it_is_asked_again() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A")
        # As after a restart: the request of the process before was open in the journal alone.
        await on_stage.show(replace(asking(), request="another"))
        assert "0✔ 0✘ 3?" in on_stage.screen()[0]
