"""A message's Markdown as rows while it arrives: finished blocks are drawn once, the open one again."""

from __future__ import annotations

from time import perf_counter

from nanodeck.contracts.text import clean
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.splitter import Block, Splitter
from nanodeck_widgets.chat.wrap import BLANK, Row

LINE_LIMIT = 10_000
TAB = 4
BUDGET = 0.004
"""Seconds a feed may cost on average; the open block is redrawn more rarely when it takes longer."""


def shown_line(line: str, hidden: int = 0) -> str:
    """A line as it is drawn: escapes removed, tabs as blanks, the end of a huge one counted."""
    hidden += max(0, len(line) - LINE_LIMIT)
    line = clean(line[:LINE_LIMIT]).expandtabs(TAB)
    return f"{line} … {hidden:,} more characters are not drawn" if hidden else line


class MarkdownRows:
    """Rows of one message. Whatever the pieces it is fed in, `finish` leaves the same rows."""

    def __init__(self, drawer: BlockDrawer) -> None:
        self._drawer = drawer
        self._splitter = Splitter()
        self._rows: list[Row] = []
        self._tail: list[Row] = []
        self._partial = ""
        self._hidden = 0
        self._skip = 0
        self.stale = False

    def __len__(self) -> int:
        return len(self._rows) + len(self._tail)

    def __getitem__(self, index: int) -> Row:
        done = len(self._rows)
        return self._rows[index] if index < done else self._tail[index - done]

    def feed(self, text: str) -> int:
        """Take more text; returns the first row that is not as it was."""
        before = len(self._rows)
        first, *others = text.split("\n")
        self._take(first)
        for piece in others:
            self._end_line()
            self._take(piece)
        if len(self._rows) == before and self._skip > 0:
            self._skip -= 1
            self.stale = True
            return len(self)
        return self._draw_tail(before)

    def flush(self) -> int:
        """Draw what a feed put off; returns the first row that is not as it was."""
        return self._draw_tail(len(self._rows)) if self.stale else len(self)

    def finish(self) -> int:
        """No more text comes; returns the first row that is not as it was."""
        before = len(self._rows)
        old, self._tail = self._tail, []
        if self._partial or self._hidden:
            self._end_line()
        for block in self._splitter.close():
            self._draw(block, self._rows)
        self.stale = False
        return _first_difference(before, old, self._rows[before:])

    def _take(self, piece: str) -> None:
        room = max(0, LINE_LIMIT - len(self._partial))
        self._partial += piece[:room]
        self._hidden += max(0, len(piece) - room)

    def _end_line(self) -> None:
        line, hidden = self._partial.removesuffix("\r"), self._hidden
        self._partial, self._hidden = "", 0
        for block in self._splitter.line(shown_line(line, hidden)):
            self._draw(block, self._rows)

    def _draw_tail(self, before: int) -> int:
        started = perf_counter()
        old, self._tail = self._tail, []
        splitter = self._splitter.copy()
        blocks = (
            splitter.line(shown_line(self._partial.removesuffix("\r"), self._hidden)) if self._partial else []
        )
        for block in (*blocks, *splitter.close()):
            self._draw(block, self._tail)
        self._skip = int((perf_counter() - started) / BUDGET)
        self.stale = False
        return _first_difference(before, old, self._rows[before:] + self._tail)

    def _draw(self, block: Block, rows: list[Row]) -> None:
        if block.gap and (self._rows or rows):
            rows.append(BLANK)
        rows.extend(self._drawer.draw(block))


def _first_difference(start: int, old: list[Row], new: list[Row]) -> int:
    for index, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return start + index
    return start + min(len(old), len(new))


def markdown_rows(text: str, drawer: BlockDrawer) -> MarkdownRows:
    """The rows of a whole message."""
    rows = MarkdownRows(drawer)
    rows.feed(text)
    rows.finish()
    return rows
