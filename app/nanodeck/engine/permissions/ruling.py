"""What rules would do before they hold, and which ones past answers speak for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import TryCommand, TryRule
from nanodeck.contracts.requests import CommandDetail
from nanodeck.contracts.rules import CommandTrial, PartTrial, Proposed, Rule, RuleTrial
from nanodeck.core.permissions import CallFacts, Ground, decide, uncovered
from nanodeck.core.rules import RuleSet, parse_rule
from nanodeck.core.suggesting import among_them, runs_anything, suggest
from nanodeck.engine.calls.facts import command_facts, decided_parts
from nanodeck.engine.permissions.rulebook import named
from nanodeck.engine.session import Session
from nanodeck.store.asked import asked_commands
from nanodeck.workspace.paths import Workspace

_COMMANDS = 500
_OTHERS = 20
_EXAMPLES = 3
_OFTEN = 2


class _Seen(Struct, frozen=True):
    """A command that asked in this folder, and how often it was allowed."""

    command: str
    facts: CallFacts
    allowed: int


class Ruling:
    """Answers questions about rules for one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: list[_Seen] | None = None

    async def try_rule(self, query: TryRule) -> RuleTrial:
        """What the rules of `query`, one a line, would do."""
        session = self._session
        try:
            more = tuple(named(Rule("allow", text)) for text in query.rule.splitlines() if text.strip())
            if not more:
                return RuleTrial(problem="a rule is a tool, or tool(what it is used on)")
            now, then = session.rules.ruleset, session.rules.with_rules(*more)
        except SettingsError as error:
            return RuleTrial(problem=error.message)
        request = session.requests.find(query.request)
        detail = request.detail if request else None
        about = detail if isinstance(detail, CommandDetail) else None
        seen = await self._commands()
        mode = session.state.mode
        others = [
            one.command
            for one in seen
            if (about is None or one.command != about.command)
            and _covered(then, mode, one.facts)
            and not _covered(now, mode, one.facts)
        ]
        return RuleTrial(
            caution=_caution(more),
            left=await asyncio.to_thread(_left, session, about, then) if about else (),
            others=tuple(others[:_OTHERS]),
        )

    async def try_command(self, query: TryCommand) -> CommandTrial:
        """What would be decided on a command, and on its parts."""
        session = self._session
        mode = query.mode or session.state.mode
        confined = mode is Mode.AUTO_ACCEPT and (await session.confining.state()).in_force > 0
        rules = session.rules.ruleset
        facts = await asyncio.to_thread(
            command_facts, "bash", query.command, session.workspace, session.shell.folder
        )
        parts = tuple(PartTrial(part, why) for part, why in decided_parts(facts, mode, rules))
        ground = Ground(rules, confined=confined, trusted=session.setup.runs_what_lies_here)
        return CommandTrial(decide(mode, facts, ground), parts)

    async def scan(self) -> tuple[Proposed, ...]:
        """Allow rules for what still asks and was allowed often."""
        self._seen = None
        seen = await self._commands()
        rules, times, examples = self._session.rules.ruleset, Counter[str](), dict[str, list[str]]()
        for one in seen:
            if not one.allowed or _covered(rules, Mode.NORMAL, one.facts):
                continue
            for rule in suggest(one.facts.pieces).splitlines():
                times[rule] += one.allowed
                examples.setdefault(rule, []).append(one.command)
        return tuple(
            Proposed(rule, count, tuple(examples[rule][:_EXAMPLES]))
            for rule, count in times.most_common()
            if count >= _OFTEN
        )

    async def _commands(self) -> list[_Seen]:
        """The commands that asked in this folder, each once; read when it is asked for first."""
        if self._seen is None:
            self._seen = await asyncio.to_thread(_read, self._session)
        return self._seen


def _read(session: Session) -> list[_Seen]:
    setup = session.setup
    asked = asked_commands(setup.places, str(setup.folder))
    allowed = Counter((one.command, one.folder) for one in asked if one.allowed)
    distinct = list(dict.fromkeys((one.command, one.folder) for one in asked))[:_COMMANDS]
    return [
        _Seen(command, _facts(setup.workspace, command, folder), allowed[command, folder])
        for command, folder in distinct
    ]


def _facts(workspace: Workspace, command: str, folder: str) -> CallFacts:
    return command_facts("bash", command, workspace, Path(folder))


def _covered(rules: RuleSet, mode: Mode, facts: CallFacts) -> bool:
    judgement = facts.judgement
    if judgement is None or judgement.verdict != "ask":
        return judgement is not None and judgement.verdict == "allow"
    return rules.allowing(mode, facts.tool, facts.effect, facts.pieces) is not None


def _left(session: Session, about: CommandDetail, rules: RuleSet) -> tuple[str, ...]:
    """The parts of the command that asks which nothing would cover."""
    facts = _facts(session.workspace, about.command, about.folder)
    return tuple(piece.text for piece in uncovered(session.state.mode, facts, rules))


def _caution(rules: Sequence[Rule]) -> str:
    """What one may not expect of the widest of `rules`."""
    for rule in rules:
        pattern = parse_rule(rule.text)
        if pattern.tool == "bash" and not pattern.target:
            return "every command runs unasked, but for those that nobody may run"
        if pattern.tool == "bash" and pattern.open_ended and runs_anything(pattern.argv):
            return f"{' '.join(pattern.argv)} runs other programs: this lets it run any"
        if pattern.tool == "bash" and len(pattern.argv) == 1 and (found := among_them(pattern.argv[0])):
            return f"{found} is among them and runs other programs: this lets it run any"
    return ""
