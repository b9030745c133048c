"""What would happen to a command, without a session: the rules in settings files, the judge, the modes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.core.permissions import Ground, decide
from nanodeck.core.rules import RuleSet
from nanodeck.engine.calls import confining
from nanodeck.engine.calls.facts import command_facts
from nanodeck.engine.permissions.rulebook import KeptRules, named
from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.places import Places
from nanodeck.store.settings import load_settings
from nanodeck.workspace.paths import Workspace


class CommandTrials:
    """Decides on commands as a session in `folder` would that has just begun."""

    def __init__(self, places: Places, folder: Path, environment: Mapping[str, str]) -> None:
        self._trust = trust = Trust(places, folder)
        loaded = load_settings(places, folder, environment, {}, trust.allows)
        kept = KeptRules(loaded.rules, {}, trust)
        self._places = places
        self._workspace = Workspace(folder, places.own, places.keys)
        self._rules = RuleSet(map(named, kept.rules), str(folder), str(Path.home()))
        self._free = loaded.settings.sandbox == "full"

    def why(self, command: str, mode: Mode) -> Why:
        """The verdict on `command` in `mode`, and who decided."""
        folder = self._workspace.root
        facts = command_facts("bash", command, self._workspace, folder)
        confined = mode is Mode.AUTO_ACCEPT and self._confined
        return decide(mode, facts, Ground(self._rules, confined=confined, trusted=self._trust.trusted))

    @cached_property
    def _confined(self) -> bool:
        return not self._free and confining.tried_here(self._places.cache).in_force > 0
