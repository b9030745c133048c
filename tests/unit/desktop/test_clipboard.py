"""Copying where the terminal alone does not reach: into tmux, into the desktop's clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.desktop.clipboard import clipboards, fill

TMUX = {"TMUX": "/tmp/tmux,1,0"}


def program(folder: Path, name: str, refuses: str = "never") -> Path:
    """A program that keeps what it is given in the file it answers with; it knows no option `refuses`."""
    kept = folder / f"{name}.kept"
    path = folder / name
    keep = f'(echo "$@"; cat) > {kept}.new && mv {kept}.new {kept}'
    path.write_text(f'#!/bin/sh\n[ "$2" = "{refuses}" ] && exit 1\n{keep}\n')
    path.chmod(0o755)
    return kept


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is looked through first for programs."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def test_tmux_gets_the_text_and_passes_it_on(programs: Path) -> None:
    kept = program(programs, "tmux")
    assert fill(clipboards(TMUX, "linux"), "日本 [b]x[/b]\n") == 1
    assert kept.read_text() == "load-buffer -w -\n日本 [b]x[/b]\n"


def test_an_old_tmux_keeps_it_at_least(programs: Path) -> None:
    kept = program(programs, "tmux", refuses="-w")
    assert fill(clipboards(TMUX, "linux"), "x") == 1
    assert kept.read_text() == "load-buffer -\nx"


def test_the_desktop_gets_it_from_the_first_program_that_can(programs: Path) -> None:
    program(programs, "wl-copy", refuses="")
    kept = program(programs, "xclip")
    assert fill(clipboards({"WAYLAND_DISPLAY": "wayland-0"}, "linux"), "日本") == 1
    assert kept.read_text() == "-selection clipboard -in\n日本"


def test_windows_gets_text_that_it_knows_how_to_read(programs: Path) -> None:
    kept = program(programs, "clip.exe")
    assert fill(clipboards({"WSL_DISTRO_NAME": "Ubuntu"}, "linux"), "日本") == 1
    assert kept.read_bytes() == b"\n" + "日本".encode("utf-16")


def test_over_ssh_the_desktop_of_the_other_machine_is_left_alone() -> None:
    there = {"SSH_CONNECTION": "1 2 3 4", "DISPLAY": "localhost:10.0"}
    assert clipboards(there, "linux") == []
    assert clipboards({**there, **TMUX}, "linux") == clipboards(TMUX, "linux")
    assert clipboards({"SSH_TTY": "/dev/pts/1"}, "darwin") == []
    assert clipboards({}, "darwin") == [(("pbcopy",),)]
    assert clipboards({}, "linux") == []


def test_without_any_of_the_programs_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fill(clipboards({**TMUX, "DISPLAY": ":0"}, "linux"), "x") == 0
