"""Unchanged lines around hunks: where there are some, which were asked for, the hunk with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from nanodeck.contracts.changes import Author, FileDiff, Hunk
from nanodeck.contracts.queries import Lines

ENDLESS = 1 << 40
"""The number of a line that no file has."""
STEP = 10
"""Lines on each side that are asked for at once."""


FileName = tuple[str, Author]
"""A file by its path and by whose changes of it are shown."""


class Around(NamedTuple):
    """Unchanged lines before and after the lines of a hunk."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


class Gap(NamedTuple):
    """Numbers of lines of the old version: from the first up to, but without, the last."""

    first: int
    last: int


def name_of(file: FileDiff) -> FileName:
    """A file's name."""
    return file.path, file.author


def widened(hunk: Hunk, around: Around) -> Hunk:
    """`hunk` with lines around it as context."""
    above, below = len(around.above), len(around.below)
    lines = [*(f" {line}" for line in around.above), *_lines(hunk), *(f" {line}" for line in around.below)]
    old, new = _begin(hunk.old_start, hunk.old_count), _begin(hunk.new_start, hunk.new_count)
    return replace(
        hunk,
        old_start=old - above,
        old_count=hunk.old_count + above + below,
        new_start=new - above,
        new_count=hunk.new_count + above + below,
        body="\n".join(lines),
    )


def gaps_of(file: FileDiff, place: int) -> tuple[Gap, Gap]:
    """The unchanged lines before and after a hunk, up to its neighbours; behind the last without an end."""
    hunk = file.hunks[place]
    first = _begin(hunk.old_start, hunk.old_count)
    before = [other for other in file.hunks[:place] if other.body]
    after = [other for other in file.hunks[place + 1 :] if other.body]
    start = _begin(before[-1].old_start, before[-1].old_count) + before[-1].old_count if before else 1
    end = _begin(after[0].old_start, after[0].old_count) if after else ENDLESS
    return Gap(start, first), Gap(first + hunk.old_count, end)


def nearest(gap: Gap, lines: int, *, above: bool) -> Gap:
    """The `lines` of a gap next to the hunk it is `above` of, or else below."""
    if above:
        return Gap(max(gap.first, gap.last - lines), gap.last)
    return Gap(gap.first, min(gap.last, gap.first + lines))


class Surroundings:
    """The lines asked for around hunks of one source, and those that are known."""

    def __init__(self) -> None:
        self._asked: dict[tuple[FileName, int], int] = {}
        self._known: dict[FileName, dict[int, str]] = {}
        self._ends: dict[FileName, int] = {}

    def grow(self, file: FileDiff, place: int) -> bool:
        """Ask for more lines around a hunk; False when there are no more, and it stands alone again."""
        name = name_of(file), file.hunks[place].id
        before = self.gaps(file, place)
        self._asked[name] = self._asked.get(name, 0) + STEP
        if self.gaps(file, place) != before:
            return True
        del self._asked[name]
        return False

    def gaps(self, file: FileDiff, place: int) -> tuple[Gap, Gap]:
        """The lines asked for above and below a hunk; those between two belong to the upper one first."""
        above, below = gaps_of(file, place)
        asked = self._asked.get((name_of(file), file.hunks[place].id), 0)
        upper = next((other for other in range(place - 1, -1, -1) if file.hunks[other].body), None)
        if upper is not None:
            taken = self._asked.get((name_of(file), file.hunks[upper].id), 0)
            above = Gap(min(above.last, above.first + taken), above.last)
        end = self._ends.get(name_of(file), ENDLESS)
        below = Gap(below.first, max(below.first, min(below.last, end + 1)))
        return nearest(above, asked, above=True), nearest(below, asked, above=False)

    def missing(self, file: FileDiff) -> Iterator[Gap]:
        """What is asked for around hunks of a file and not known."""
        known = self._known.get(name_of(file), {})
        for place, hunk in enumerate(file.hunks):
            if (name_of(file), hunk.id) in self._asked:
                for gap in self.gaps(file, place):
                    if any(number not in known for number in range(gap.first, gap.last)):
                        yield gap

    def learn(self, file: FileName, lines: Lines) -> None:
        """Lines of the version of a file before its changes."""
        texts = lines.text.split("\n") if lines.first < lines.total else []
        self._known.setdefault(file, {}).update(enumerate(texts, lines.first + 1))
        self._ends[file] = lines.total

    def forget(self, file: FileName) -> None:
        """The file is another one now: what is known of it may be wrong."""
        self._known.pop(file, None)
        self._ends.pop(file, None)

    def around(self, files: Sequence[FileDiff]) -> dict[int, Around]:
        """What is known of the lines asked for, by the places of their hunks over all files."""
        found: dict[int, Around] = {}
        first = 0
        for file in files if self._asked else ():
            known = self._known.get(name_of(file), {})
            for place, hunk in enumerate(file.hunks):
                if (name_of(file), hunk.id) in self._asked:
                    above, below = self.gaps(file, place)
                    lines = Around(_all_of(known, above), _all_of(known, below))
                    if any(lines):
                        found[first + place] = lines
            first += len(file.hunks)
        return found


def _all_of(known: Mapping[int, str], gap: Gap) -> tuple[str, ...]:
    """The lines of a gap; none as long as one of them is not known."""
    numbers = range(gap.first, gap.last)
    return tuple(known[number] for number in numbers) if all(n in known for n in numbers) else ()


def _begin(start: int, count: int) -> int:
    """The number of a hunk's first line; one without lines stands behind the line it names."""
    return start if count else start + 1


def _lines(hunk: Hunk) -> Sequence[str]:
    return hunk.body.removesuffix("\n").split("\n")
