"""Selecting rows of a pane: by drag, scrolling at the edges, by double click, with shift and arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from textual.geometry import Offset
from textual.selection import Selection
from textual.timer import Timer

from nanodeck_widgets.clusters import cluster_at
from nanodeck_widgets.strips import Span, cells_before, index_at, word_at

if TYPE_CHECKING:
    from nanodeck_widgets.pane import Pane

EDGE_STEP = 1 / 30
FAR = 1 << 30

Unit = Literal["character", "word", "row", "page", "edge", "end"]


class Lane(NamedTuple):
    """What can be selected of a row: its text, the cells before it, the cells it is seen in."""

    text: str
    indent: int = 0
    start: int = 0
    end: int = FAR


class Selector:
    """The selection of one pane. Offsets hold the character in the lane's text (x) and the row (y).

    The selection itself lives in the screen, so that copying, Escape and a selection begun
    elsewhere work as everywhere in Textual. `side` is where it began in rows that show two texts
    beside each other, 0 or 1.
    """

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self._anchor: Offset | None = None
        self._tail = self._head = Offset(0, 0)
        self._width = 0
        self._timer: Timer | None = None
        self._pointer = (0, 0)
        self.side = 1
        self.dragged = False
        self.shown: Selection | None = None
        """What is drawn as selected; the screen says a little later than it knows."""

    @property
    def current(self) -> Selection | None:
        """What is selected in this pane."""
        return self._pane.text_selection if self._pane.is_attached else None

    # The mouse.

    def press(self, x: int, y: int) -> None:
        """The button went down at a cell of the widget."""
        self.clear()
        self.dragged = False
        self._pointer = (x, y)
        self._anchor = self._place(x, y, begins=True)

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

    def release(self) -> bool:
        """The button went up. True when that ended a drag."""
        ended = self._anchor is not None and self.dragged
        self._anchor = None
        self._stop_timer()
        return ended

    def select_word(self, x: int, y: int) -> bool:
        """Select the word drawn at a cell of the widget. True when there is one."""
        index, row = self._place(x, y, begins=True)
        start, end = word_at(self._text(row), index)
        if end > start:
            self._set(Offset(start, row), Offset(end, row))
        return end > start

    # The keyboard.

    def extend(self, unit: Unit, step: int) -> None:
        """Move the end of the selection by a `unit`, forth (1) or back (-1); without one begin it."""
        if self._pane.row_count <= 0:
            return
        if self.current is None:
            self.side = 1
            self._tail = self._head = self._beginning(unit, step)
        head = self._moved(self._head, unit, step)
        self._set(self._tail, head)
        self._pane.show_row(head.y if head.x or head.y == self._tail.y else head.y - 1)

    def _beginning(self, unit: Unit, step: int) -> Offset:
        first, last = self._pane.rows_in_hand()
        if (found := self._pane.finder.place) is not None:
            return found
        if step > 0 or unit == "edge":
            return Offset(0, first)
        end = len(self._text(last))
        return Offset(end, last)

    def _moved(self, place: Offset, unit: Unit, step: int) -> Offset:
        last = self._pane.row_count - 1
        y = min(place.y, last)
        text = self._text(y)
        x = min(place.x, len(text))
        if unit == "end":
            return Offset(len(self._text(last)), last) if step > 0 else Offset(0, 0)
        if unit == "edge":
            return Offset(len(text) if step > 0 else 0, y)
        if unit in ("row", "page"):
            by = step if unit == "row" else step * max(1, self._pane.view_height - 1)
            if unit == "row" and step < 0 < x == len(text):
                return Offset(0, y)  # the row itself before the one above it
            if not 0 <= y + by <= last:
                return Offset(len(self._text(last)), last) if step > 0 else Offset(0, 0)
            return Offset(min(x, len(self._text(y + by))) if unit == "row" else 0, y + by)
        if 0 <= x + step <= len(text):
            near = cluster_at(text, x + step)[step > 0]
            return Offset(near if unit == "character" else _word_edge(text, x, step), y)
        if not 0 <= y + step <= last:
            return place
        return Offset(0 if step > 0 else len(self._text(y + step)), y + step)

    # What is selected.

    def clear(self) -> None:
        """Select nothing."""
        if self.current is not None:
            self._pane.screen.clear_selection()

    def fit(self, width: int) -> None:
        """Rows are `width` cells wide now: in others than they were, a selection means nothing."""
        if width != self._width:
            self.clear()

    def move_rows(self, first: int, by: int) -> None:
        """Rows from `first` on are now `by` rows further down."""
        if self._anchor is not None and self._anchor.y >= first:
            self._anchor = Offset(self._anchor.x, self._anchor.y + by)
        ends = (self._tail, self._head)
        tail, head = (Offset(x, y + by if y >= first else y) for x, y in ends)
        if self.current is not None and (tail, head) != ends:
            self._set(tail, head)

    def span(self, row: int) -> Span | None:
        """The selected cells of a row, None when there are none."""
        selection = self.shown
        if selection is None or (picked := selection.get_span(row)) is None:
            return None
        lane = self._pane.lane(row)
        if lane is None:
            return None
        text, indent, first, last = lane
        style = self._pane.palette.selection
        if not text:
            return Span(indent, indent + 1, style)  # an empty row inside the selection would look left out
        start = indent + cells_before(text, picked[0])
        end = indent + cells_before(text, len(text) if picked[1] < 0 else picked[1])
        start, end = max(start, first), min(end, last)
        return Span(start, end, style) if end > start else None

    def extract(self, selection: Selection) -> str:
        """The selected text, rows joined as the pane says."""
        last = self._pane.row_count - 1
        if last < 0:
            return ""
        start = selection.start or Offset(0, 0)
        end = Offset(len(self._text(last)), last) if selection.end is None else selection.end
        parts: list[str] = []
        for row in range(max(0, start.y), min(end.y, last) + 1):
            lane = self._pane.lane(row)
            if lane is None:
                continue
            begin = start.x if row == start.y else 0
            stop = end.x if row == end.y else len(lane.text)
            if parts:
                parts.append(self._pane.glue(row))
            parts.append(lane.text[begin:stop])
        return "".join(parts)

    # Inside.

    def _text(self, row: int) -> str:
        lane = self._pane.lane(row)
        return lane.text if lane is not None else ""

    def _place(self, x: int, y: int, *, begins: bool = False) -> Offset:
        """The character and the row at a cell of the widget; cells outside go to the nearest."""
        pane = self._pane
        cell, row = pane.cell_at(x, y)
        if begins:
            self.side = pane.side_at(cell, row)
        last = pane.row_count - 1
        if row > last:
            return Offset(len(self._text(last)), last) if last >= 0 else Offset(0, 0)
        lane = pane.lane(row)
        return Offset(index_at(lane.text, cell - lane.indent) if lane is not None else 0, row)

    def _reach(self) -> None:
        assert self._anchor is not None
        head = self._place(*self._pointer)
        # The character under the pointer belongs to the selection, whichever way it runs.
        if (head.y, head.x) < (self._anchor.y, self._anchor.x):
            self._set(Offset(self._anchor.x + 1, self._anchor.y), head)
        else:
            self._set(self._anchor, Offset(head.x + 1, head.y))

    def _set(self, tail: Offset, head: Offset) -> None:
        self._tail, self._head, self._width = tail, head, self._pane.inner_width
        start, end = sorted((tail, head), key=lambda place: (place.y, place.x))
        self._pane.screen.selections = {self._pane: Selection(self._whole(start, 0), self._whole(end, 1))}

    def _whole(self, place: Offset, edge: int) -> Offset:
        """The edge, first (0) or last (1), of what is drawn as one character at `place`."""
        text = self._text(place.y)
        return Offset(cluster_at(text, min(place.x, len(text)))[edge], place.y)

    def _outside(self) -> int:
        y = self._pointer[1] - self._pane.view_start
        return -1 if y < 0 else 1 if y >= self._pane.view_height else 0

    def _edge_step(self) -> None:
        outside = self._outside()
        if not outside or self._anchor is None:
            self._stop_timer()
            return
        y = self._pointer[1] - self._pane.view_start + 1
        distance = -y if outside < 0 else y - self._pane.view_height
        self._pane.scroll_rows(outside * (1 + max(0, distance) // 2))
        self._reach()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


def _word_edge(text: str, index: int, step: int) -> int:
    """Where the word after (1) or before (-1) `index` ends, blanks on the way left out."""
    while 0 <= index + min(step, 0) < len(text) and text[index + min(step, 0)].isspace():
        index += step
    if not 0 <= index + min(step, 0) < len(text):
        return index
    start, end = word_at(text, index + min(step, 0))
    return end if step > 0 else start
