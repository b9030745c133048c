"""A4: the rules that hold: listed, filtered, deleted, tested, written, proposed."""

from __future__ import annotations

from nanodeck.contracts.commands import Command, DeleteRule
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListRules, ScanSessions, TryCommand, TryRule
from nanodeck.contracts.rules import CommandTrial, PartTrial, Proposed, Rule, RuleTrial, Why
from nanodeck.ui.dialogs.newrule import NewRuleScreen
from nanodeck.ui.dialogs.proposed import ProposedScreen
from nanodeck.ui.dialogs.rules import RulesScreen
from nanodeck.ui.dialogs.tryout import TryoutScreen
from tests.flows.answering import Answering, screen_stage
from tests.flows.keyboard import letters, press

NPM = Rule("allow", "bash(npm test *)", scope="project", file=".nanodeck/settings.toml", line=4)
RM = Rule("deny", "bash(rm *)", (Mode.AUTO_ACCEPT,), "user", "~/.config/nanodeck/settings.toml", 9)
HERE = Rule("deny", "edit(docs/**)")


async def test_rules_are_listed_with_their_origin_filtered_and_deleted_after_a_second_key() -> None:
    held = [NPM, RM, HERE]
    sent: list[Command] = []

    def take(command: Command) -> None:
        sent.append(command)
        if isinstance(command, DeleteRule):
            held.remove(command.rule)

    link = Answering({ListRules: lambda query: tuple(held)})
    async with screen_stage(RulesScreen(link, take)) as (app, pilot):
        drawn = app.drawn()
        for words in (
            "allow  bash(npm test *)",
            "the project's, .nanodeck/settings.toml:4",
            "deny   bash(rm *)  in auto-accept alone",
            "yours, ~/.config/nanodeck/settings.toml:9",
            "this session's",
            "3 rules",
        ):
            assert words in drawn
        await press(pilot, "/", *letters("deny settings"))
        assert "1 of 3 rules" in app.drawn()
        await press(pilot, *letters("x"))
        assert "nothing fits “deny settingsx”" in app.drawn()
        await press(pilot, "escape")
        assert "3 rules" in app.drawn()
        await press(pilot, "d")
        assert "d again deletes bash(npm test *) (the project's" in app.drawn()
        await press(pilot, "j", "d")
        assert sent == []
        await press(pilot, "d")
        assert sent == [DeleteRule(RM)]
        assert "2 rules" in app.drawn()
        await press(pilot, "escape")
    assert app.results == [None]


async def test_without_rules_it_is_said_where_they_come_from_and_keys_lead_there() -> None:
    for key, wanted in (("a", "add"), ("t", "test"), ("s", "scan")):
        async with screen_stage(RulesScreen(Answering({ListRules: ()}), lambda command: None)) as (
            app,
            pilot,
        ):
            assert "No rules yet." in app.drawn()
            await press(pilot, "d", key)
        assert app.results == [wanted]


async def test_rules_that_cannot_be_read_say_why() -> None:
    link = Answering({ListRules: NanodeckError("settings.toml: line 3 is none")})
    async with screen_stage(RulesScreen(link, lambda command: None)) as (app, _):
        assert "the rules cannot be read: settings.toml: line 3 is none" in app.drawn()


def decided(query: TryCommand) -> CommandTrial:
    if query.mode is Mode.YOLO:
        return CommandTrial(Why("allow", "yolo mode", "mode.yolo"))
    cd = Why("allow", "the rule covers it", "bash(cd *)", ".nanodeck/settings.toml", 4)
    rm = Why("ask", "no rule covers it", "effect.execute")
    parts = (PartTrial(JudgedPart("cd x"), cd), PartTrial(JudgedPart("rm -rf y"), rm))
    return CommandTrial(Why("ask", "no rule covers it", "effect.execute", part="rm -rf y"), parts)


async def test_a_command_is_tested_part_by_part_in_every_mode_and_not_run() -> None:
    link = Answering({TryCommand: decided})
    async with screen_stage(TryoutScreen(link, Mode.NORMAL), 120) as (app, pilot):
        assert link.asked == []
        await press(pilot, *letters("cd x && rm -rf y"))
        drawn = " ".join(app.drawn().split())
        for words in (
            "all asks: rm -rf y: no rule covers it (rule: effect.execute)",
            "parts ✔ cd x the rule covers it (rule: bash(cd *), .nanodeck/settings.toml:4)",
            "? rm -rf y no rule covers it (rule: effect.execute)",
            "in normal mode",
        ):
            assert words in drawn.replace("┃ ", "")
        await press(pilot, "tab", "tab")
        assert "allowed: yolo mode" in app.drawn()
        await press(pilot, "escape")
    assert app.results == [None]


async def test_a_command_that_cannot_be_tested_says_why() -> None:
    link = Answering({TryCommand: NanodeckError("no engine")})
    async with screen_stage(TryoutScreen(link, Mode.NORMAL, "ls")) as (app, _):
        assert "it cannot be tested: no engine" in app.drawn()


def tried(query: TryRule) -> RuleTrial:
    return RuleTrial() if query.rule.endswith(")") else RuleTrial(problem="a bracket is missing")


async def test_a_rule_is_written_seen_and_kept_where_the_person_says() -> None:
    async with screen_stage(NewRuleScreen(Answering({TryRule: tried}))) as (app, pilot):
        await press(pilot, "enter", *letters("bash(rm *"))
        assert "it begins with allow, ask or deny" in app.drawn()
        await press(pilot, "ctrl+a", *letters("deny "))
        assert "a bracket is missing" in app.drawn()
        await press(pilot, "enter")
        assert app.results == []
        await press(pilot, "end", ")")
        assert "nothing else that was run here so far" in app.drawn()
        await press(pilot, "down", "enter")
    assert app.results == [Rule("deny", "bash(rm *)", scope="project")]


async def test_all_that_a_rule_lets_through_is_read_and_the_keys_stay_in_sight() -> None:
    others = tuple(f"npm test {'x' * 80}{number}." for number in range(12))
    link = Answering({TryRule: lambda query: RuleTrial(others=others)})
    async with screen_stage(NewRuleScreen(link)) as (app, pilot):
        assert "enter keeps it" not in app.drawn()
        await press(pilot, *letters("allow bash(npm test *)"))
        seen = app.drawn()
        assert "x11." not in seen
        for _ in others:
            assert "enter keeps it · esc closes" in app.drawn()
            await press(pilot, "pagedown")
            seen += app.drawn()
        assert [number for number in range(12) if f"x{number}." not in seen.replace("\n", "")] == []


async def test_where_a_list_cannot_be_read_the_way_out_is_named() -> None:
    failing = Answering({ScanSessions: NanodeckError("the disk is gone")})
    async with screen_stage(ProposedScreen(failing)) as (app, _):
        assert "the sessions cannot be read: the disk is gone" in app.drawn()
        assert "esc closes" in app.drawn()


PROPOSED = (
    Proposed("bash(npm test *)", 12, ("npm test -x", "npm test")),
    Proposed("bash(make *)", 3, ("make all",)),
)


async def test_rules_are_proposed_from_past_sessions_ticked_and_kept() -> None:
    async with screen_stage(ProposedScreen(Answering({ScanSessions: PROPOSED}))) as (app, pilot):
        assert "[ ] bash(npm test *)" in app.drawn()
        assert "allowed 12 times: npm test -x, npm test" in app.drawn()
        await press(pilot, "p")
        assert "nothing is ticked yet" in app.drawn()
        await press(pilot, "enter", "space", "j", "space", "space")
        assert "[✔] bash(npm test *)" in app.drawn()
        assert "1 rule of 2 ticked" in app.drawn()
        await press(pilot, "u")
    assert app.results == [[Rule("allow", "bash(npm test *)", scope="user")]]


async def test_where_nothing_can_be_proposed_that_is_said() -> None:
    async with screen_stage(ProposedScreen(Answering({ScanSessions: ()}))) as (app, pilot):
        assert "Nothing to propose" in app.drawn()
        await press(pilot, "space", "p", "enter")
        assert app.results == []
        await press(pilot, "escape")
    assert app.results == [[]]
