"""Pure parts of the base pane: cells and characters, spans over strips, thumb, frame lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from msgspec.structs import astuple
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES

from nanodeck_widgets.frame import cut, frame_line, thumb_for, top_for
from nanodeck_widgets.glyphs import ASCII, UNICODE, Glyphs
from nanodeck_widgets.palette import Palette, build_palette
from nanodeck_widgets.pieces import wants_ascii
from nanodeck_widgets.strips import Span, cells_before, index_at, overlaid, word_at

TEXTS = st.lists(st.sampled_from(["a", "Z", " ", "漢", "é", "👍", "─", "字"]), max_size=30).map("".join)
RED = Style(color="red")


def palette(name: str = "textual-dark") -> Palette:
    """The palette of a built-in theme."""
    theme = BUILTIN_THEMES[name]
    variables = {**theme.to_color_system().generate(), **theme.variables}
    return build_palette(variables, dark=theme.dark, ansi=theme.ansi)


@given(TEXTS, st.integers(0, 80))
@settings(max_examples=200, deadline=None)
def test_a_cell_leads_to_the_character_drawn_there(text: str, cell: int) -> None:
    index = index_at(text, cell)
    assert cells_before(text, index) <= cell
    assert index == len(text) or cells_before(text, index + 1) > cell


@given(TEXTS, st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=4))
@settings(max_examples=200, deadline=None)
def test_spans_change_styles_and_never_text_or_width(text: str, ends: list[tuple[int, int]]) -> None:
    edges = [cells_before(text, index) for index in range(len(text) + 1)]
    pairs = [sorted((edges[a % len(edges)], edges[b % len(edges)])) for a, b in ends]
    spans = [Span(start, end, RED) for start, end in pairs]
    strip = overlaid(Strip([Segment(text[:5]), Segment(text[5:], Style(bold=True))]), spans)
    assert (strip.text, strip.cell_length) == (text, cell_len(text))
    painted: set[int] = set()
    at = 0
    for segment in strip:
        width = cell_len(segment.text)
        if segment.style is not None and segment.style.color is not None:
            painted.update(range(at, at + width))
        at += width
    assert painted == {cell for start, end, _ in spans for cell in range(start, end)}


@given(st.integers(1, 100_000), st.integers(2, 60), st.data())
@settings(max_examples=200, deadline=None)
def test_the_thumb_stays_inside_and_stands_at_the_ends_with_the_view(
    count: int, height: int, data: st.DataObject
) -> None:
    hidden = count - height
    top = data.draw(st.integers(0, max(0, hidden)))
    thumb = thumb_for(count, height, top)
    if hidden <= 0:
        assert thumb.first == thumb.last == 0
        return
    assert 0 <= thumb.first < thumb.last <= height
    assert thumb_for(count, height, 0).first == 0
    assert thumb_for(count, height, hidden).last == height
    assert top_for(count, height, 0) == 0
    assert top_for(count, height, height) == hidden


@given(st.integers(1, 60), TEXTS, TEXTS, st.booleans(), st.booleans(), st.sampled_from([UNICODE, ASCII]))
@settings(max_examples=200, deadline=None)
def test_an_edge_is_exactly_as_wide_as_asked(
    width: int, left: str, right: str, top: bool, focused: bool, glyphs: Glyphs
) -> None:
    line = frame_line(width, left, right, top=top, focused=focused, palette=palette(), glyphs=glyphs)
    assert line.cell_length == cell_len(line.text) == width


@given(TEXTS, st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_cut_text_fits(text: str, width: int) -> None:
    assert cell_len(cut(text, width, "…")) <= width


@pytest.mark.parametrize(
    ("text", "index", "word"),
    [
        ("open src/a.py now", 7, "src/a.py"),
        ("a  b", 1, "  "),
        ("x == y", 3, "=="),
        ("end", 9, "end"),
        ("", 0, ""),
    ],
)
def test_the_word_at_an_index(text: str, index: int, word: str) -> None:
    start, end = word_at(text, index)
    assert text[start:end] == word


@pytest.mark.parametrize(
    ("environment", "encoding", "ascii_only"),
    [
        ({}, "utf-8", False),
        ({}, "UTF8", False),
        ({}, "latin-1", True),
        ({}, None, True),
        ({"NANODECK_ASCII": "1"}, "utf-8", True),
        ({"NANODECK_ASCII": "0"}, "utf-8", False),
        ({"TERM": "linux"}, "utf-8", True),
    ],
)
def test_the_ascii_signs_are_for_terminals_that_need_them(
    environment: dict[str, str], encoding: str | None, ascii_only: bool
) -> None:
    assert wants_ascii(environment, encoding) is ascii_only


def test_every_sign_is_one_cell_in_both_sets() -> None:
    for glyphs in (UNICODE, ASCII):
        for sign in astuple(glyphs):
            for piece in sign if isinstance(sign, tuple) else (sign,):
                assert cell_len(piece) == 1
    assert all(
        piece.isascii() for sign in astuple(ASCII) for piece in (sign if isinstance(sign, tuple) else (sign,))
    )
