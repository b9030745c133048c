"""A message's Markdown as rows while it arrives: finished blocks are drawn once, the open one again."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time

from nanodeck.contracts.text import clean
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.splitter import Block, Splitter
from nanodeck_widgets.chat.wrap import BLANK, Row
from nanodeck_widgets.flow import Piece
from nanodeck_widgets.heights import Heights

LINE_LIMIT = 10_000
TAB = 4
DRAWN_AT_ONCE = 4
"""Blocks finished by one feed; more are not drawn before they are seen."""
BUDGET = 0.004
"""Seconds a feed may cost on average; the open block is redrawn more rarely when it takes longer."""


def shown_line(line: str, hidden: int = 0) -> str:
    """A line as it is drawn: escapes removed, tabs as blanks, the end of a huge one counted."""
    hidden += max(0, len(line) - LINE_LIMIT)
    line = clean(line[:LINE_LIMIT]).expandtabs(TAB)
    return f"{line} … {hidden:,} more characters are not drawn" if hidden else line


class MarkdownRows:
    """Rows of one message. Whatever the pieces it is fed in, `finish` leaves the same rows.

    When many blocks come at once they are not drawn until they are asked for, or never; until then
    their heights are estimates, which `settle` corrects.
    """

    def __init__(self, drawer: BlockDrawer) -> None:
        self._drawer = drawer
        self._splitter = Splitter()
        self._blocks: list[Block] = []
        self._heights = Heights()
        self._settled: set[int] = set()
        self._drawn: dict[int, list[Row]] = {}
        self._tail: list[Row] = []
        self._partial = ""
        self._hidden = 0
        self._skip = 0
        self.stale = False

    def __len__(self) -> int:
        return self._heights.total + len(self._tail)

    def __getitem__(self, index: int) -> Row:
        done = self._heights.total
        if index >= done:
            return self._tail[index - done]
        block, offset = self._heights.locate(index)
        rows = self._rows_of(block)
        return rows[offset] if offset < len(rows) else BLANK

    def piece(self, row: int) -> Piece:
        """The block of a row, or the end that is open."""
        done = self._heights.total
        if row >= done:
            return Piece(done, len(self._tail), True)
        block, offset = self._heights.locate(row)
        return Piece(row - offset, self._heights[block], block in self._settled)

    def settle(self, row: int) -> None:
        """Draw the block of a row."""
        if row < self._heights.total:
            block, _ = self._heights.locate(row)
            self._settled.add(block)
            self._heights.change(block, len(self._rows_of(block)))

    def settle_all(self) -> None:
        """Draw every block."""
        for block in range(len(self._blocks)):
            self._settled.add(block)
            self._heights.change(block, len(self._rows_of(block)))

    def feed(self, text: str) -> int:
        """Take more text; returns the first row that is not as it was."""
        before = self._heights.total
        blocks: list[Block] = []
        first, *others = text.split("\n")
        self._take(first)
        for piece in others:
            blocks += self._end_line()
            self._take(piece)
        self._finish(blocks)
        if not blocks and self._skip > 0:
            self._skip -= 1
            self.stale = True
            return len(self)
        return self._draw_tail(before)

    def flush(self) -> int:
        """Draw what a feed put off; returns the first row that is not as it was."""
        return self._draw_tail(self._heights.total) if self.stale else len(self)

    def finish(self) -> int:
        """No more text comes; returns the first row that is not as it was."""
        before, old, self._tail = self._heights.total, self._tail, []
        blocks = self._end_line() if self._partial or self._hidden else []
        self._finish(blocks + self._splitter.close())
        self.stale = False
        return self._first_difference(before, old)

    def _take(self, piece: str) -> None:
        room = max(0, LINE_LIMIT - len(self._partial))
        self._partial += piece[:room]
        self._hidden += max(0, len(piece) - room)

    def _end_line(self) -> list[Block]:
        line, hidden = self._partial.removesuffix("\r"), self._hidden
        self._partial, self._hidden = "", 0
        return self._splitter.line(shown_line(line, hidden))

    def _draw_tail(self, before: int) -> int:
        started = thread_time()
        old, self._tail = self._tail, []
        splitter = self._splitter.copy()
        blocks = (
            splitter.line(shown_line(self._partial.removesuffix("\r"), self._hidden)) if self._partial else []
        )
        for block in (*blocks, *splitter.close()):
            self._tail += self._draw(block, first=not (self._blocks or self._tail))
        self._skip = int((thread_time() - started) / BUDGET)
        self.stale = False
        return self._first_difference(before, old)

    def _finish(self, blocks: Sequence[Block]) -> None:
        """These are as they will stay."""
        at_once = len(blocks) <= DRAWN_AT_ONCE
        for block in blocks:
            place = len(self._blocks)
            self._blocks.append(block)
            if at_once:
                self._settled.add(place)
            rows = len(self._rows_of(place)) if at_once else estimated_rows(block, self._drawer.width)
            self._heights.append(rows)

    def _rows_of(self, place: int) -> list[Row]:
        rows = self._drawn.get(place)
        if rows is None:
            rows = self._drawn[place] = self._draw(self._blocks[place], first=not place)
        return rows

    def _draw(self, block: Block, *, first: bool) -> list[Row]:
        rows = self._drawer.draw(block)
        return [BLANK, *rows] if block.gap and not first else rows

    def _first_difference(self, before: int, old: Sequence[Row]) -> int:
        """The first row from `before` on that is not one of the `old` ones of the tail."""
        for index, row in enumerate(old, before):
            if index >= len(self) or not self.piece(index).exact or self[index] != row:
                return index
        return min(before + len(old), len(self))


def estimated_rows(block: Block, width: int) -> int:
    """About how many rows a block takes, without drawing it."""
    return block.gap + sum(1 + len(line) // width for line in block.lines)


def markdown_rows(text: str, drawer: BlockDrawer) -> MarkdownRows:
    """The rows of a whole message, all drawn."""
    rows = MarkdownRows(drawer)
    rows.feed(text)
    rows.finish()
    rows.settle_all()
    return rows
