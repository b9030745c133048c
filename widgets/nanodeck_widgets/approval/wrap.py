"""Text laid out in rows of a given width without losing a character."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck.contracts.text import show_controls
from nanodeck_widgets.clusters import fitting


class Row(NamedTuple):
    """A row; `start` is the index of its first character, `goes_on` when its line began above."""

    text: str
    start: int
    goes_on: bool


def visible(text: str) -> str:
    """`text` with nothing hidden: control characters and tabs get a shape."""
    return show_controls(text).replace("\t", "→   ")


def rows_of(text: str, width: int) -> list[Row]:
    """`text` in rows of at most `width` cells; joined with their line feeds they are `text` again."""
    rows: list[Row] = []
    start = 0
    for line in text.split("\n"):
        rows.extend(_wrapped(line, start, max(2, width)))
        start += len(line) + 1
    return rows


def _wrapped(line: str, start: int, width: int) -> list[Row]:
    rows: list[Row] = []
    at = 0
    narrow = line.isascii() and line.isprintable()
    while True:
        end = min(len(line), at + width) if narrow else fitting(line, at, width)
        if end < len(line):
            # A break after a blank reads better, unless half of the row would stay empty.
            blank = line.rfind(" ", at, end) + 1
            end = blank if blank > at + (end - at) // 2 else end
        rows.append(Row(line[at:end], start + at, bool(rows)))
        at = end
        if at >= len(line):
            return rows
