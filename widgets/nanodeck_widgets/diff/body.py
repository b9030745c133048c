"""The lines of a hunk, parsed where somebody looks and nowhere else."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from functools import cached_property

from nanodeck.contracts.changes import Hunk
from nanodeck.contracts.lines import Line, numbered

BLOCK = 16_384
BLOCKS_KEPT = 64

_PLAIN = bytes([0x0A, *range(0x20, 0x7F)])


class Body:
    """Lines of a hunk by index. The text is cut into blocks at line ends; a block is parsed when asked for.

    Indexing counts line feeds only, so that opening costs the same however long the hunk is.
    """

    def __init__(self, hunk: Hunk) -> None:
        self._hunk = hunk
        self._text = hunk.body.removesuffix("\n")
        self._at = [0]
        self._first = [0]
        self._start = [(max(1, hunk.old_start), max(1, hunk.new_start))]
        self._parsed: OrderedDict[int, list[Line]] = OrderedDict()
        position, size = 0, len(self._text)
        while position < size:
            end = self._text.find("\n", position + BLOCK) + 1 or size
            self._first.append(self._first[-1] + self._text.count("\n", position, end))
            self._at.append(end)
            position = end
        if size:
            self._first[-1] += 1

    def __len__(self) -> int:
        return self._first[-1]

    def __getitem__(self, index: int) -> Line:
        number = bisect_right(self._first, index) - 1
        return self._block(number)[index - self._first[number]]

    def block_around(self, index: int) -> tuple[int, int]:
        """First line of the block that holds line `index`, and the line after its last."""
        number = bisect_right(self._first, index) - 1
        return self._first[number], self._first[number + 1]

    def block_text(self, index: int) -> str:
        """The text of the block that holds line `index`, signs included."""
        number = bisect_right(self._first, index) - 1
        return self._text[self._at[number] : self._at[number + 1]]

    @property
    def text(self) -> str:
        """The text of all lines, signs included."""
        return self._text

    @property
    def signs(self) -> list[str]:
        """The sign of every line."""
        return [line[:1] for line in self._text.split("\n")] if self._text else []

    @cached_property
    def mixes_line_ends(self) -> bool:
        """Whether some lines end with a carriage return and others do not."""
        if "\r" not in self._text:
            return False
        ended = self._text.count("\r\n") + self._text.endswith("\r")
        return 0 < ended < len(self) - self._text.count("\n\\")

    @cached_property
    def is_plain(self) -> bool:
        """Whether every character takes one cell, so that a line's length is its width."""
        return self._text.isascii() and not self._text.encode().translate(None, _PLAIN)

    @property
    def lengths(self) -> list[int]:
        """Characters of every line."""
        return [len(line) - 1 for line in self._text.split("\n")] if self._text else []

    def shown(self, index: int) -> str:
        """The text of a line without the carriage return that all lines of the hunk end with."""
        text = self[index].text
        return text if self.mixes_line_ends else text.removesuffix("\r")

    def has(self, sign: str) -> bool:
        """Whether any line has this sign."""
        return self._text.startswith(sign) or f"\n{sign}" in self._text

    def place_of(self, number: int, *, new: bool) -> int | None:
        """Where the line with this number on a side stands; None where it is not in the hunk."""
        end = len(self._at) - 1
        if not self._numbers_at(0)[new] <= number < self._numbers_at(end)[new]:
            return None
        block = next(block for block in range(end) if number < self._numbers_at(block + 1)[new])
        lines = enumerate(self._block(block), self._first[block])
        return next((place for place, line in lines if (line.new if new else line.old) == number), None)

    def _block(self, number: int) -> list[Line]:
        lines = self._parsed.get(number)
        if lines is None:
            lines = self._parsed[number] = self._parse(number)
            if len(self._parsed) > BLOCKS_KEPT:
                self._parsed.popitem(last=False)
        return lines

    def _parse(self, number: int) -> list[Line]:
        old, new = self._numbers_at(number)
        text = self.block_text(self._first[number])
        return numbered(text, old, new)

    def _numbers_at(self, number: int) -> tuple[int, int]:
        """Line numbers where a block starts, counted from block to block as far as somebody looked."""
        while len(self._start) <= number:
            block = len(self._start) - 1
            old, new = self._start[block]
            start, end = self._at[block], self._at[block + 1]
            total = self._first[block + 1] - self._first[block]
            added, removed, marks = (self._count(sign, start, end) for sign in "+-\\")
            self._start.append((old + total - added - marks, new + total - removed - marks))
        return self._start[number]

    def _count(self, sign: str, start: int, end: int) -> int:
        first = self._text.startswith(sign, start)
        return first + self._text.count("\n" + sign, start, end)
