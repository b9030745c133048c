"""The level is what was seen to work, never what is installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nanodeck.shell.sandbox import bubblewrap
from nanodeck.shell.sandbox.probe import probe

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder that bubblewrap is looked for in."""
    made = tmp_path / "programs"
    made.mkdir()
    monkeypatch.setattr(bubblewrap, "FOLDERS", (str(made),))
    return made


def put(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_bubblewrap_the_cure_is_to_install_it(tmp_path: Path, programs: Path) -> None:
    state = probe(tmp_path / "cache")
    assert state.level < 2
    assert "not installed" in state.reason
    assert "install the package bubblewrap" in state.cure


def test_a_bubblewrap_that_does_not_work_is_not_believed(tmp_path: Path, programs: Path) -> None:
    put(programs / "bwrap", 'echo "bwrap: No permissions to create new namespace" >&2; exit 1')
    state = probe(tmp_path / "cache")
    assert state.level < 2
    assert "No permissions to create new namespace" in state.reason
    assert state.cure


def test_a_bubblewrap_that_confines_nothing_is_not_believed(tmp_path: Path, programs: Path) -> None:
    put(programs / "bwrap", '[ "$1" = --args ] || exit 0; shift 3; exec "$@"')
    state = probe(tmp_path / "cache")
    assert state.level < 2
    assert "wrote outside" in state.reason


def test_what_was_found_is_kept_until_something_changes(tmp_path: Path, programs: Path) -> None:
    put(programs / "bwrap", f'echo tried >> {tmp_path}/count; echo "bwrap: no" >&2; exit 1')
    first = probe(tmp_path / "cache")
    tried = (tmp_path / "count").read_text()
    assert probe(tmp_path / "cache") == first
    assert (tmp_path / "count").read_text() == tried
    assert probe(tmp_path / "cache", fresh=True) == first
    assert (tmp_path / "count").read_text() > tried
    put(programs / "bwrap", 'echo "bwrap: otherwise" >&2; exit 1')
    assert "otherwise" in probe(tmp_path / "cache").reason


def test_a_damaged_answer_is_found_anew(tmp_path: Path) -> None:
    first = probe(tmp_path)
    (tmp_path / "sandbox.json").write_text("{")
    assert probe(tmp_path) == first


def test_where_nothing_can_be_written_there_is_no_sandbox(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    state = probe(blocked / "cache")
    assert state.level == 0
    assert state.reason


def test_trying_leaves_nothing_behind(tmp_path: Path) -> None:
    probe(tmp_path / "cache")
    assert os.listdir(tmp_path / "cache") == ["sandbox.json"]


def test_programs_of_a_project_are_no_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bubblewrap.bubblewrap()
    put(tmp_path / "bwrap", 'exec "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert bubblewrap.bubblewrap() == before
