"""Lines of files as cells: tabs, control characters, wrapping."""

from __future__ import annotations

from math import ceil

from rich.cells import cell_len, chop_cells

from nanodeck.contracts.text import show_controls

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
    if text.isascii():
        return max(1, ceil(len(text) / width))
    return len(wrapped(text, width))


def wrapped(text: str, width: int) -> list[tuple[int, int]]:
    """Displayed text in rows of at most `width` cells, as character ranges; never empty."""
    if text.isascii():
        return [(at, min(at + width, len(text))) for at in range(0, max(1, len(text)), width)]
    ranges: list[tuple[int, int]] = []
    at = 0
    for piece in chop_cells(text, width):
        ranges.append((at, at + len(piece)))
        at += len(piece)
    return ranges or [(0, 0)]
