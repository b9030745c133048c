"""What a command is confined by, as those see it who start one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from nanodeck.shell.sandbox.confinement import Launch

Confine = Callable[[Sequence[str], Path, Mapping[str, str]], Launch]
"""Says how a program with these variables is started in a folder so that it is confined; it may block."""


class Ended(Struct, frozen=True):
    """How a command ended that was started in `folder`: what it printed, and what came by its report pipe.

    The exit code is None after a timeout or a stop.
    """

    folder: Path
    output: str
    exit_code: int | None
    report: bytes = b""


class Denied(Struct, frozen=True):
    """What walls kept a command from: a path, or a `host` that could be let through.

    `asks`: it is worth asking whether the command may run again without them.
    """

    what: str
    host: bool = False
    asks: bool = True


class Walls(Protocol):
    """What confines one command."""

    async def confine(self) -> Confine | None:
        """What it is started within, None for nothing. Raises ToolError where it must not start."""
        ...

    async def ended(self, ended: Ended) -> Denied | None:
        """What was denied to the command, None for nothing. To be called after every end.

        Raises ToolError where the walls themselves kept it from being started.
        """
        ...


class Open:
    """No walls: a command can do all that the person can."""

    async def confine(self) -> Confine | None:
        """Nothing."""
        return None

    async def ended(self, ended: Ended) -> Denied | None:
        """Nothing."""
        return None


OPEN = Open()
