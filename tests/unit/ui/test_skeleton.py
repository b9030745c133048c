"""The first picture."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nanodeck.ui.skeleton import GROUND, TOO_SMALL, draw, shown_folder


@settings(deadline=None, max_examples=100)
@given(st.integers(60, 300), st.integers(20, 100))
def test_it_fills_the_terminal_exactly(columns: int, rows: int) -> None:
    lines = draw(columns, rows, "/some/where").removeprefix(GROUND).split("\r\n")
    assert len(lines) == rows
    assert all(cell_len(line) == columns for line in lines)


@pytest.mark.parametrize("size", [(59, 40), (200, 19), (1, 1)])
def test_a_terminal_that_is_too_small_is_told_so(size: tuple[int, int]) -> None:
    assert draw(*size, "/x").removeprefix(GROUND).startswith(TOO_SMALL[: size[0]])


def test_the_home_folder_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert shown_folder("/home/me/src") == "~/src"
    assert shown_folder("/home/me") == "~"
    assert shown_folder("/home/meow") == "/home/meow"


def test_start_and_terminal_load_nothing_of_textual() -> None:
    loaded = "[name for name in sys.modules if name.split('.')[0] in ('textual', 'rich')]"
    code = f"import sys, nanodeck.ui.start; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
