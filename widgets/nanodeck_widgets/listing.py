"""Two columns of text under headings, as long as one likes: only the rows in sight are drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nanodeck_widgets.palette import palette_of

LEFT_CELLS = 24
INDENT = 2


class Entry(NamedTuple):
    """One line of a listing and the heading it stands under."""

    heading: str
    left: str
    right: str


class Row(NamedTuple):
    """One row on the screen: a heading, or parts of both columns."""

    heading: str = ""
    left: str = ""
    right: str = ""


def rows_of(entries: Sequence[Entry], width: int) -> Iterator[Row]:
    """The rows `entries` take at `width` cells; a blank row before every heading but the first."""
    heading = ""
    for entry in entries:
        if entry.heading != heading:
            if heading:
                yield Row()
            heading = entry.heading
            yield Row(heading)
        left = textwrap.wrap(entry.left, LEFT_CELLS - INDENT)
        right = textwrap.wrap(entry.right, max(1, width - LEFT_CELLS - 1))
        for parts in zip_longest(left or [""], right, fillvalue=""):
            yield Row("", *parts)


class Listing(ScrollView, can_focus=False):
    """Shows entries; `nothing` is said when there are none."""

    def __init__(self, entries: Sequence[Entry], nothing: str) -> None:
        super().__init__()
        self._entries = entries
        self._nothing = nothing
        self._rows: list[Row] = []

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these, from the first one on."""
        self._entries = entries
        self.scroll_home(animate=False)
        self._arrange()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for the width there is."""
        self._arrange()

    def render_line(self, y: int) -> Strip:
        """One row in sight."""
        palette, at, width = palette_of(self.app), y + self.scroll_offset.y, self.size.width
        row = self._rows[at] if at < len(self._rows) else Row()
        if not self._rows:
            segments = [Segment("" if at else self._nothing, palette.muted)]
        elif row.heading:
            segments = [Segment(row.heading, palette.title_focused)]
        else:
            left = f"{'':{INDENT}}{row.left}".ljust(LEFT_CELLS + 1)
            segments = [Segment(left, palette.key), Segment(row.right, palette.text)]
        return Strip(segments).adjust_cell_length(width, palette.base).apply_style(self.rich_style)

    def _arrange(self) -> None:
        # The scrollbar takes its cell whether it is needed or not, so that words do not move.
        width = max(
            1, self.size.width - self.styles.scrollbar_size_vertical * (not self.show_vertical_scrollbar)
        )
        self._rows = list(rows_of(self._entries, width))
        self.virtual_size = Size(width, max(1, len(self._rows)))
        self.refresh()
