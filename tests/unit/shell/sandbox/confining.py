"""Commands started as they are confined, for tests."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.launch import confined
from nanodeck.shell.walls import Confine, Denied, Ended

PLAIN = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/nonexistent", "LC_ALL": "C"}


class Done(Struct, frozen=True):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(
    command: str,
    confinement: Confinement,
    level: Level,
    environment: Mapping[str, str] = PLAIN,
    shell: str = "sh",
) -> Done:
    """Run `command` in the workspace of `confinement`."""
    launch = confined(
        [shell, "-c", command],
        confinement,
        folder=confinement.root,
        environment=environment,
        level=level,
    )
    done = launch.run(confinement.root)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def working(confinement: Confinement, level: Level) -> None:
    """Skip the test where this machine has no such level."""
    try:
        tried = run("true", confinement, level)
    except (ToolError, OSError) as error:
        pytest.skip(f"no sandbox of level {level}: {error}")
    if tried.returncode:
        pytest.skip(f"no sandbox of level {level}: {tried.stderr}")


class Within(Struct, frozen=True):
    """Walls that hold commands at a level."""

    confinement: Confinement
    level: Level

    async def confine(self) -> Confine | None:
        return lambda argv, folder, environment: confined(
            argv, self.confinement, folder=folder, environment=environment, level=self.level
        )

    async def ended(self, ended: Ended) -> Denied | None:
        return None
