"""Pages of a text file of any length, also while it grows."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from nanodeck.contracts.queries import Lines

_BLOCK = 1 << 18


class Pages:
    """Finds lines of a file by number; what was counted once is not read again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets = [0]
        self._lines = [0]

    def read(self, first: int, limit: int) -> Lines:
        """`limit` lines from `first` (0-based, negative: from the end) on. Raises OSError."""
        with self._path.open("rb") as file:
            total = self._count(file.seek(0, 2))
            start = max(0, total + first) if first < 0 else min(first, total)
            block = bisect_right(self._lines, start) - 1
            file.seek(self._offsets[block])
            for _ in range(start - self._lines[block]):
                file.readline()
            text = b"".join(file.readline() for _ in range(min(limit, total - start)))
        return Lines(start, total, text.decode("utf-8", "replace").removesuffix("\n"))

    def _count(self, end: int) -> int:
        """Count lines up to byte `end`; an unfinished last line is one."""
        last = b"\n"
        with self._path.open("rb") as file:
            file.seek(self._offsets[-1])
            lines, at = self._lines[-1], self._offsets[-1]
            while at < end and (block := file.read(min(_BLOCK, end - at))):
                at += len(block)
                lines += block.count(b"\n")
                last = block[-1:]
                if len(block) == _BLOCK:
                    self._offsets.append(at)
                    self._lines.append(lines)
            if at and last == b"\n" and at == self._offsets[-1]:
                file.seek(at - 1)
                last = file.read(1)
        return lines + (last != b"\n")
