"""Pure work on rows of cells: widths, padding, spans laid over a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from nanodeck_widgets.clusters import cluster_at


class Span(NamedTuple):
    """Cells `start` up to `end` of a row, drawn in `style` over what is there."""

    start: int
    end: int
    style: Style


def cells_before(text: str, index: int) -> int:
    """Cells that the first `index` characters of `text` take."""
    return cell_len(text[:index])


def index_at(text: str, cell: int) -> int:
    """Index of the character of `text` drawn at `cell`; the length when it is beyond the end."""
    if cell <= 0:
        return 0
    if text.isascii():
        return min(cell, len(text))
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[:middle]) <= cell:
            low = middle
        else:
            high = middle - 1
    return low


def word_at(text: str, index: int) -> tuple[int, int]:
    """Start and end of the word (or run of equal kind) around `index` in `text`."""

    def kind(character: str) -> int:
        return 0 if character.isspace() else 1 if character.isalnum() or character in "_-./~" else 2

    if not text:
        return 0, 0
    index = min(index, len(text) - 1)
    wanted = kind(text[index])
    start, end = index, index + 1
    while start > 0 and kind(text[start - 1]) == wanted:
        start -= 1
    while end < len(text) and kind(text[end]) == wanted:
        end += 1
    return start, end


def over(base: Style, segments: Iterable[Segment]) -> list[Segment]:
    """`segments` with `base` under each style, so that no cell is left without a background."""
    return [Segment(text, base + style if style else base) for text, style, _ in segments if text]


def unparted(strip: Strip) -> Strip:
    """`strip` with every character in one segment, whose style is that of its beginning."""
    # What begins with an ASCII character begins a character of its own.
    if all(text[:1].isascii() for text, _, _ in strip):
        return strip
    whole: list[Segment] = []
    for text, style, control in strip:
        if whole and text:
            before = whole[-1].text
            moved = max(0, cluster_at(before + text, len(before))[1] - len(before))
            whole[-1] = Segment(before + text[:moved], whole[-1].style, whole[-1].control)
            text = text[moved:]
        if text:
            whole.append(Segment(text, style, control))
    return Strip(whole)


def fitted(strip: Strip, width: int, base: Style) -> Strip:
    """`strip` over `base`, cut or filled to exactly `width` cells."""
    strip = unparted(strip)
    segments = over(base, strip)
    length = strip.cell_length
    if length < width:
        segments.append(Segment(" " * (width - length), base))
        return Strip(segments, width)
    done = Strip(segments, length)
    return done if length == width else done.crop(0, width)


def filtered(strip: Strip, filters: Sequence[LineFilter], background: Color) -> Strip:
    """`strip` as the terminal's limits want it (no colour, no dim, ANSI mapped)."""
    for line_filter in filters:
        strip = strip.apply_filter(line_filter, background)
    return strip


def overlaid(strip: Strip, spans: Sequence[Span]) -> Strip:
    """`strip` with `spans` drawn over it, later ones on top."""
    length = strip.cell_length
    cuts = sorted({min(max(edge, 0), length) for span in spans for edge in span[:2]} - {0} | {length})
    pieces: list[Segment] = []
    start = 0
    for end, piece in zip(cuts, strip.divide(cuts), strict=False):
        laid = [span.style for span in spans if span.start <= start and end <= span.end]
        pieces.extend(Segment(text, sum(laid, under or Style.null())) for text, under, _ in piece)
        start = end
    return Strip(pieces, length)
