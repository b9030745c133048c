"""What a command is confined by, as those see it who start one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from nanodeck.shell.sandbox.confinement import Launch

Confine = Callable[[Sequence[str], Path, Mapping[str, str]], Launch]
"""Says how a program with these variables is started in a folder so that it is confined; it may block."""


class Walls(Protocol):
    """What confines one command."""

    async def confine(self) -> Confine | None:
        """What it is started within, None for nothing. Raises ToolError where it must not start."""
        ...

    async def ended(self, output: str, exit_code: int | None) -> str:
        """What was denied to the command that printed `output`; empty for nothing. Called after every end."""
        ...


class Open:
    """No walls: a command can do all that the person can."""

    async def confine(self) -> Confine | None:
        """Nothing."""
        return None

    async def ended(self, output: str, exit_code: int | None) -> str:
        """Nothing."""
        return ""


OPEN = Open()
