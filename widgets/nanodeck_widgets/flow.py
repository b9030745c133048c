"""A pane of entries whose true height is known only when they are drawn: those in view are, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from nanodeck_widgets.heights import Heights
from nanodeck_widgets.pane import Pane


class Piece(NamedTuple):
    """What is drawn at once: its first row, how many it has, whether that is known or estimated."""

    first: int
    height: int
    exact: bool


class Flow:
    """Entries one below the other, each of one or more pieces; what was never drawn is estimated."""

    def __init__(self) -> None:
        self._heights = Heights()

    @property
    def rows(self) -> int:
        """Rows of all entries, as far as known."""
        return self._heights.total

    def locate(self, row: int) -> tuple[int, int]:
        """The entry a row belongs to, and the row within it."""
        return self._heights.locate(row)

    def first_row(self, index: int) -> int:
        """The first row of an entry."""
        return self._heights.before(index)

    def height(self, index: int) -> int:
        """Rows of an entry."""
        return self._heights[index]

    def __len__(self) -> int:
        raise NotImplementedError

    def piece(self, row: int) -> Piece:
        """What is drawn together with a row."""
        raise NotImplementedError

    def settle(self, row: int) -> int:
        """Draw the piece of a row; returns by how many rows it is higher than was thought."""
        raise NotImplementedError


class FlowPane(Pane):
    """A subclass gives the `flow` of its entries."""

    _settled_view: tuple[int, int, int] | None = None

    @property
    def flow(self) -> Flow:
        """The entries."""
        raise NotImplementedError

    def may_hit(self, index: int, hits: Callable[[str], bool]) -> bool:
        """Whether a row of an entry may hit; cheaper to say than to draw it."""
        return True

    def settle(self) -> None:
        """Draw what is in view, so that its height is known."""
        seen = (self.top, self.view_height, self.flow.rows)
        if seen == self._settled_view:
            return
        if self.follow:
            self.settle_above(self.flow.rows, self.view_height)
        else:
            self._settle_from(self.top)
        self._settled_view = (self.top, self.view_height, self.flow.rows)

    def rows_changed(self, first: int = 0, last: int | None = None) -> None:
        """As in `Pane`; rows may be estimates again."""
        if last is None:
            self._settled_view = None
        super().rows_changed(first, last)

    def forget_drawing(self) -> None:
        """As in `Pane`; rows are estimates again."""
        self._settled_view = None
        super().forget_drawing()

    def _settle_from(self, row: int) -> None:
        while row < min(self.top + self.view_height, self.flow.rows):
            row = self._settled_below(row)

    def settle_above(self, end: int, rows: int) -> None:
        """Draw `rows` rows above the row `end`."""
        while rows > 0 and end > 0:
            row = end - 1
            while row >= 0 and not (piece := self.flow.piece(row)).exact:
                row += self._settle(row, piece)
            if row < 0:
                return
            rows -= row + 1 - piece.first
            end = piece.first

    def settle_entry(self, index: int) -> None:
        """Draw a whole entry; what is in view stays there."""
        row = self.flow.first_row(index)
        while row < self.flow.first_row(index) + self.flow.height(index):
            row = self._settled_below(row)

    def scroll_rows(self, rows: int) -> None:
        """Scroll; what comes into view above is drawn first, so that it does not move what is read."""
        if rows < 0:
            self._top = self.top
            self.settle_above(self._top, -rows)
        super().scroll_rows(rows)

    def show_row(self, row: int) -> None:
        """As in `Pane`; what comes into view above is drawn first, so that it does not push `row` out."""
        if row >= self.top + self.view_height and row < self.flow.rows:
            before = self.flow.rows
            self.settle_above(row + 1, self.view_height)
            row += self.flow.rows - before
        super().show_row(row)

    def seek(self, hits: Callable[[str], bool], start: int, direction: int) -> int | None:
        """As in `Pane`; only entries that may have a hit are drawn for it."""
        flow, count = self.flow, len(self.flow)
        if not count or not self.row_count:
            return None
        begin, offset = flow.locate(start % self.row_count)
        for distance in range(count + 1):
            index = (begin + direction * distance) % count
            if not self.may_hit(index, hits):
                continue
            self.settle_entry(index)
            top, height = flow.first_row(index), flow.height(index)
            rows = range(height) if direction > 0 else range(height - 1, -1, -1)
            for within in rows:
                behind = (within - offset) * direction < 0
                if (distance == 0 and behind) or (distance == count and not behind):
                    continue
                if hits(self.text(top + within)):
                    return top + within
        return None

    def _settled_below(self, row: int) -> int:
        """Draw the piece of a row; the first row after it."""
        while row < self.flow.rows and not (piece := self.flow.piece(row)).exact:
            self._settle(row, piece)
        return piece.first + piece.height if row < self.flow.rows else row

    def _settle(self, row: int, piece: Piece) -> int:
        if grown := self.flow.settle(row):
            self.rows_moved(piece.first + piece.height, grown)
        return grown
