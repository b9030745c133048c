"""Rules: at a request, in their list, tested."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListRules, TryCommand, TryRule
from nanodeck.contracts.requests import CommandDetail
from nanodeck.contracts.rules import CommandTrial, PartTrial, Rule, RuleTrial, Why
from screenshots.scenes.replay import command, replayed, said
from screenshots.scenes.scene import Player

FILE, OWN = ".nanodeck/settings.toml", "/home/me/.config/nanodeck/settings.toml"
RULES = (
    Rule("allow", "bash(npm run build)"),
    Rule("allow", "bash(npm test *)", scope="project", file=FILE, line=4),
    Rule("ask", "edit(migrations/**)", scope="project", file=FILE, line=6),
    Rule("deny", "bash(git push *)", (Mode.AUTO_ACCEPT,), "user", OWN, 12),
)
COVERED = Why("allow", "this rule covers it", "bash(npm test *)", FILE, 4)
UNCOVERED = Why("ask", "no rule covers it", "effect.execute")
PARTS = (
    PartTrial(JudgedPart("npm test -x", ("npm", "test", "-x"), True), COVERED),
    PartTrial(JudgedPart("rm -rf build", ("rm", "-rf", "build"), True), UNCOVERED),
)
TRIAL = CommandTrial(replace(UNCOVERED, part="rm -rf build"), PARTS)


def _asked() -> ev.RequestOpened:
    asked = command("npm test -x && rm -rf build")
    judged = tuple(
        replace(one.part, verdict=one.why.verdict, reason=one.why.reason, rule=one.why.rule) for one in PARTS
    )
    assert isinstance(asked.request.detail, CommandDetail)
    detail = replace(asked.request.detail, judged=judged)
    return ev.RequestOpened(
        replace(asked.request, detail=detail, why=TRIAL.why, suggestion="bash(rm -rf build)")
    )


async def _always(player: Player) -> None:
    await player.press("A")
    await player.shows("rm -rf build/cache")


async def _rules(player: Player) -> None:
    await player.say("/permissions")
    await player.shows("4 rules")


async def _tested(player: Player) -> None:
    await player.say("/permissions test npm test -x && rm -rf build")
    await player.shows("parts")


SCENES = (
    replayed("approval-parts", *said(), _asked()),
    replayed(
        "approval-rule",
        *said(),
        _asked(),
        answers={TryRule: lambda query: RuleTrial(others=("rm -rf build", "rm -rf build/cache"))},
        then=_always,
    ),
    replayed("rules", answers={ListRules: lambda query: RULES}, then=_rules),
    replayed("rules-tested", answers={TryCommand: lambda query: TRIAL}, then=_tested),
)
