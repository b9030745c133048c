"""Changes carried over to lines that somebody changed meanwhile: whole, where nobody touched theirs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec import Struct

from nanodeck.core.review.alignment import Range, changed_ranges


class Drift(Struct, frozen=True):
    """How a file's lines came to be others: `ranges` lead from those known to those it has now."""

    ranges: Sequence[Range]

    def touches(self, first: int, end: int) -> bool:
        """Whether what changed overlaps or borders on the known lines `first..end`."""
        at = bisect_left(self.ranges, first, key=lambda part: part[1])
        return at < len(self.ranges) and self.ranges[at][0] <= end

    def place(self, line: int) -> int:
        """Where a known line stands now; for one that is gone, where it stood."""
        at = bisect_right(self.ranges, line, key=lambda part: part[0])
        if not at:
            return line
        _, end, start, after = self.ranges[at - 1]
        return start if line < end else line - end + after


def carried(
    changes: Sequence[Range], drift: Drift, now: Sequence[bytes], new: Sequence[bytes]
) -> tuple[list[Range], list[bytes]]:
    """`changes` that the drift touches nowhere, in their new places, and the lines that come of them.

    `new` holds the lines that the changes lead to, `now` those that the file has.
    """
    placed: list[Range] = []
    lines: list[bytes] = []
    at = 0
    for a, b, c, d in changes:
        first = drift.place(a)
        lines += now[at:first]
        placed.append((first, first + b - a, len(lines), len(lines) + d - c))
        lines += new[c:d]
        at = first + b - a
    lines += now[at:]
    return placed, lines


def merged(base: Sequence[bytes], ours: Sequence[bytes], now: Sequence[bytes]) -> list[bytes] | None:
    """`now` with what leads from `base` to `ours`; None where both changed the same lines."""
    drift = Drift(changed_ranges(base, now))
    changes = changed_ranges(base, ours)
    if any(drift.touches(a, b) for a, b, _, _ in changes):
        return None
    return carried(changes, drift, now, ours)[1]
