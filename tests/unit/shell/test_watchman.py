"""The watchman: gone with the last command of an orderly end, quiet where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.shell.session import ShellSession
from nanodeck.shell.watchman import Watchman
from tests.unit.shell.processes import until


def watching() -> set[str]:
    """The watchmen of this machine."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"nanodeck-watchman" in words:
            found.add(words[-2].decode())
    return found


async def test_it_comes_with_the_first_command_and_goes_with_the_session(tmp_path: Path) -> None:
    shell = ShellSession(tmp_path)
    mark = (await shell.run("echo $NANODECK_SESSION", seconds=30, emit=lambda text: None)).output.strip()
    watched = f"NANODECK_SESSION={mark}"
    await until(lambda: watched in watching())
    await shell.close()
    assert watched not in watching()


async def test_a_session_without_commands_has_none(tmp_path: Path) -> None:
    shell = ShellSession(tmp_path)
    await shell.close()


def test_a_machine_without_a_shell_of_that_name_goes_unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("subprocess.Popen", refused)
    watchman = Watchman("MARK=1")
    watchman.begin()
    watchman.end()
