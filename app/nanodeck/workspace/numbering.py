"""Lines of a file as the model reads them: numbered, capped, and saying what is left out."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.workspace.encoding import decode_part

MAX_LINES = 2000
MAX_BYTES = 50 * 1024
MAX_WIDTH = 2000


class NumberedLines(Struct, frozen=True):
    """Lines `first` to `last` (1-based) of `total`, each as number, tab, text."""

    text: str
    first: int
    last: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether nothing before or after is left out."""
        return self.first <= 1 and self.last >= self.total

    @property
    def note(self) -> str:
        """What is shown and where to go on; empty when it is everything."""
        if self.whole:
            return ""
        more = f"; go on with offset={self.last + 1}" if self.last < self.total else ""
        return f"(lines {self.first}-{self.last} of {self.total}{more})"

    def __str__(self) -> str:
        return f"{self.text}\n{self.note}" if self.note else self.text


def count_lines(data: bytes) -> int:
    """Lines of a text in UTF-8; a last one without a line end counts."""
    ends = data.count(b"\n")
    return ends if data.endswith(b"\n") or not data else ends + 1


def number_lines(
    data: bytes, shown: str, offset: int = 1, limit: int = MAX_LINES, max_bytes: int = MAX_BYTES
) -> NumberedLines:
    """Lines of `data` from `offset` (1-based), at most `limit` of them and `max_bytes` long.

    `data` is UTF-8 without a mark. Only what is shown is decoded, so that any part of a long file comes at
    once. Raises ToolError.
    """
    total = count_lines(data)
    start = _start_of(data, offset)
    window = data[start : _end_of(data, start, min(limit, MAX_LINES), max_bytes)]
    lines = decode_part(window, shown, offset).split("\n")
    if lines[-1] == "" and len(lines) > 1:
        lines.pop()
    out: list[str] = []
    size = 0
    for number, line in enumerate(lines, offset):
        row = f"{number}\t{_cut(line.removesuffix(chr(13)))}"
        size += len(row.encode()) + 1
        if out and size > max_bytes:
            break
        out.append(row)
    return NumberedLines("\n".join(out), offset, offset + len(out) - 1, total)


def _start_of(body: bytes, offset: int) -> int:
    start = 0
    for _ in range(offset - 1):
        start = body.index(b"\n", start) + 1
    return start


def _end_of(body: bytes, start: int, lines: int, max_bytes: int) -> int:
    """Where the window may end: after `lines` lines, or with the line that passes the cap."""
    end = start
    used = 0
    for _ in range(lines):
        found = body.find(b"\n", end)
        following = len(body) if found < 0 else found + 1
        # A long line is cut when shown, so it uses up no more than its cut.
        used += min(following - end, MAX_WIDTH)
        end = following
        if found < 0 or used > max_bytes:
            break
    return end


def _cut(line: str) -> str:
    if len(line) <= MAX_WIDTH:
        return line
    return f"{line[:MAX_WIDTH]} (cut at {MAX_WIDTH:,} of {len(line):,} characters)"
