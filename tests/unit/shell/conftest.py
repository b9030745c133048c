"""Fixtures of the shell's tests: a session that leaves nothing running, and walls around its commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import OPEN, Walls
from tests.unit.shell.sandbox.confining import Within, working


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[ShellSession]:
    """A session in an empty folder, closed at the end."""
    folder = tmp_path / "work"
    folder.mkdir()
    session = ShellSession(folder.resolve(), outputs=tmp_path / "outputs")
    yield session
    await session.close()


@pytest.fixture(params=[0, 1, 2], ids=["open", "landlock", "bubblewrap"])
def walls(request: pytest.FixtureRequest, shell: ShellSession, tmp_path: Path) -> Walls:
    """Walls of every level that this machine has, around the session's folder."""
    level: Level = request.param
    return OPEN if level == 0 else _within(shell, tmp_path, level)


@pytest.fixture
def bubblewrap(shell: ShellSession, tmp_path: Path) -> Walls:
    """Walls of level 2, which has to work here."""
    return _within(shell, tmp_path, 2)


def _within(shell: ShellSession, folder: Path, level: Level) -> Walls:
    (folder / "temp").mkdir()
    confinement = Confinement(shell.folder, folder / "temp")
    working(confinement, level)
    return Within(confinement, level)
