"""The bytes that a decided hunk puts in the place of its old lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from nanodeck.contracts.changes import Encoding
from nanodeck.core.review.hunks import Cut
from nanodeck.core.review.text import line_feed

Line = tuple[str, bytes]
"""A line of a hunk's body: its sign, and the bytes of the file it stands for."""


def body_lines(cut: Cut, old: Sequence[bytes], new: Sequence[bytes], encoding: Encoding) -> Iterator[Line]:
    """The lines of a hunk's body in order; a mark that a line has no end is a line '\\\\' of no bytes."""
    at = 0
    for a, b, c, d in cut.ranges:
        yield from _signed(" ", old[at:a], encoding)
        yield from _signed("-", old[a:b], encoding)
        yield from _signed("+", new[c:d], encoding)
        at = b
    yield from _signed(" ", old[at:], encoding)


def picked(lines: Iterable[Line], places: Collection[int], end: bytes, encoding: Encoding) -> bytes:
    """A hunk with only the changes at `places` of its body: the others are as if never proposed.

    `end` is what ends a line of the file.
    """
    wanted = set(places)
    kept = [
        line
        for place, (sign, line) in enumerate(lines)
        if sign == " " or (sign == "-" and place not in wanted) or (sign == "+" and place in wanted)
    ]
    feed = line_feed(encoding)
    # A line that was the last of its version may now stand before others.
    ended = [line if line.endswith(feed) else line + end for line in kept[:-1]]
    return b"".join((*ended, *kept[-1:]))


def edited(model: Sequence[bytes], text: str, end: bytes, encoding: Encoding) -> bytes:
    """A person's `text` in the place of a hunk, its lines ended by `end`; no text, no lines.

    Whether its last line has an end is as in `model`, the lines there would be otherwise. Raises
    UnicodeEncodeError for text that the encoding cannot hold.
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    written = [line.encode(encoding) for line in lines]
    last_ended = not model or model[-1].endswith(line_feed(encoding))
    return end.join(written) + (end if written and last_ended else b"")


def _signed(sign: str, lines: Sequence[bytes], encoding: Encoding) -> Iterator[Line]:
    for line in lines:
        yield sign, line
    if lines and not lines[-1].endswith(line_feed(encoding)):
        yield "\\", b""
