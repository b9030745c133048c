"""Finding text in the rows of a pane, with a line to type in at its bottom edge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Offset

from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.strips import Span, cells_before

if TYPE_CHECKING:
    from nanodeck_widgets.pane import Pane


class Finder:
    """What is looked for and where the last hit is. Case counts only if the needle has capitals."""

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self._pattern: re.Pattern[str] | None = None
        self.needle = ""
        self.row = -1
        self.typing = False

    @property
    def active(self) -> bool:
        """Whether there are highlights to draw."""
        return self._pattern is not None

    @property
    def line(self) -> str:
        """What the bottom edge shows while somebody types."""
        missing = "  not found" if self._pattern is not None and self.row < 0 else ""
        enter = "done" if self._has_keys else "next"
        return f"/{self.needle}{self._pane.glyphs.bar}{missing}  enter {enter}  esc close"

    @property
    def _has_keys(self) -> bool:
        # As in vim: enter leaves the line, and keys of the pane go from hit to hit, if they mean that here.
        keymap, place = keymap_of(self._pane.app), self._pane.PLACE
        keys = keymap.keys("pane.find_next")
        return any(keymap.name(key, place, "pane") == "find_next" for key in keys)

    def look_for(self, needle: str, start: int) -> bool:
        """Look for `needle` from row `start` on, around the end; empty forgets it. True when found."""
        self.needle = needle
        flags = re.IGNORECASE if needle == needle.lower() else 0
        self._pattern = re.compile(re.escape(needle), flags) if needle else None
        self.row = -1
        return self._pattern is not None and self._go(start, 1)

    def step(self, direction: int) -> bool:
        """Go to the next (1) or previous (-1) row with a hit. True when there is one."""
        if self._pattern is None:
            return False
        start = self._pane.top - (direction < 0) if self.row < 0 else self.row + direction
        return self._go(start, direction)

    def hits(self, text: str) -> bool:
        """Whether `text` holds what is looked for."""
        return self._pattern is not None and self._pattern.search(text) is not None

    @property
    def place(self) -> Offset | None:
        """The character (x) and the row (y) where the current hit begins; None without one."""
        hit = self._pattern.search(self._pane.text(self.row)) if self._pattern and self.row >= 0 else None
        return Offset(hit.start(), self.row) if hit else None

    def spans(self, row: int, indent: int) -> list[Span]:
        """Highlights of a row, in cells from the row's beginning."""
        if self._pattern is None:
            return []
        text, palette = self._pane.text(row), self._pane.palette
        style = palette.find_current if row == self.row else palette.find
        return [
            Span(indent + cells_before(text, hit.start()), indent + cells_before(text, hit.end()), style)
            for hit in self._pattern.finditer(text)
        ]

    def move_rows(self, first: int, by: int) -> None:
        """Rows from `first` on are now `by` rows further down."""
        if self.row >= first:
            self.row += by

    def key(self, event: events.Key) -> None:
        """A key pressed while the find line is open; none goes further."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self._pane.close_find()
        elif event.key == "enter" and self._has_keys:
            self.typing = False
            self._pane.repaint_edge(top=False)
        elif event.key in ("enter", "down", "ctrl+n"):
            self._pane.find_next()
        elif event.key in ("up", "shift+enter", "ctrl+p"):
            self._pane.find_previous()
        elif event.key in ("backspace", "ctrl+h"):
            self._pane.find(self.needle[:-1])
        elif event.key == "ctrl+u":
            self._pane.find("")
        elif event.is_printable and event.character:
            self._pane.find(self.needle + event.character)

    def _go(self, start: int, direction: int) -> bool:
        found = self._pane.seek(self.hits, start, direction)
        self.row = -1 if found is None else found
        return found is not None
