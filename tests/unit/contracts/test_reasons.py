"""Rules and what they decided, in words that every face says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts.explaining import Fact, facts_of
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.reasons import modes_of, origin_of, rule_facts, why_facts, why_words, written_rule
from nanodeck.contracts.requests import Answer, Answered, CommandDetail
from nanodeck.contracts.rules import Rule, RuleTrial, Why
from nanodeck.contracts.views import ToolEntry
from nanodeck.shell.reading import read_command

CD = JudgedPart("cd x", ("cd", "x"), True, "allow", "a rule covers it", "bash(cd *)")
RM = JudgedPart("rm -rf 'y'", ("rm", "-rf", "y"), True, "ask", "no rule covers it")


def runs(command: str, *judged: JudgedPart) -> list[tuple[str, str]]:
    reading = read_command(command)
    detail = CommandDetail(command, "/p", parts=reading.parts, script=reading.script, judged=judged)
    return [(fact.label, fact.words) for fact in facts_of(detail) if fact.label != "folder"]


def test_every_part_is_said_with_what_is_decided_on_it() -> None:
    assert runs("cd x && rm -rf 'y'", CD, RM) == [
        ("runs", "1  cd x &&  (allowed: a rule covers it)"),
        ("", "2  rm -rf y  (asks: no rule covers it)"),
    ]


def test_a_part_inside_of_another_comes_after_it_and_has_no_number() -> None:
    inner = JudgedPart("rm -rf /", verdict="deny", reason="never", folded_from="sudo rm -rf /")
    outer = JudgedPart("sudo rm -rf /", reason="as another user")
    assert runs("sudo rm -rf /; cd x", outer, inner, CD) == [
        ("runs", "1  sudo rm -rf / ;  (asks: as another user)"),
        ("", "   rm -rf /  (denied: never)"),
        ("", "2  cd x  (allowed: a rule covers it)"),
    ]


def test_the_parts_of_a_script_are_said_as_they_were_written() -> None:
    part = JudgedPart("rm $x\ny", reason="what the shell fills in is not known")
    assert runs("for x in a b; do rm $x\ny; cd x; done", part, CD)[1:] == [
        ("", "1  rm $x… (2 lines, whole above)  (asks: what the shell fills in is not known)"),
        ("", "2  cd x  (allowed: a rule covers it)"),
    ]


def test_of_a_command_that_is_one_part_nothing_is_said_twice() -> None:
    why = Why("ask", RM.reason, "command.unproven", part=RM.text)
    assert runs(RM.text, RM) == [("runs", "rm -rf y  (asks)")]
    assert why_words(why, RM.text) == "no rule covers it  (rule: command.unproven)"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("allow bash(npm test *)", Rule("allow", "bash(npm test *)")),
        ("  Deny   network(example.org) ", Rule("deny", "network(example.org)")),
        ("bash(x)", None),
        ("", None),
    ],
)
def test_a_rule_is_written_with_its_verdict_first(words: str, rule: Rule | None) -> None:
    assert written_rule(words) == rule


def test_a_rule_says_whose_it_is_and_when_it_holds() -> None:
    rule = Rule("ask", "grep", (Mode.NORMAL, Mode.PLAN), "project", ".nanodeck/settings.toml", 4)
    assert (origin_of(rule), modes_of(rule)) == (
        "the project's, .nanodeck/settings.toml:4",
        "in normal and plan alone",
    )
    assert (origin_of(Rule("ask", "grep")), modes_of(Rule("ask", "grep"))) == ("this session's", "")


def test_why_names_part_reason_rule_and_its_place() -> None:
    why = Why("deny", "denied by a rule", "bash(rm *)", "settings.toml", 9, "rm -rf y")
    assert why_words(why) == "rm -rf y: denied by a rule  (rule: bash(rm *), settings.toml:9)"
    assert why_facts(ToolEntry("c1", "bash", "bash cd x", "ended", why=why)) == [
        ("call", "bash cd x"),
        ("it was", "denied"),
        ("part", "rm -rf y"),
        ("because", "denied by a rule"),
        ("rule", "bash(rm *)"),
        ("stands in", "settings.toml:9"),
    ]


def test_files_are_named_as_people_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    for file, shown in (
        ("/work/api/.nanodeck/settings.toml", ".nanodeck/settings.toml"),
        ("/home/me/.config/nanodeck/settings.toml", "~/.config/nanodeck/settings.toml"),
        ("/etc/x.toml", "/etc/x.toml"),
    ):
        rule = Rule("allow", "grep", scope="user", file=file, line=3)
        assert origin_of(rule) == f"yours, {shown}:3"


def test_what_nobody_decided_says_so() -> None:
    typed = ToolEntry("c1", "bash", "ls", "ended", typed=True)
    assert why_facts(typed)[1] == ("because", "you typed it yourself")


def test_a_rule_is_known_by_what_it_leaves_and_what_else_it_lets_through() -> None:
    assert rule_facts("grep\nls", None) == (Fact("rule", "grep"), Fact("", "ls"), Fact("also", "…"))
    trial = RuleTrial(caution="any program", left=("rm x",), others=("a", "b"))
    assert rule_facts("", trial) == (
        Fact("", "any program", warns=True),
        Fact("still", "rm x: asks all the same", warns=True),
        Fact("also", "a, b"),
    )
    assert rule_facts("x", RuleTrial("there is no tool x"))[1:] == (
        Fact("", "there is no tool x", warns=True),
    )


def test_a_part_that_is_the_whole_command_is_not_said_again() -> None:
    why = Why("ask", "it writes", "command.unproven", part="mkdir x")
    alone = ToolEntry("c1", "bash", "bash mkdir x", "ended", why=why)
    assert "part" not in dict(why_facts(alone))
    assert dict(why_facts(replace(alone, title="bash ls && mkdir x")))["part"] == "mkdir x"


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (Answered(Answer("once")), "yes, this once"),
        (Answered(Answer("once", command="ls -l")), "yes, this once, as ls -l"),
        (
            Answered(Answer("project", rule="bash(a *)\nbash(b *)")),
            "yes, in this project, by the rule bash(a *) and bash(b *)",
        ),
        (Answered(Answer("deny")), "no"),
        (Answered(Answer("deny", "not now")), "no: not now"),
        (Answered(Answer("deny"), host="a.example.org"), "no, it may not reach a.example.org"),
        (
            Answered(Answer("session"), denied="/etc/x"),
            "yes, it may run again outside the sandbox, which denied /etc/x, in this session",
        ),
    ],
)
def test_what_the_person_answered_is_said_with_what_decided(answered: Answered, words: str) -> None:
    entry = ToolEntry("c1", "bash", "bash ls", "ended", why=Why(), answers=(answered,), sandbox="level 2")
    assert why_facts(entry)[-2:] == [("you said", words), ("sandbox", "level 2")]
