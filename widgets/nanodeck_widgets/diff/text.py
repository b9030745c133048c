"""Lines of files as cells: tabs, control characters, wrapping."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len

from nanodeck.contracts.text import show_controls
from nanodeck_widgets.clusters import fitting

TAB = 4


def displayed(text: str) -> str:
    """`text` as it is drawn: control characters made visible, tabs as blanks up to the next stop."""
    text = show_controls(text)
    if "\t" not in text:
        return text
    if text.isascii():
        return text.expandtabs(TAB)
    pieces: list[str] = []
    column = 0
    for index, piece in enumerate(text.split("\t")):
        if index:
            blanks = TAB - column % TAB
            pieces.append(" " * blanks)
            column += blanks
        pieces.append(piece)
        column += cell_len(piece)
    return "".join(pieces)


def rows_of(text: str, width: int) -> int:
    """Rows that displayed text takes when wrapped at `width` cells."""
    return 1 if len(text) <= width and text.isascii() else len(_broken(text, width))


def wrapped(text: str, width: int) -> tuple[tuple[int, int], ...]:
    """Displayed text in rows of at most `width` cells, as character ranges; never empty."""
    return ((0, len(text)),) if len(text) <= width and text.isascii() else _broken(text, width)


# A long line is asked for once for each of its rows.
@lru_cache(maxsize=64)
def _broken(text: str, width: int) -> tuple[tuple[int, int], ...]:
    ascii_only = text.isascii()
    ranges: list[tuple[int, int]] = []
    at, length = 0, len(text)
    while at < length:
        end = min(length, at + width if ascii_only else fitting(text, at, width))
        # After a blank it reads better, unless half of the row would stay empty.
        blank = text.rfind(" ", at + width // 2, end) + 1 if end < length else 0
        ranges.append((at, blank or end))
        at = blank or end
    return tuple(ranges) or ((0, 0),)
