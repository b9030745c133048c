"""Questions in lines: whole, numbered, and never answered by accident."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts.commands import Decide
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.requests import Answer, CommandDetail, RepetitionDetail, Request
from nanodeck.contracts.rules import RuleTrial, Why
from nanodeck.faces.plain.questions import NO_CHOICE, Approval, Step

SHELL = Request("q1", "main", "c1", CommandDetail("rm -rf \x1b[2Jbuild\nls", "/p"), Why(reason="shell asks"))
AGAIN = Request("q2", "main", "c1", RepetitionDetail("read", "{}", 3), Why("ask", "the same again", "r"))


def test_a_command_is_shown_whole_with_its_hidden_characters() -> None:
    said = "\n".join(Approval(SHELL).lines())
    assert "  $ rm -rf ␛[2Jbuild\n  > ls\n  folder: /p" in said
    assert "shell asks" in said
    assert "1 or y: once" in said
    assert "4 or n: deny" in said


def test_no_line_of_a_command_passes_for_one_of_ours() -> None:
    text = "ls\n  writes: no files\n  1 or y: once"
    said = Approval(Request("q", "main", "c", CommandDetail(text, "/p"), Why(reason="shell asks"))).lines()
    assert "  writes: no files" not in said
    assert said.count("  1 or y: once") == 1


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
    steps = [question.take(line) for line in ("e", "make clean")]
    assert [step.over for step in steps] == [False, False]
    assert "  $ make clean" in question.lines()
    assert question.take("y").commands == (Decide("q1", Answer("once", command="make clean")),)


def test_writing_a_command_can_be_given_up() -> None:
    question = Approval(SHELL)
    question.take("e")
    assert question.verbatim
    question.take("")
    assert question.take("y").commands == (Decide("q1", Answer("once")),)


def test_a_repeated_call_stops_the_turn_or_goes_on_with_a_sentence() -> None:
    assert Approval(AGAIN).take("4").commands == (Decide("q2", Answer("deny")),)
    assert Approval(AGAIN).take("n read b").commands == (Decide("q2", Answer("deny", message="read b")),)


def test_what_is_no_choice_at_all_has_the_choices_said_on_an_empty_line() -> None:
    assert Approval(SHELL).take("x") == Step(said=NO_CHOICE, asks=False)
    assert Approval(SHELL).take("") == Step()


RULED = replace(SHELL, suggestion="bash(rm *)")


def test_a_rule_is_asked_about_once_it_is_known_what_it_lets_through() -> None:
    question = Approval(RULED)
    assert "  3 or a: always bash(rm *)" in question.lines()
    step = question.take("a")
    assert step == Step(asks=False, query=TryRule("bash(rm *)", "q1"))
    assert question.take("p").commands == ()
    question.learn("bash(rm *)", RuleTrial(others=("rm x",)))
    said = question.lines()
    assert "  rule: bash(rm *)" in said
    assert "  also: rm x" in said
    answer = Answer("project", rule="bash(rm *)")
    assert question.take("p") == Step((Decide("q1", answer),), over=True)


def test_a_rule_is_written_anew_and_what_was_known_of_the_other_is_forgotten() -> None:
    question = Approval(RULED)
    question.take("a")
    question.learn("bash(rm *)", RuleTrial())
    question.take("e")
    assert question.verbatim
    assert question.take("bash(rm build)").query == TryRule("bash(rm build)", "q1")
    question.learn("bash(rm *)", RuleTrial())
    assert question.take("s").commands == ()
    question.learn("bash(rm build)", RuleTrial("there is no such tool"))
    assert question.take("s").commands == ()
    assert "  there is no such tool" in question.lines()


def test_an_empty_line_leads_back_from_a_rule() -> None:
    question = Approval(RULED)
    question.take("3")
    question.learn("bash(rm *)", RuleTrial())
    assert question.take("") == Step()
    assert question.take("2") == Step((Decide("q1", Answer("session")),), over=True)
