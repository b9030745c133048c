"""What the person said: nothing of it is lost, and a long text is folded until it is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.views import SaidEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.margins import Margin
from nanodeck_widgets.chat.prompted import said_rows
from nanodeck_widgets.chat.wrap import Piece, Row, plain
from tests.widgets.chat_stage import all_rows, copied, drawer, drawn
from tests.widgets.test_chat_rows import TEXTS

PASTE = "\n".join(f"line number {number}" for number in range(5_000))


def prompt(text: str, kind: str = "prompt") -> SaidEntry:
    return SaidEntry("s", text, kind)  # type: ignore[arg-type]  # one of its words


def test_a_long_text_is_folded_to_how_it_begins() -> None:
    rows = [drawn(row) for row in all_rows(said_rows(prompt(PASTE, "steer"), drawer(), unfolded=False))]
    assert rows[0].split() == ["❯", "line", "number", "0", "steered"]
    assert rows[9:] == ["  line number 9", "  … 4,990 more lines (ctrl+o)"]


def test_unfolded_every_line_of_it_is_there() -> None:
    assert copied(all_rows(said_rows(prompt(PASTE), drawer(), unfolded=True))) == PASTE


def test_only_the_lines_that_are_looked_at_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    wrapped = BlockDrawer.wrapped

    def counting(drawer: BlockDrawer, pieces: list[Piece], margins: list[Margin]) -> list[Row]:
        seen.append(plain(pieces))
        return wrapped(drawer, pieces, margins)

    monkeypatch.setattr(BlockDrawer, "wrapped", counting)
    rows = said_rows(prompt(PASTE), drawer(), unfolded=True)
    assert rows[4_999].text == "line number 4999"
    assert seen == ["line number 4999"]


def test_one_line_without_an_end_is_folded_too() -> None:
    rows = [drawn(row) for row in all_rows(said_rows(prompt("word " * 400_000), drawer(), unfolded=False))]
    assert len(rows) == 11
    assert rows[-1].endswith("more characters (ctrl+o)")


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(8, 40))
@settings(max_examples=100)
def test_a_text_that_is_unfolded_is_copied_as_it_was_said(lines: list[str], width: int) -> None:
    text = "\n".join(line.rstrip() for line in lines).rstrip("\n") or "x"
    assert copied(all_rows(said_rows(prompt(text), drawer(width), unfolded=True))) == text
