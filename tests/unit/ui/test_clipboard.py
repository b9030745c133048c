"""Copying where tmux stands between the deck and the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.ui.clipboard import copy_in_tmux


def tmux(folder: Path, monkeypatch: pytest.MonkeyPatch, refuses: str = "never") -> Path:
    """A `tmux` that keeps what it is given in the file it answers with; it knows no option `refuses`."""
    kept = folder / "kept"
    program = folder / "tmux"
    program.write_text(f'#!/bin/sh\n[ "$2" = "{refuses}" ] && exit 1\necho "$@" > {kept}; cat >> {kept}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return kept


def test_tmux_gets_the_text_and_passes_it_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmux(tmp_path, monkeypatch)
    assert copy_in_tmux("日本 [b]x[/b]\n")
    assert kept.read_text() == "load-buffer -w -\n日本 [b]x[/b]\n"


def test_an_old_tmux_keeps_it_at_least(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmux(tmp_path, monkeypatch, refuses="-w")
    assert copy_in_tmux("x")
    assert kept.read_text() == "load-buffer -\nx"


def test_without_tmux_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not copy_in_tmux("x")
