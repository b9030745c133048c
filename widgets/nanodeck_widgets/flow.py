"""A pane of entries whose true height is known only when they are drawn: those in view are, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nanodeck_widgets.pane import Pane


class Flow(Protocol):
    """Entries one below the other; an entry that was never drawn has an estimated height."""

    @property
    def rows(self) -> int:
        """Rows of all entries, as far as known."""
        ...

    def __len__(self) -> int: ...

    def locate(self, row: int) -> tuple[int, int]:
        """The entry a row belongs to, and the row within it."""
        ...

    def first_row(self, index: int) -> int:
        """The first row of an entry."""
        ...

    def height(self, index: int) -> int:
        """Rows of an entry."""
        ...

    def settle(self, index: int) -> int:
        """Draw an entry if its height is only estimated; returns by how many rows it changed."""
        ...


class FlowPane(Pane):
    """A subclass gives the `flow` of its entries."""

    @property
    def flow(self) -> Flow:
        """The entries."""
        raise NotImplementedError

    def may_hit(self, index: int, hits: Callable[[str], bool]) -> bool:
        """Whether a row of an entry may hit; cheaper to say than to draw it."""
        return True

    def settle(self) -> None:
        """Draw the entries in view, so that their heights are known."""
        flow = self.flow
        if self.follow:
            self.settle_up(len(flow), self.view_height)
        elif len(flow):
            index, offset = flow.locate(min(self.top, max(0, flow.rows - 1)))
            left = self.view_height + offset
            while left > 0 and index < len(flow):
                self.settle_entry(index)
                left -= flow.height(index)
                index += 1

    def scroll_rows(self, rows: int) -> None:
        """Scroll; what comes into view above is drawn first, so that it does not move what is read."""
        if rows < 0 and len(self.flow):
            self._top = self.top
            index, offset = self.flow.locate(min(self._top, max(0, self.row_count - 1)))
            self.settle_up(index, -rows - offset)
        super().scroll_rows(rows)

    def show_row(self, row: int) -> None:
        """As in `Pane`; what comes into view above is drawn first, so that it does not push `row` out."""
        flow = self.flow
        if len(flow) and row >= self.top + self.view_height:
            index, offset = flow.locate(min(row, flow.rows - 1))
            self.settle_up(index + 1, self.view_height)
            row = flow.first_row(index) + offset
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

    def settle_entry(self, index: int) -> None:
        """Draw an entry; what is in view stays there."""
        end = self.flow.first_row(index) + self.flow.height(index)
        if delta := self.flow.settle(index):
            self.rows_moved(end, delta)

    def settle_up(self, index: int, rows: int) -> None:
        """Draw entries above `index` until they fill `rows`."""
        while rows > 0 and index > 0:
            index -= 1
            self.settle_entry(index)
            rows -= self.flow.height(index)
