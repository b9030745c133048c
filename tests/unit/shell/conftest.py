"""Fixtures of the shell's tests: a session that leaves nothing running, and ways to see processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nanodeck.shell.session import ShellSession


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[ShellSession]:
    """A session in an empty folder, closed at the end."""
    folder = tmp_path / "work"
    folder.mkdir()
    session = ShellSession(folder.resolve(), outputs=tmp_path / "outputs")
    yield session
    await session.close()
