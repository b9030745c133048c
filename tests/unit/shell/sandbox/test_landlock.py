"""What Landlock and a filter of calls keep a command from where there is no bubblewrap."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement, Limits
from tests.unit.shell.sandbox.confining import PLAIN, run, working


@pytest.fixture
def confinement(place: Confinement) -> Confinement:
    working(place, 1)
    return place


@pytest.fixture
def outside() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nanodeck-outside-") as folder:
        yield Path(folder)


def test_the_workspace_and_the_temporary_folder_are_written(confinement: Confinement, outside: Path) -> None:
    (outside / "kept").write_text("kept")
    done = run(f"echo a > a; echo b > $TMPDIR/b; echo c > {outside}/c; rm {outside}/kept", confinement, 1)
    assert (confinement.root / "a").read_text() == "a\n"
    assert (confinement.temp / "b").read_text() == "b\n"
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert "Permission denied" in done.stderr


def test_reading_writes_nothing_but_the_temporary_folder(confinement: Confinement) -> None:
    reading = replace(confinement, access="read-only")
    assert run("echo a > a", reading, 1).returncode != 0
    assert run("echo b > $TMPDIR/b && cat /dev/null > /dev/null", reading, 1).returncode == 0


def test_no_socket_is_made_without_network(confinement: Confinement) -> None:
    assert "not permitted" in run(": > /dev/tcp/127.0.0.1/9", confinement, 1, shell="bash").stderr
    networked = replace(confinement, network=True)
    assert "not permitted" not in run(": > /dev/tcp/127.0.0.1/9", networked, 1, shell="bash").stderr


def test_variables_reach_the_command_and_nothing_before_it(confinement: Confinement) -> None:
    (confinement.root / "lib").mkdir()
    (confinement.root / "lib/libc.so.6").write_text("no library")
    given = {**PLAIN, "LD_LIBRARY_PATH": str(confinement.root / "lib"), "A_TOKEN": "t"}
    assert run("env", confinement, 1, given).stderr.startswith("/bin/sh: ")
    shown = run("env", confinement, 1, {**PLAIN, "NODE_ENV": "a\nb=c", "A_TOKEN": "t"}).stdout
    assert "NODE_ENV=a\nb=c\n" in shown
    assert "A_TOKEN" not in shown


def test_limits_hold(confinement: Confinement) -> None:
    bounded = replace(confinement, limits=Limits(file_bytes=1 << 20))
    run("head -c 2097152 /dev/zero > big", bounded, 1)
    assert (confinement.root / "big").stat().st_size == 1 << 20
