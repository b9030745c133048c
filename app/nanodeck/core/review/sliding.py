"""Where a change begins that only adds or only removes lines: with a block rather than inside of two."""

from __future__ import annotations

from collections.abc import Sequence

Range = tuple[int, int, int, int]
"""old from, old to, new from, new to: half-open line ranges, 0-based."""
FARTHEST = 100
"""Lines that a change slides at most."""
_BLANKS = b" \t\r\n\f\0"


def at_blocks(ranges: Sequence[Range], old: Sequence[bytes], new: Sequence[bytes]) -> list[Range]:
    """The same changes, each where it reads best of all places that lines which repeat leave it.

    Between two changes an equal line stays.
    """
    slid: list[Range] = []
    for place, (a, b, c, d) in enumerate(ranges):
        if (a == b) == (c == d):
            slid.append((a, b, c, d))
            continue
        lines, first, last = (new, c, d) if a == b else (old, a, b)
        over = a - slid[-1][1] - 1 if slid else a
        under = ranges[place + 1][0] - b - 1 if place + 1 < len(ranges) else len(old) - b
        up = _repeated(lines, first - 1, last - 1, -1, over)
        down = _repeated(lines, first, last, 1, under)
        steps = range(down, -up - 1, -1)
        step = min(steps, key=lambda step: _roughness(lines, first + step) + _roughness(lines, last + step))
        slid.append((a + step, b + step, c + step, d + step))
    return slid


def _repeated(lines: Sequence[bytes], first: int, last: int, step: int, room: int) -> int:
    """How many lines from `first` on are those from `last` on, in the direction of `step`."""
    for count in range(min(room, FARTHEST)):
        if lines[first + count * step] != lines[last + count * step]:
            return count
    return min(room, FARTHEST)


def _roughness(lines: Sequence[bytes], place: int) -> int:
    """How bad it is to begin or to end before a line: deep inside, off the blank lines between blocks."""
    if place == len(lines):
        return 0
    below = (lines[at] for at in range(place, min(place + FARTHEST, len(lines))))
    follows = next((line for line in below if line.strip(_BLANKS)), b"")
    indented = len(follows) - len(follows.lstrip(_BLANKS))
    after_text = place > 0 and bool(lines[place - 1].strip(_BLANKS))
    return 2 * indented + after_text + (not lines[place].strip(_BLANKS))
