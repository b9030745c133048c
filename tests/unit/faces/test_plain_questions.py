"""Questions in lines: whole, numbered, and never answered by accident."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.contracts.changes import HunkMark, Mark
from nanodeck.contracts.commands import Decide, MarkHunks, SendReview, SwitchModel
from nanodeck.contracts.requests import Answer, CommandDetail, RepetitionDetail, Request
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck.faces.plain.questions import NO_CHOICE, Approval, Pick, Review, Step

SHELL = Request("q1", "main", "c1", CommandDetail("rm -rf \x1b[2Jbuild\nls", "/p"), "shell asks", "r")
AGAIN = Request("q2", "main", "c1", RepetitionDetail("read", "{}", 3), "the same again", "r")
OLD = "".join(f"line {number}\n" for number in range(60))
NEW = OLD.replace("line 5\n", "five\n").replace("line 30\n", "thirty\n").replace("line 55\n", "fifty\n")


def review(marks: tuple[HunkMark, ...] = ()) -> Review:
    files = [ProposedFile(name, OLD.encode(), NEW.encode()) for name in ("a.py", "b.py")]
    return Review("q3", ReviewView(propose("s1", ["c1"], files).changeset, "asking", "main", "q3", marks))


def answers(question: Review | Approval, *lines: str) -> list[Step]:
    return [question.take(line) for line in lines]


def marked(*steps: Step) -> list[tuple[str, int, Mark]]:
    commands = [command for step in steps for command in step.commands]
    marks = [mark for command in commands if isinstance(command, MarkHunks) for mark in command.marks]
    return [(mark.path, mark.hunk, mark.mark) for mark in marks]


def test_a_command_is_shown_whole_with_its_hidden_characters() -> None:
    said = "\n".join(Approval(SHELL).lines())
    assert "  rm -rf ␛[2Jbuild\n  ls\n  in /p" in said
    assert "shell asks" in said
    assert "1 or y: once" in said
    assert "4 or n: deny" in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("1", Answer("once")),
        ("y", Answer("once")),
        (" Y ", Answer("once")),
        ("2", Answer("session")),
        ("n", Answer("deny")),
        ("n use make clean", Answer("deny", message="use make clean")),
    ],
)
def test_a_command_is_answered_by_number_or_letter(line: str, answer: Answer) -> None:
    assert Approval(SHELL).take(line) == Step((Decide("q1", answer),), over=True)


@pytest.mark.parametrize("line", ["yes please", "ok", "12", "yy", "3", "tab", "y but only once"])
def test_what_is_no_choice_answers_nothing(line: str) -> None:
    step = Approval(SHELL).take(line)
    assert step.commands == ()
    assert not step.over
    assert step.said


def test_a_command_can_be_written_anew_and_is_seen_once_more() -> None:
    question = Approval(SHELL)
    steps = answers(question, "e", "make clean")
    assert [step.over for step in steps] == [False, False]
    assert "  make clean" in question.lines()
    assert question.take("y").commands == (Decide("q1", Answer("once", command="make clean")),)


def test_writing_a_command_can_be_given_up() -> None:
    question = Approval(SHELL)
    answers(question, "e", "")
    assert question.take("y").commands == (Decide("q1", Answer("once")),)


def test_a_repeated_call_stops_the_turn_or_goes_on_with_a_sentence() -> None:
    assert Approval(AGAIN).take("4").commands == (Decide("q2", Answer("deny")),)
    assert Approval(AGAIN).take("n read b").commands == (Decide("q2", Answer("deny", message="read b")),)


def test_a_review_goes_from_hunk_to_hunk_and_is_sent_at_the_end() -> None:
    question = review()
    assert next(iter(question.lines())).startswith("Hunk 1 of 6: a.py")
    steps = answers(question, "y", "2", "a", "D")
    accepted = [("a.py", 1, "accepted"), ("a.py", 2, "rejected"), ("a.py", 3, "accepted")]
    assert marked(*steps) == accepted + [("b.py", number, "rejected") for number in (1, 2, 3)]
    assert "2 accepted, 4 rejected" in question.lines()[0]
    assert question.take("y mind the tests") == Step((SendReview("q3", "mind the tests"),), over=True)


@pytest.mark.parametrize("said", ["a better way would be b", "y but why", "D is missing", "1 more thing"])
def test_a_sentence_is_no_decision_on_a_hunk(said: str) -> None:
    question = review()
    step = question.take(said)
    assert (step.commands, step.over) == ((), False)
    assert step.said
    assert next(iter(question.lines())).startswith("Hunk 1 of 6")


def test_a_decision_is_taken_back_with_u() -> None:
    question = review()
    steps = answers(question, "y", "u", "n")
    assert marked(*steps) == [("a.py", 1, "accepted"), ("a.py", 1, "rejected")]
    assert next(iter(question.lines())).startswith("Hunk 2 of 6")


def test_a_review_begins_where_it_was_left() -> None:
    question = review((HunkMark("a.py", 1, "accepted"),))
    assert next(iter(question.lines())).startswith("Hunk 2 of 6")


def test_choices_are_explained_once_and_again_on_an_empty_line() -> None:
    question = review()
    full = len(question.lines())
    question.take("y")
    assert len(question.lines()) < full
    question.take("")
    assert len(question.lines()) == full


@given(st.lists(st.sampled_from(["1", "y", "2", "n", "a", "d", "A", "D", "u", "", "x", "7"]), max_size=30))
def test_a_review_is_never_sent_with_an_undecided_hunk(lines: list[str]) -> None:
    question, marks = review(), set()
    for line in lines:
        step = question.take(line)
        marks |= {(path, hunk) for path, hunk, _ in marked(step)}
        if step.over:
            assert len(marks) == 6
            return
        assert list(question.lines())


def test_a_list_is_picked_from_by_number() -> None:
    def pick() -> Pick:
        return Pick("Which model?", [("a/one", SwitchModel("one", "a")), ("b/two", SwitchModel("two", "b"))])

    assert "  2: b/two" in pick().lines()
    assert pick().take("2").commands == (SwitchModel("two", "b"),)
    assert pick().take("").over
    for wrong in ("0", "3", "x", "-1", "²"):
        assert not pick().take(wrong).over
    assert Approval(SHELL).take("x").said == NO_CHOICE
