"""Rules in lines: listed, tested, added, deleted, proposed; and a request answered by one."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AddRule, Decide, DeleteRule
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.messages import ToolMessage
from nanodeck.contracts.queries import ListRules, ScanSessions, TryCommand, TryRule
from nanodeck.contracts.requests import Answer, CommandDetail, Request
from nanodeck.contracts.rules import CommandTrial, PartTrial, Proposed, Rule, RuleTrial, Why
from tests.flows.fake_engine import FakeEngine, reply, said
from tests.unit.faces.talking import talking

NPM = Rule("allow", "bash(npm test *)", scope="project", file=".nanodeck/settings.toml", line=4)
DOCS = Rule("deny", "edit(docs/**)")
COVERED = Why("allow", "a rule covers it", "bash(npm test *)", ".nanodeck/settings.toml", 4)


def ruling() -> FakeEngine:
    engine = FakeEngine()
    trial = CommandTrial(COVERED, (PartTrial(JudgedPart("npm test"), COVERED),))
    engine.answers = {
        ListRules: lambda query: (NPM, DOCS),
        TryCommand: lambda query: trial,
        TryRule: lambda query: RuleTrial("there is no tool x" if query.rule == "x" else ""),
        ScanSessions: lambda query: (Proposed("bash(make *)", 3, ("make a", "make b")),),
    }
    return engine


async def test_rules_are_listed_with_their_origin_and_by_their_words() -> None:
    async with talking(ruling()) as talk:
        talk.type("/permissions")
        await talk.until("  1: allow bash(npm test *), the project's, .nanodeck/settings.toml:4")
        await talk.until("  2: deny edit(docs/**), this session's")
        talk.type("/permissions docs")
        assert "2: deny" in await talk.until("edit(docs")
        talk.type("/permissions zzz")
        await talk.until("No rule has these words.")


async def test_a_rule_is_deleted_after_a_question() -> None:
    engine = ruling()
    async with talking(engine) as talk:
        talk.type("/permissions delete 7")
        await talk.until("no rule of that number")
        talk.type("/permissions delete 1")
        await talk.until("2 or n: no")
        talk.type("n")
        await talk.until("It stays.")
        talk.type("/permissions delete 1")
        await talk.until("2 or n: no")
        talk.type("y", "/mode")
        await talk.until("Mode: normal")
    assert engine.commands == [DeleteRule(NPM)]


async def test_a_command_is_tested_and_a_rule_added_where_it_is_to_hold() -> None:
    engine = ruling()
    async with talking(engine) as talk:
        talk.type("/permissions test npm test")
        await talk.until("  all: allowed: a rule covers it  (rule: bash(npm test *), ")
        await talk.until("  parts: npm test  (allowed: ")
        talk.type("/permissions add grep")
        await talk.until("A rule begins with allow, ask or deny")
        talk.type("/permissions add allow x")
        await talk.until("there is no tool x")
        talk.type("/permissions add deny bash(rm *)")
        await talk.until("3: in all your projects")
        talk.type("3", "/mode")
        await talk.until("Mode: normal")
    assert engine.commands == [AddRule(Rule("deny", "bash(rm *)", scope="user"))]


async def test_proposed_rules_are_kept_by_their_numbers() -> None:
    engine = ruling()
    async with talking(engine) as talk:
        talk.type("/permissions scan")
        await talk.until("  1: bash(make *), allowed 3 times: make a, make b")
        await talk.until("Which of these rules")
        talk.type("7")
        await talk.until("Nothing kept.")
        talk.type("/permissions scan")
        await talk.until("Which of these rules")
        talk.type("1")
        await talk.until("3: in all your projects")
        talk.type("2", "/mode")
        await talk.until("Mode: normal")
    assert engine.commands == [AddRule(Rule("allow", "bash(make *)", scope="project"))]


async def test_a_request_is_answered_by_a_rule_that_was_said_whole() -> None:
    asked = Request("q1", "main", "c1", CommandDetail("npm test -x", "/p"), Why(reason="it asks"))
    engine = ruling()
    async with talking(engine) as talk:
        engine.publish(*said("go"), ev.RequestOpened(replace(asked, suggestion="bash(npm test *)")))
        await talk.until("3 or a: always bash(npm test *)")
        await talk.until("5 or e")
        talk.type("a")
        await talk.until("  rule: bash(npm test *)")
        await talk.until("p: in this project")
        await talk.until("5 or e")
        talk.type("p", "/mode")
        await talk.until("Mode: normal")
        engine.publish(ev.RequestClosed("q1"), *reply("done"))
    assert engine.commands == [Decide("q1", Answer("project", rule="bash(npm test *)"))]


async def test_why_says_what_decided_on_a_call() -> None:
    engine = ruling()
    ended = ev.ToolEnded(
        "c1", "bash", "bash npm test", ToolMessage("c1", "bash", "ok"), "ok", "", 0.1, COVERED
    )
    async with talking(engine) as talk:
        talk.type("/why")
        await talk.until("There is no such call")
        engine.publish(ev.ToolStarted("c1", "bash", "bash npm test"), ended)
        await talk.until("bash npm test: ok")
        talk.type("/why")
        await talk.until("  it was: allowed without asking")
        await talk.until("  stands in: .nanodeck/settings.toml:4")
