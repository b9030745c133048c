"""What tests of the chat draw with: a palette, a drawer, rows as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.theme import BUILTIN_THEMES

from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.markdown import markdown_rows
from nanodeck_widgets.chat.wrap import Row
from nanodeck_widgets.glyphs import UNICODE
from nanodeck_widgets.palette import build_palette

_THEME = BUILTIN_THEMES["textual-dark"]
PALETTE = build_palette(_THEME.to_color_system().generate(), dark=True, ansi=False)


class Rows(Protocol):
    """Anything with rows."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...


def drawer(width: int = 40) -> BlockDrawer:
    """A drawer of a width."""
    return BlockDrawer(width, PALETTE, UNICODE)


def all_rows(rows: Rows) -> list[Row]:
    """Rows as a list."""
    return [rows[index] for index in range(len(rows))]


def drawn(row: Row) -> str:
    """A row as it looks, blanks at the end left out."""
    return "".join(segment.text for segment in row.segments).rstrip()


def draw(source: str, width: int = 40) -> list[str]:
    """Markdown as it looks."""
    return [drawn(row) for row in all_rows(markdown_rows(source, drawer(width)))]


def copied(rows: Sequence[Row]) -> str:
    """What copying all rows gives."""
    return "".join((row.glue if index else "") + row.text for index, row in enumerate(rows))


def style_of(segment: Segment) -> Style:
    """The style of a segment."""
    return segment.style or Style.null()
