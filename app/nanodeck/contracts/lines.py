"""The lines of a hunk by their signs and numbers."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from nanodeck.contracts.changes import Hunk


class Line(NamedTuple):
    """One line of a hunk: its sign, its text, its number on each side (0 where it is not)."""

    sign: str
    text: str
    old: int
    new: int


class HunkLines(Protocol):
    """Lines by their places, 0-based."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Line: ...


def numbered(body: str, old: int, new: int) -> list[Line]:
    """The lines of `body` (signed, joined by newlines), counted from `old` and `new`."""
    lines: list[Line] = []
    for line in body.removesuffix("\n").split("\n"):
        sign = line[:1]
        if sign == "+":
            lines.append(Line("+", line[1:], 0, new))
            new += 1
        elif sign == "-":
            lines.append(Line("-", line[1:], old, 0))
            old += 1
        elif sign == "\\":
            lines.append(Line("\\", line[1:].strip(), 0, 0))
        else:
            lines.append(Line(" ", line[1:], old, new))
            old += 1
            new += 1
    return lines


def lines_of(hunk: Hunk) -> list[Line]:
    """The lines of a hunk; none where it has none to show."""
    return numbered(hunk.body, max(1, hunk.old_start), max(1, hunk.new_start)) if hunk.body else []
