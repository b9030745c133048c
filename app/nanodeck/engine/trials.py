"""What would happen to a command, without a session: the judge and the order of decision."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.core.permissions import CallFacts, decide
from nanodeck.shell.judge import judge


class CommandTrials:
    """Decides on commands as a session in `folder` would that has just begun."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def why(self, command: str, mode: Mode) -> Why:
        """The verdict on `command` in `mode`, and who decided."""
        said = judge(command, self._folder, self._folder)
        if said.verdict == "deny":
            return Why("deny", said.reason, said.rule, part=said.part)
        decided = decide(mode, CallFacts("bash", "execute", command), frozenset())
        if decided.rule != "effect.execute":
            return decided
        return Why(said.verdict, said.reason, said.rule, part=said.part)
