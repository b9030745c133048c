"""A plan in the diff pane: a document, walked line by line, approved into a mode or sent back."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import ReviewState, ReviewView
from nanodeck.core.review.plan import propose_plan
from nanodeck_widgets.diff.pane import DiffPane
from tests.widgets.diff_stage import Stage, asking, stage

TEXT = "# Plan\n\n1. read [markup]\n2. write\n"
BEFORE = TEXT.replace("1. read [markup]", "1. look")
LONG = "".join(f"{number}. step\n" for number in range(1, 61))


def plan(text: str = TEXT, before: str = "", marks: tuple[HunkMark, ...] = (), number: int = 1) -> ReviewView:
    changeset = propose_plan(f"plan-{number}", "call-1", before or text, text).changeset
    return ReviewView(changeset, "asking", "main", f"request-{number}", marks)


def edited(text: str) -> HunkMark:
    return HunkMark("plan.md", 1, "edited", text=text)


def decided(on_stage: Stage) -> list[Answer]:
    return [message.answer for message in on_stage.app.said if isinstance(message, DiffPane.Decided)]


def wanted(on_stage: Stage) -> Comment:
    return [message.comment for message in on_stage.app.said if isinstance(message, DiffPane.CommentWanted)][
        -1
    ]


def shown(on_stage: Stage) -> str:
    return "\n".join(on_stage.screen())


async def test_a_plan_is_a_document_with_one_number_a_line() -> None:
    async with stage(plan(), width=120) as on_stage:
        assert "Plan  4 lines" in on_stage.screen()[0]
        assert "undecided" in on_stage.screen()[0]
        assert "  3   1. read [markup]" in on_stage.row("read")
        assert "hunk" not in shown(on_stage)
        assert "y approve" in shown(on_stage)


async def test_what_changed_since_it_was_sent_back_is_marked() -> None:
    async with stage(plan(before=BEFORE), width=120) as on_stage:
        assert "Plan  4 lines  +1 -1" in on_stage.screen()[0]
        assert " 3 - 1. look" in on_stage.row("look")
        assert " 3 + 1. read [markup]" in on_stage.row("read")


@pytest.mark.parametrize(
    ("key", "words", "answer"),
    [
        ("y", "approve it, edits are reviewed", Answer("once", mode=Mode.NORMAL)),
        ("A", "approve it, edits are applied as they come", Answer("once", mode=Mode.AUTO_ACCEPT)),
        ("n", "send it back", Answer("deny")),
    ],
)
async def test_a_choice_is_told_and_sent_by_the_second_enter(key: str, words: str, answer: Answer) -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press(key)
        assert f"{words}: enter to send" in shown(on_stage)
        await on_stage.press("enter")
        assert f"{words}: enter again sends" in shown(on_stage)
        await on_stage.settle()
        assert decided(on_stage) == []
        await on_stage.press("enter")
        await on_stage.settle()
        assert decided(on_stage) == [answer]
        assert on_stage.marks == []


async def test_nothing_is_sent_undecided_by_a_held_key_or_too_soon() -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press("enter", "enter")
        assert "undecided: y approve, A approve, auto-accept, n send back" in shown(on_stage)
        await on_stage.press("y")
        for _ in range(9):
            await on_stage.press("enter", every=0.03)
        await on_stage.settle()
        assert decided(on_stage) == []
        await on_stage.show(plan(LONG, number=2))
        await on_stage.press("y", every=0.0)
        assert "too soon" in shown(on_stage)
        await on_stage.press("space", "space")
        assert "send back" in on_stage.screen()[0]


async def test_lines_that_were_never_in_view_are_told_before_an_approval() -> None:
    async with stage(plan(LONG), height=20) as on_stage:
        await on_stage.press("y")
        told = re.search(r"(\d+) lines never in view", shown(on_stage))
        assert told is not None
        assert 40 < int(told[1]) < 60
        await on_stage.press(*["pagedown"] * 6, "y")
        assert "never in view" not in shown(on_stage)


async def test_lines_are_walked_taken_and_commented() -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press("j", "j", "j", "c")
        assert "→  3" in on_stage.row("read")
        comment = wanted(on_stage)
        assert (comment.path, comment.new, comment.excerpt) == ("plan.md", (3, 3), " 1. read [markup]")
        assert (comment.source, comment.changeset, comment.hunk) == (Source("call", "plan-1"), "plan-1", 1)
        await on_stage.press("k", "space", "j", "c")
        assert wanted(on_stage).new == (2, 2)
        await on_stage.press("v", "c")
        whole = wanted(on_stage)
        assert (whole.old, whole.new, whole.excerpt) == (None, None, "")
        assert decided(on_stage) == []


async def test_a_commented_plan_is_sent_back_by_enter_alone() -> None:
    async with stage(plan()) as on_stage:
        lines = (3, 3), (3, 3), " 1. read [markup]"
        comment = Comment("c1", Source("call", "plan-1"), "plan.md", *lines, "why?", "plan-1", 1)
        on_stage.pane.show_comments((comment,))
        await on_stage.pilot.pause()
        assert "commented" in on_stage.row("the plan")
        await on_stage.press("enter")
        assert "send it back, 1 comment: enter again sends" in shown(on_stage)
        await on_stage.press("enter")
        await on_stage.settle()
        assert decided(on_stage) == [Answer("deny")]


async def test_the_whole_text_is_edited_and_the_changes_are_marked() -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press("j", "j", "j", "e")
        (message,) = (one for one in on_stage.app.said if isinstance(one, DiffPane.EditWanted))
        assert (message.changeset, message.path, message.hunk.id, message.text) == (
            "plan-1",
            "plan.md",
            1,
            TEXT,
        )
        assert message.line == 2
        await on_stage.show(plan(marks=(edited(TEXT + "3. check\n"),)))
        assert " 5 + 3. check" in on_stage.row("check")
        assert "Plan  5 lines  +1 -0" in on_stage.screen()[0]
        await on_stage.press("y")
        assert "approve it, edits are reviewed, with your changes" in shown(on_stage)


@pytest.mark.parametrize("key", ["a", "d", "D", "s", "m", "u", "U"])
async def test_every_other_key_leaves_the_plan_to_be_sent(key: str) -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press(key)
        await on_stage.settle()
        assert on_stage.marks == []
        assert decided(on_stage) == []


@pytest.mark.parametrize(
    ("state", "badge"), [("approved", "✔ approved"), ("returned", "✘ sent back"), ("refused", "✘ refused")]
)
async def test_what_became_of_it_is_told_and_the_next_review_begins_undecided(
    state: ReviewState, badge: str
) -> None:
    async with stage(plan()) as on_stage:
        await on_stage.press("y")
        await on_stage.show(replace(plan(), state=state, request=""))
        assert badge in on_stage.screen()[0]
        await on_stage.press("enter", "n")
        await on_stage.show(asking())
        assert "Diff  src/a.py" in on_stage.screen()[0]
        await on_stage.show(plan())
        assert "undecided" in on_stage.screen()[0]
