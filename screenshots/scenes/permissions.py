"""Rules: at a request, in their list, tested."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListRules, TryCommand, TryRule
from nanodeck.contracts.requests import CommandDetail, NetworkDetail, Request
from nanodeck.contracts.rules import CommandTrial, PartTrial, Rule, RuleTrial, Why
from nanodeck.engine.calls.describing import UNCONFINED
from screenshots.posing import FOLDER
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


def _denied() -> ev.RequestOpened:
    asked = command("make release && ls dist")
    assert isinstance(asked.request.detail, CommandDetail)
    denied = "/opt/releases/api.tar"
    detail = replace(asked.request.detail, sandbox=UNCONFINED, denied=denied)
    why = Why("ask", f"the sandbox denied {denied}: it would run again outside", "sandbox.denied")
    return ev.RequestOpened(replace(asked.request, detail=detail, why=why))


def _unreached() -> ev.RequestOpened:
    detail = NetworkDetail(
        "files.example.org", "curl -s https://files.example.org/rates.json | jq .rates", FOLDER
    )
    why = Why("ask", f"commands have no network, and one wants to reach {detail.host}", "sandbox.network")
    return ev.RequestOpened(Request("q-1", "main", "c1", detail, why, f"network({detail.host})"))


SCENES = (
    replayed("retry-outside", *said(), _denied()),
    replayed("network", *said(), _unreached()),
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
