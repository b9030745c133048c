"""The first picture."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from nanodeck.ui.skeleton import GROUND, TOO_SMALL, draw, shown_folder

COLOURS = "\x1b[38;2;{};{};{};48;2;{};{};{}m"


@settings(deadline=None, max_examples=100)
@given(st.integers(60, 300), st.integers(20, 100))
def test_it_fills_the_terminal_exactly(columns: int, rows: int) -> None:
    lines = draw(columns, rows, "/some/where").removeprefix(COLOURS.format(*GROUND)).split("\r\n")
    assert len(lines) == rows
    assert all(cell_len(line) == columns for line in lines)


@pytest.mark.parametrize("size", [(59, 40), (200, 19), (1, 1)])
def test_a_terminal_that_is_too_small_is_told_so(size: tuple[int, int]) -> None:
    assert draw(*size, "/x").removeprefix(COLOURS.format(*GROUND)).startswith(TOO_SMALL[: size[0]])


def test_it_has_the_colours_of_the_theme_used_last_where_they_can_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    last = (1, 2, 3, 250, 251, 252)
    assert draw(80, 24, "/x").startswith(COLOURS.format(*GROUND))
    assert draw(80, 24, "/x", last).startswith(COLOURS.format(*last))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in draw(80, 24, "/x", last)


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
