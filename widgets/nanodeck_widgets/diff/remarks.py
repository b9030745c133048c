"""Comments among the rows of a diff: after which line each is shown, in what words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.contracts.comments import Comment, lines_named
from nanodeck_widgets.diff.body import Body
from nanodeck_widgets.diff.side import NOTHING
from nanodeck_widgets.diff.text import displayed, wrapped

INDENT = 2
"""Cells before the words of a comment, under its sign."""


class Spot(NamedTuple):
    """Where a comment is shown: under line `line` of a hunk (counted over all files), or its header.

    `adrift`: what it is on is not there as it was.
    """

    hunk: int
    line: int = NOTHING
    adrift: bool = False


class Remark(NamedTuple):
    """A comment in rows of words, and where it is shown."""

    comment: Comment
    spot: Spot
    rows: tuple[str, ...]


class Among:
    """The rows of one hunk with remarks between them: each `(row it comes before, its height)`, ascending."""

    def __init__(self, remarks: Sequence[tuple[int, int]]) -> None:
        heights = [height for _, height in remarks]
        self._before = [0, *accumulate(heights)]
        self._starts = [row + above for (row, _), above in zip(remarks, self._before, strict=False)]

    @property
    def height(self) -> int:
        """Rows that all remarks take."""
        return self._before[-1]

    def at(self, row: int) -> tuple[int, int]:
        """Which remark a row of all belongs to and its row there; NOTHING and the row without remarks."""
        remark = bisect_right(self._starts, row) - 1
        if remark < 0:
            return NOTHING, row
        inside = row - self._starts[remark]
        if inside < self._before[remark + 1] - self._before[remark]:
            return remark, inside
        return NOTHING, row - self._before[remark + 1]

    def around(self, row: int, end: int) -> tuple[int, int]:
        """The rows without remarks around such a row, of `end` rows of all: first, and after the last."""
        remark = bisect_right(self._starts, row) - 1
        first = self._starts[remark] + self._before[remark + 1] - self._before[remark] if remark >= 0 else 0
        return first, self._starts[remark + 1] if remark + 1 < len(self._starts) else end


def placed(
    changeset: Changeset, comments: Sequence[Comment], body: Callable[[int], Body], width: int
) -> list[Remark]:
    """`comments` on files of `changeset` in the order of its rows, in words of `width` cells.

    `body` gives the lines of a hunk. What is on no line in view is under the header of the nearest hunk.
    """
    hunks = [(file, hunk) for file in changeset.files for hunk in file.hunks]
    remarks = []
    for comment in comments:
        spot = _spot(comment, hunks, body)
        if spot is not None:
            remarks.append(Remark(comment, spot, _rows(comment, spot, width)))
    return sorted(remarks, key=lambda remark: remark.spot)


def _spot(
    comment: Comment, hunks: Sequence[tuple[FileDiff, Hunk]], body: Callable[[int], Body]
) -> Spot | None:
    """Where a comment is shown; None where its file is not."""
    file_of = (comment.path, comment.author)
    own = [place for place, (file, _) in enumerate(hunks) if (file.path, file.author) == file_of]
    numbers = comment.new or comment.old
    if not own or numbers is None:
        return Spot(own[0]) if own else None
    for place in own if not comment.stale else ():
        line = body(place).place_of(numbers[1], new=bool(comment.new))
        if line is not None:
            return Spot(place, line) if _is_last(body(place), line, comment) else Spot(place, adrift=True)

    def far(place: int) -> tuple[bool, int]:
        hunk = hunks[place][1]
        return hunk.id != comment.hunk, abs((hunk.new_start if comment.new else hunk.old_start) - numbers[0])

    return Spot(min(own, key=far), adrift=comment.stale)


def _is_last(body: Body, line: int, comment: Comment) -> bool:
    """Whether a comment's excerpt ends with a line, as far as it is kept."""
    side = (" ", "+") if comment.new else (" ", "-")
    kept = [said[1:] for said in comment.excerpt.split("\n") if said[:1] in side]
    numbers = comment.new or comment.old or (0, 0)
    whole = numbers[1] - numbers[0] < len(kept)
    return not whole or body[line].text.removesuffix("\r") == kept[-1]


def _rows(comment: Comment, spot: Spot, width: int) -> tuple[str, ...]:
    return tuple(_wrapped(f"{_head(comment, spot)}: {comment.text.strip()}", width - INDENT))


def _head(comment: Comment, spot: Spot) -> str:
    """Whose words they are, and on what where that is not the line above them."""
    numbers, lines = comment.new or comment.old, lines_named(comment)
    if numbers is None:
        return "you"
    several = numbers[0] < numbers[1]
    if spot.adrift:
        return f"you, on {lines} as {'they were' if several else 'it was'}"
    return f"you, {lines}" if several or spot.line == NOTHING else "you"


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        shown = displayed(line)
        for start, end in wrapped(shown, max(8, width)):
            yield shown[start:end]
