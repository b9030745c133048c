"""A plan in lines: whole, numbered, changed and commented by line number, never approved by a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, WriteComment
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review.plan import propose_plan
from nanodeck.faces.plain.planning import Plan
from nanodeck.faces.plain.questions import NO_CHOICE

TEXT = "# Plan\n\n1. read \x1b[2J\n2. write\n"


def plan(*marks: HunkMark) -> Plan:
    changeset = propose_plan("plan-1", "call", TEXT, TEXT).changeset
    return Plan("request-2", "/p/plan.md", ReviewView(changeset, "asking", "main", "request-2", marks))


def edited(question: Plan, *lines: str) -> list[str]:
    """The marks that `lines` lead to, by their text."""
    commands = [command for line in lines for command in question.take(line).commands]
    assert all(isinstance(command, MarkHunks) for command in commands)
    return [command.marks[0].text or command.marks[0].mark for command in commands]  # type: ignore[union-attr] # asserted


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
    assert question.lines() == [Plan.AGAIN]
    assert question.take("").commands == ()
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


def test_lines_are_changed_removed_and_put_back() -> None:
    question = plan()
    assert edited(question, "e 3 1. look", "e 3-4", "e 2 two\nlines", "u", "u", "7") == [
        "# Plan\n\n1. look\n2. write\n",
        "# Plan\n\n",
        "# Plan\ntwo\nlines\n",
        "# Plan\n\n",
        "# Plan\n\n1. look\n2. write\n",
        "undecided",
    ]
    assert question.take("u").said == "There is nothing to take back."


def test_what_another_face_changed_is_what_it_goes_on_from() -> None:
    question = plan(HunkMark("plan.md", 1, "edited", text="# Mine\n"))
    assert "  1 # Mine" in question.lines()
    assert edited(question, "u") == ["undecided"]


def test_lines_are_commented_as_they_stand() -> None:
    question = plan()
    question.take("e 3 1. look")
    (command,) = question.take("c 3-4 which files?").commands
    assert isinstance(command, WriteComment)
    comment = command.comment
    assert (comment.path, comment.old, comment.new, comment.text) == (
        "plan.md",
        (3, 4),
        (3, 4),
        "which files?",
    )
    assert (comment.excerpt, comment.changeset, comment.hunk) == (" 1. look\n 2. write", "plan-1", 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("e", "A line number comes first, from 1 to 4."),
        ("e five", "A line number comes first, from 1 to 4."),
        ("e 5 x", "A line number comes first, from 1 to 4."),
        ("c 3-2 x", "A line number comes first, from 1 to 4."),
        ("c 2", "A comment needs a sentence."),
        ("a nice plan, but no", "Only n takes a sentence; an approval is one letter."),
        ("yes", NO_CHOICE),
    ],
)
def test_what_cannot_be_done_is_said_and_does_nothing(line: str, said: str) -> None:
    assert plan().take(line) == ((), False, said)
