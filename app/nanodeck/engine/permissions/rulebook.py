"""The rules that hold in a session: its own, the project's and the person's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError, SettingsError
from nanodeck.contracts.events import Event, RuleAdded, RuleDeleted
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule, Scope
from nanodeck.core.dialects import written_here
from nanodeck.core.rules import SUBJECTS, Piece, RuleSet, parse_rule
from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.rules import add_rule, delete_rule, rules_in
from nanodeck.tools.registry import find_tool

_GROUPS = ("read", "edit")


class KeptRules:
    """The rules of settings files, shared by the sessions of a folder; `files` is where new ones go."""

    def __init__(self, rules: Iterable[Rule], files: Mapping[Scope, Path], trust: Trust) -> None:
        self._files = files
        self._trust = trust
        self.rules: tuple[Rule, ...] = ()
        self.problems: list[str] = []
        for rule in rules:
            try:
                named(rule)
                self.rules += (rule,)
            except SettingsError as error:
                self.problems.append(f"{rule.origin}: {error.message}")

    @property
    def disabled(self) -> frozenset[str]:
        """Tools that nobody may use at all."""
        denied = (rule for rule in self.rules if rule.verdict == "deny" and not rule.modes)
        return frozenset(named(rule).text for rule in denied)

    def forsake_project(self) -> None:
        """The project is not trusted any more: its rules hold no longer."""
        self.rules = tuple(rule for rule in self.rules if rule.scope != "project")

    def add(self, rule: Rule) -> Rule:
        """Write `rule` down; answers it with its place. Raises SettingsError and OSError."""
        path = self._files[rule.scope]
        if not self._trust.takes(path):
            raise SettingsError(f"the rule is not kept: {path} is not trusted", "/trust asks")
        kept = add_rule(path, rule)
        self._trust.rewritten(path)
        self._follow(Path(kept.file), kept.scope, (*self.rules, kept))
        return kept

    def delete(self, rule: Rule) -> None:
        """Strike `rule` out. Raises SettingsError and OSError."""
        path = Path(rule.file)
        if path not in {Path(known.file) for known in self.rules}:
            raise SettingsError(f"{rule.text} is no rule of {rule.file}")
        delete_rule(path, rule)
        self._trust.rewritten(path)
        self._follow(path, rule.scope, [known for known in self.rules if known != rule])

    def _follow(self, path: Path, scope: Scope, known: Sequence[Rule]) -> None:
        """Take over the lines that rules of a file have by now, of those that are `known`."""
        there = {_without_line(rule): rule for rule in rules_in(path, scope)}
        followed = (there.get(_without_line(rule)) if rule.file == str(path) else rule for rule in known)
        self.rules = tuple(dict.fromkeys(rule for rule in followed if rule))


class RuleBook:
    """What holds in one session; `own` are the session's rules as of now."""

    def __init__(
        self,
        kept: KeptRules,
        root: Path,
        own: Callable[[], tuple[Rule, ...]],
        publish: Callable[[Event], None],
    ) -> None:
        self._kept = kept
        self._root = root
        self._own = own
        self._publish = publish
        self._made: tuple[tuple[Rule, ...], RuleSet] | None = None
        self._changing = asyncio.Lock()
        self._tell: Callable[[Path], Awaitable[None]] | None = None

    def tell(self, wrote: Callable[[Path], Awaitable[None]]) -> None:
        """Have `wrote` know each file that a rule is written to or struck out of."""
        self._tell = wrote

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All that hold, the nearest first."""
        return (*self._own(), *self._kept.rules)

    @property
    def ruleset(self) -> RuleSet:
        """The same, ready to be asked."""
        rules = self.rules
        if self._made is None or self._made[0] != rules:
            self._made = rules, self.with_rules()
        return self._made[1]

    def with_rules(self, *more: Rule) -> RuleSet:
        """What would hold if there were `more`. Raises SettingsError."""
        return RuleSet(map(named, (*more, *self.rules)), str(self._root), str(Path.home()))

    def bars(self, mode: Mode, path: Path) -> bool:
        """Whether a rule keeps the file at `path`, which has no link left, from being read unasked."""
        about = mode, "grep", "read", (Piece(str(path), paths=(str(path),)),)
        return bool(self.ruleset.touching("deny", *about) or self.ruleset.touching("ask", *about))

    async def settled(self) -> tuple[Rule, ...]:
        """All that hold once what changes them has ended."""
        async with self._changing:
            return self.rules

    async def add(self, rule: Rule) -> None:
        """Make `rule` hold. Raises NanodeckError."""
        async with self._changing:
            made = named(replace(rule, file="", line=0))
            if made.scope != "session":
                try:
                    made = await asyncio.to_thread(self._kept.add, made)
                except OSError as error:
                    raise NanodeckError(f"the rule cannot be kept: {error.strerror}") from None
                await self._told(made)
            self._publish(RuleAdded(made))

    async def delete(self, rule: Rule) -> None:
        """Make `rule` hold no longer. Raises NanodeckError."""
        async with self._changing:
            if rule not in self.rules:
                raise NanodeckError(f"there is no such rule any more: {rule.text}")
            if rule.scope != "session":
                try:
                    await asyncio.to_thread(self._kept.delete, rule)
                except OSError as error:
                    raise NanodeckError(f"the rule cannot be deleted: {error.strerror}") from None
                await self._told(rule)
            self._publish(RuleDeleted(rule))

    async def _told(self, kept: Rule) -> None:
        if self._tell:
            await self._tell(Path(kept.file))


def named(rule: Rule) -> Rule:
    """`rule` under our name of its tool. Raises SettingsError where it says nothing."""
    pattern = parse_rule(rule.text)
    if pattern.tool in SUBJECTS or pattern.tool in _GROUPS:
        return rule
    tool = find_tool(pattern.tool)
    if tool is None or pattern.tool.lower() in tool.implied:
        # A name that stands for one use of a tool says less than the tool.
        here = written_here(rule.text)
        raise SettingsError(f"{rule.text!r}: there is no tool {pattern.tool}{here and f'; write {here}'}")
    text = f"{tool.name}({pattern.target})" if pattern.target else tool.name
    parse_rule(text)
    return replace(rule, text=text)


def _without_line(rule: Rule) -> Rule:
    return replace(rule, line=0)
