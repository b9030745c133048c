"""Selecting rows of a pane with the mouse: drag, scroll at the edges, double click on a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset
from textual.selection import Selection
from textual.timer import Timer

from nanodeck_widgets.strips import cells_before, word_at

if TYPE_CHECKING:
    from nanodeck_widgets.pane import Pane

EDGE_STEP = 1 / 30


class Selector:
    """The selection of one pane. Offsets hold the character in the row's text (x) and the row (y).

    The selection itself lives in the screen, so that copying, Escape and a selection begun
    elsewhere work as everywhere in Textual.
    """

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self._anchor: Offset | None = None
        self._timer: Timer | None = None
        self._pointer = (0, 0)
        self.dragged = False
        self.shown: Selection | None = None
        """What is drawn as selected; the screen says a little later than it knows."""

    @property
    def current(self) -> Selection | None:
        """What is selected in this pane."""
        return self._pane.text_selection if self._pane.is_attached else None

    def press(self, x: int, y: int) -> None:
        """The button went down at a cell of the widget."""
        self.clear()
        self.dragged = False
        self._pointer = (x, y)
        self._anchor = self._pane.place_at(x, y)

    def drag(self, x: int, y: int) -> None:
        """The pointer moved with the button down; cells may lie outside the widget."""
        if self._anchor is None or (x, y) == self._pointer:
            return
        self._pointer = (x, y)
        self.dragged = True
        self._reach()
        outside = self._outside()
        if outside and self._timer is None:
            self._timer = self._pane.set_interval(EDGE_STEP, self._edge_step)
        elif not outside:
            self._stop_timer()

    def release(self) -> None:
        """The button went up."""
        self._anchor = None
        self._stop_timer()

    def select_word(self, x: int, y: int) -> None:
        """Select the word drawn at a cell of the widget."""
        index, row = self._pane.place_at(x, y)
        start, end = word_at(self._pane.text(row), index)
        if end > start:
            self._set(Selection(Offset(start, row), Offset(end, row)))

    def clear(self) -> None:
        """Select nothing."""
        if self.current is not None:
            self._pane.screen.clear_selection()

    def move_rows(self, first: int, by: int) -> None:
        """Rows from `first` on are now `by` rows further down."""
        selection = self.current
        if selection is None or selection.start is None or selection.end is None:
            return
        places = (selection.start, selection.end)
        ends = tuple(Offset(x, y + by if y >= first else y) for x, y in places)
        if self._anchor is not None and self._anchor.y >= first:
            self._anchor = Offset(self._anchor.x, self._anchor.y + by)
        if ends != places:
            self._set(Selection(*ends))

    def span(self, row: int) -> tuple[int, int] | None:
        """Selected cells of a row's text, counted from its beginning; None when there are none."""
        selection = self.shown
        if selection is None or (span := selection.get_span(row)) is None:
            return None
        text = self._pane.text(row)
        if not text:
            return 0, 1  # an empty row inside the selection would look left out
        start = cells_before(text, span[0])
        end = cells_before(text, len(text) if span[1] < 0 else span[1])
        return (start, end) if end > start else None

    def extract(self, selection: Selection) -> str:
        """The selected text, rows joined as the pane says."""
        last = self._pane.row_count - 1
        if last < 0:
            return ""
        start = selection.start or Offset(0, 0)
        end = selection.end or Offset(len(self._pane.text(last)), last)
        parts: list[str] = []
        for row in range(max(0, start.y), min(end.y, last) + 1):
            text = self._pane.text(row)
            begin = start.x if row == start.y else 0
            stop = end.x if row == end.y else len(text)
            if row > start.y:
                parts.append(self._pane.glue(row))
            parts.append(text[begin:stop])
        return "".join(parts)

    def _reach(self) -> None:
        assert self._anchor is not None
        head = self._pane.place_at(*self._pointer)
        # The character under the pointer belongs to the selection, whichever way it runs.
        one, other = sorted((self._anchor, head), key=lambda place: (place.y, place.x))
        self._set(Selection(one, Offset(other.x + 1, other.y)))

    def _set(self, selection: Selection) -> None:
        self._pane.screen.selections = {self._pane: selection}

    def _outside(self) -> int:
        y = self._pointer[1] - 1
        return -1 if y < 0 else 1 if y >= self._pane.view_height else 0

    def _edge_step(self) -> None:
        outside = self._outside()
        if not outside or self._anchor is None:
            self._stop_timer()
            return
        distance = -self._pointer[1] if outside < 0 else self._pointer[1] - self._pane.view_height
        self._pane.scroll_rows(outside * (1 + max(0, distance) // 2))
        self._reach()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
