"""A plan in lines: whole, numbered, changed and commented by line number, never approved by a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, RedoDecision, UndoDecision, WriteComment
from nanodeck.contracts.events import HunksMarked
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review.plan import propose_plan
from nanodeck.faces.plain.planning import AGAIN, Plan
from nanodeck.faces.plain.questions import NO_CHOICE, Step

TEXT = "# Plan\n\n1. read \x1b[2J\n2. write\n"


def view(*marks: HunkMark, undo: int = 0, redo: int = 0) -> ReviewView:
    changeset = propose_plan("plan-1", "call", TEXT, TEXT).changeset
    return ReviewView(changeset, "asking", "main", "request-2", marks, undo, redo)


def plan(*marks: HunkMark) -> Plan:
    return Plan("request-2", "/p/plan.md", view(*marks))


def edited(text: str) -> HunkMark:
    return HunkMark("plan.md", 1, "edited", text=text)


def test_it_is_said_whole_once_and_again_for_an_empty_line() -> None:
    question = plan()
    said = question.lines()
    assert said[:5] == [
        "A plan of 4 lines waits for you, kept in /p/plan.md:",
        "  1 # Plan",
        "  2 ",
        "  3 1. read ␛[2J",
        "  4 2. write",
    ]
    assert question.take("") == Step()
    assert question.lines() == said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("1", Answer("once", mode=Mode.NORMAL)),
        ("y", Answer("once", mode=Mode.NORMAL)),
        ("2", Answer("once", mode=Mode.AUTO_ACCEPT)),
        ("a", Answer("once", mode=Mode.AUTO_ACCEPT)),
        ("n", Answer("deny")),
        ("4 and the tests?", Answer("deny", "and the tests?")),
    ],
)
def test_it_is_approved_for_a_mode_or_sent_back(line: str, answer: Answer) -> None:
    step = plan().take(line)
    assert (step.commands, step.over) == ((Decide("request-2", answer),), True)


@given(st.sampled_from(["1", "y", "2", "a", "n", "e", "c", "u", ""]), st.text(max_size=9))
def test_only_one_letter_approves(letter: str, rest: str) -> None:
    line = letter + rest
    decided = [one.answer.choice for one in plan().take(line).commands if isinstance(one, Decide)]
    assert ("once" in decided) == (line.strip() in ("1", "y", "2", "a"))


def test_lines_are_changed_or_removed_and_the_engine_says_what_became_of_it() -> None:
    question = plan()
    question.lines()
    for line, text in (
        ("e 3 1. look", "# Plan\n\n1. look\n2. write\n"),
        ("e 3-4", "# Plan\n\n"),
        ("5 2 two\nlines", "# Plan\ntwo\nlines\n1. read \x1b[2J\n2. write\n"),
    ):
        step = question.take(line)
        assert step == Step((MarkHunks("plan-1", (edited(text),)),), asks=False)
    marks = (edited("# Mine\n"),)
    question.renew(view(*marks, undo=1), HunksMarked("plan-1", marks))
    assert question.lines() == ["The plan has 1 line now.", AGAIN]
    question.take("")
    assert "  1 # Mine" in question.lines()
    assert question.take("u").commands == (UndoDecision("plan-1"),)
    assert question.take("U").said == "There is nothing to make again."
    question.renew(view(redo=1), HunksMarked("plan-1", ()))
    assert question.take("8").commands == (RedoDecision("plan-1"),)
    assert question.take("7").said == "There is nothing to take back."


def test_lines_are_commented_as_they_stand() -> None:
    (command,) = plan(edited("# Plan\n\n1. look\n2. write\n")).take("c 3-4 which files?").commands
    assert isinstance(command, WriteComment)
    comment = command.comment
    assert (comment.path, comment.old, comment.new) == ("plan.md", (3, 4), (3, 4))
    assert (comment.text, comment.excerpt) == ("which files?", " 1. look\n 2. write")
    assert (comment.changeset, comment.hunk) == ("plan-1", 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("e", "A line number comes first, from 1 to 4."),
        ("e five", "A line number comes first, from 1 to 4."),
        ("e 5 x", "A line number comes first, from 1 to 4."),
        ("c 3-2 x", "A line number comes first, from 1 to 4."),
        ("c 2", "A comment needs a sentence."),
        ("a nice plan, but no", "Only n takes a sentence; an approval is one letter."),
        ("u please", "Only n takes a sentence; an approval is one letter."),
        ("yes", NO_CHOICE),
    ],
)
def test_what_cannot_be_done_is_said_and_does_nothing(line: str, said: str) -> None:
    assert plan().take(line) == Step(said=said, asks=False)
