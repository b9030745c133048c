"""The painter: what is on the screen is not written again, and no width shifts what comes after."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as some
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from nanodeck.ui.painting import Painter

CONSOLE = Console(force_terminal=True, color_system="truecolor")
WIDTH = 12
PARTS = ["ab", "│", "漢", "é", "e\u0301", "👩\u200d💻", "❤\ufe0f", "⚠", "ש", "1\ufe0f\u20e3", " "]
CODES = re.compile(r"\x1b\[(?:(\d+);(\d+)H|(\d+)G|[\d;]*m)|(.)", re.DOTALL)


class Cells:
    """A terminal that gives characters `width_of` cells."""

    def __init__(self, width_of: Callable[[str], int] = cell_len) -> None:
        self._width_of = width_of
        self._y = self._x = 0
        self._shown: dict[tuple[int, int], str] = {}

    def feed(self, data: str) -> None:
        """Draw `data`."""
        for found in CODES.finditer(data):
            if found[1]:
                self._y, self._x = int(found[1]) - 1, int(found[2]) - 1
            elif found[3]:
                self._x = int(found[3]) - 1
            elif found[4]:
                self._shown[(self._y, self._x)] = found[4]
                self._x += self._width_of(found[4])

    def at(self, y: int, x: int) -> str:
        """What begins in a cell."""
        return self._shown.get((y, x), "")


def row(text: str, style: str = "") -> Strip:
    return Strip([Segment(text + " " * (WIDTH - cell_len(text)), Style.parse(style))], WIDTH)


def whole(*texts: str) -> LayoutUpdate:
    return LayoutUpdate([[row(text)] for text in texts], Region(0, 0, WIDTH, len(texts)))


def fitting(parts: list[str]) -> str:
    text = ""
    for part in parts:
        if cell_len(text + part) <= WIDTH:
            text += part
    return text


texts = some.lists(some.sampled_from(PARTS), max_size=8).map(fitting)


def test_what_is_on_the_screen_is_not_written_again() -> None:
    painter = Painter()
    assert "two" in painter.write(whole("one", "two"), CONSOLE)
    assert painter.write(whole("one", "two"), CONSOLE) == ""
    changed = painter.write(whole("one", "TWO"), CONSOLE)
    assert "TWO" in changed
    assert "one" not in changed


def test_only_the_pieces_of_a_row_that_differ_are_written() -> None:
    painter = Painter()
    left, right = Strip([Segment("left  ")], 6), Strip([Segment("right ")], 6)
    painter.write(LayoutUpdate([[left, right]], Region(0, 0, 12, 1)), CONSOLE)
    update = ChopsUpdate([{0: left, 6: Strip([Segment("RIGHT ")], 6)}], [(0, 0, 12)], [[6, 12]])
    assert painter.write(update, CONSOLE) == "\x1b[1;7HRIGHT "


def test_a_change_of_style_alone_is_written() -> None:
    painter = Painter()
    painter.write(whole("same"), CONSOLE)
    bold = LayoutUpdate([[row("same", "bold")]], Region(0, 0, WIDTH, 1))
    assert "same" in painter.write(bold, CONSOLE)


def test_where_pieces_are_parted_anew_nothing_old_stays() -> None:
    painter, cells = Painter(), Cells()
    cells.feed(painter.write(whole("abcdefghijkl"), CONSOLE))
    parted = ChopsUpdate([{3: Strip([Segment("XYZ")], 3)}], [(0, 3, 6)], [[6]])
    cells.feed(painter.write(parted, CONSOLE))
    cells.feed(painter.write(whole("abcdefghijkl"), CONSOLE))
    assert "".join(cells.at(0, x) for x in range(WIDTH)) == "abcdefghijkl"


@pytest.mark.parametrize("forget", [True, False])
def test_another_size_or_a_lost_screen_is_drawn_whole(forget: bool) -> None:
    painter = Painter()
    painter.write(whole("one", "two"), CONSOLE)
    if forget:
        painter.forget()
        assert "one" in painter.write(whole("one", "two"), CONSOLE)
    else:
        assert "one" in painter.write(whole("one", "two", "three"), CONSOLE)


@given(frames=some.lists(some.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_after_any_frames_the_screen_shows_the_last_one(frames: list[list[str]]) -> None:
    painter, cells, fresh = Painter(), Cells(), Cells()
    for frame in frames:
        cells.feed(painter.write(whole(*frame), CONSOLE))
    fresh.feed(Painter().write(whole(*frames[-1]), CONSOLE))
    for y in range(3):
        for x in range(WIDTH):
            if shown := fresh.at(y, x):
                assert cells.at(y, x) == shown


@given(text=texts, odd=some.sampled_from([0, 1, 2, 3]))
def test_characters_of_any_width_do_not_shift_what_comes_after(text: str, odd: int) -> None:
    """A terminal may give every character but the plain ones another width than we think."""

    def width_of(character: str) -> int:
        return cell_len(character) if character in "ab│漢é .|" else odd

    cells = Cells(width_of)
    strip = Strip([Segment("|"), Segment(text), Segment(" " * (WIDTH - cell_len(text)) + "|")], WIDTH + 2)
    cells.feed(Painter().write(LayoutUpdate([[strip]], Region(0, 0, WIDTH + 2, 1)), CONSOLE))
    assert cells.at(0, 0) == "|"
    assert cells.at(0, WIDTH + 1) == "|"
    for index, character in enumerate(text):
        if character in "b漢é":
            assert cells.at(0, 1 + cell_len(text[:index])) == character
