"""Styled text in rows of cells: wrapping by words, and by character where words do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style

Piece = tuple[str, Style]


class Row(NamedTuple):
    """A drawn row. `text` is what find and copy see, beginning `indent` cells into the row; `glue`
    stands between it and the row above in copied text.
    """

    segments: tuple[Segment, ...] = ()
    text: str = ""
    indent: int = 0
    glue: str = "\n"

    @property
    def cells(self) -> int:
        """Cells the row takes."""
        return sum(cell_len(segment.text) for segment in self.segments)


BLANK = Row()


class Break(NamedTuple):
    """Characters `start` up to `end` stand in one row, `glue` was left out before them."""

    start: int
    end: int
    glue: str


def breaks(text: str, width: int, *, words: bool = True) -> list[Break]:
    """Where `text`, which has no line feeds, is cut into rows of at most `width` cells."""
    width = max(1, width)
    if text.isascii():
        return _ascii_breaks(text, width, words)
    if cell_len(text) <= width:
        return [Break(0, len(text), "")]
    return _wide_breaks(text, width, words)


def _ascii_breaks(text: str, width: int, words: bool) -> list[Break]:
    found: list[Break] = []
    start, glue = 0, ""
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1) if words else -1
        if end <= start or not text[start:end].strip():
            found.append(Break(start, start + width, glue))
            start, glue = start + width, ""
            continue
        following = end
        while following < len(text) and text[following] == " ":
            following += 1
        found.append(Break(start, end, glue))
        start, glue = following, text[end:following]
    if start < len(text) or not found:
        found.append(Break(start, len(text), glue))
    return found


def _wide_breaks(text: str, width: int, words: bool) -> list[Break]:
    """As `_ascii_breaks`, for text with wide or joined characters; wide ones may be parted anywhere."""
    spans = split_graphemes(text)[0]
    found: list[Break] = []
    first, glue = 0, ""
    while first < len(spans):
        last, cut = _row_of(text, spans, first, width, words)
        if last == len(spans):
            found.append(Break(spans[first][0], len(text), glue))
            break
        start, stop = spans[first][0], spans[cut][0]
        end = start + len(text[start:stop].rstrip(" ")) if words else stop
        if end == start:
            cut, end = last, spans[last][0]
        following = cut
        while words and following < len(spans) and text[spans[following][0]] == " ":
            following += 1
        found.append(Break(start, end, glue))
        glue = text[end : spans[following][0]] if following < len(spans) else ""
        first = following
    return found


def _row_of(
    text: str, spans: Sequence[tuple[int, int, int]], first: int, width: int, words: bool
) -> tuple[int, int]:
    """The first grapheme that does not fit into the row any more, and where to cut before it."""
    used, last, cut = 0, first, first
    while last < len(spans) and (used + spans[last][2] <= width or last == first):
        used += spans[last][2]
        last += 1
        beside_wide = spans[last - 1][2] == 2 or (last < len(spans) and spans[last][2] == 2)
        if words and (beside_wide or text[spans[last - 1][0]] == " "):
            cut = last
    if cut == first or (words and last < len(spans) and text[spans[last][0]] == " "):
        cut = last
    return last, cut


def sliced(pieces: Iterable[Piece], cuts: Sequence[Break]) -> Iterator[list[Segment]]:
    """The segments of each cut out of the text that `pieces` make."""
    parts: list[tuple[int, str, Style]] = []
    at = 0
    for text, style in pieces:
        if text:
            parts.append((at, text, style))
            at += len(text)
    index = 0
    for start, end, _ in cuts:
        row: list[Segment] = []
        while index < len(parts):
            begin, text, style = parts[index]
            shown = text[max(0, start - begin) : end - begin] if begin < end else ""
            if shown:
                row.append(Segment(shown, style))
            if begin + len(text) > end:
                break
            index += 1
        yield row


def plain(pieces: Iterable[Piece]) -> str:
    """The text that `pieces` make."""
    return "".join(text for text, _ in pieces)
