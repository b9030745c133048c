"""The hunks of a patch in a file's text: each in one place of whole lines, then all applied at once.

A hunk stands behind the one before it and behind the lines it is anchored to; without an anchor there must
be one such place only. Lines that are not there exactly are looked for as loosely as those of any edit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.envelope import PatchHunk
from nanodeck.workspace.edits.loose import IGNORING_ENDS, Place, find_loosely
from nanodeck.workspace.edits.matching import Change, Edit, Matched, apply_changes, change_at, padding
from nanodeck.workspace.edits.nearest import describe_miss
from nanodeck.workspace.edits.readings import Reading, readings
from nanodeck.workspace.edits.splicing import main_line_end


def apply_hunks(text: str, hunks: Sequence[PatchHunk]) -> Matched:
    """Apply `hunks`, all or none. Raises ToolError naming the hunk that has no place, or several."""
    pad = padding(text)
    located = _Located(text + pad)
    changes: list[Change] = []
    strategies: list[str] = []
    for number, hunk in enumerate(hunks, 1):
        name = f"hunk {number} of {len(hunks)}: " if len(hunks) > 1 else ""
        change, strategy = located.change(hunk, number, name)
        changes.append(change)
        strategies.append("" if strategy == IGNORING_ENDS else strategy)
    return apply_changes(text + pad, pad, changes, strategies, called="hunks")


class _Located:
    """A text by its lines, and how far the hunks of a patch have come in it."""

    def __init__(self, padded: str) -> None:
        whole = padded.split("\n")[:-1]
        self._padded = padded
        self._lines = [line.removesuffix("\r") for line in whole]
        self._starts = [0, *accumulate(len(line) + 1 for line in whole)]
        self._reached = 0

    def change(self, hunk: PatchHunk, number: int, name: str) -> tuple[Change, str]:
        """What `hunk` makes of its place, and how that was found. Raises ToolError."""
        begin, anchored = self._behind(hunk.anchors)
        if not hunk.old:
            return self._insertion(hunk, begin, anchored, number), ""
        place, reading = self._exact(hunk, begin, anchored, name), Reading(hunk.old, hunk.new, "")
        strategy = ""
        if place is None:
            place, reading, strategy = self._loose(hunk, begin, name)
        self._reached = bisect_right(self._starts, place.end - 1)
        return change_at(self._padded, Edit(reading.old, reading.new), place, number), strategy

    def _behind(self, anchors: Sequence[str]) -> tuple[int, bool]:
        """The line from which a hunk is looked for, and whether all its anchors are above that."""
        at = self._reached
        for anchor in anchors:
            found = self._anchor(anchor, at)
            if found is None:
                return self._reached, False
            at = found
        return at, bool(anchors)

    def _anchor(self, anchor: str, begin: int) -> int | None:
        """The next line that reads like `anchor`, else one that starts so: they are cut when long."""
        wanted = anchor.strip()
        rest = range(begin, len(self._lines))
        alike = [number for number in rest if self._lines[number].strip().startswith(wanted)]
        same = (number for number in alike if self._lines[number].strip() == wanted)
        return next(same, alike[0] if alike else None)

    def _insertion(self, hunk: PatchHunk, begin: int, anchored: bool, number: int) -> Change:
        """Lines added where nothing is said of those around them: behind the anchor, else at the end."""
        line = len(self._lines)
        if anchored:
            line = begin + 1
        elif hunk.line:
            line = min(hunk.line - 1, line)
        at = self._starts[line]
        return Change(at, at, hunk.new.replace("\n", main_line_end(self._padded)), number)

    def _exact(self, hunk: PatchHunk, begin: int, anchored: bool, name: str) -> Place | None:
        old = hunk.old.split("\n")[:-1]
        found = list(self._runs(old, begin))
        if not found:
            found, anchored = list(self._runs(old, 0)), False
        if not found:
            return None
        line = found[0]
        if hunk.at_end and found[-1] + len(old) == len(self._lines):
            line = found[-1]
        elif hunk.line - 1 in found:
            line = hunk.line - 1
        elif len(found) > 1 and not anchored:
            raise ToolError(name + _several([line + 1 for line in found]))
        return Place(self._starts[line], self._starts[line + len(old)], lambda old, new: (old, new))

    def _runs(self, old: Sequence[str], begin: int) -> Iterator[int]:
        for line in range(begin, len(self._lines) - len(old) + 1):
            if self._lines[line] == old[0] and self._lines[line : line + len(old)] == old:
                yield line

    def _loose(self, hunk: PatchHunk, begin: int, name: str) -> tuple[Place, Reading, str]:
        for reading in (Reading(hunk.old, hunk.new, ""), *readings(hunk.old, hunk.new)):
            for start in dict.fromkeys((self._starts[begin], 0)):
                places, strategy = find_loosely(self._padded[start:], reading.old, whole=True)
                if len(places) > 1:
                    lines = [bisect_right(self._starts, start + place.start) for place in places]
                    raise ToolError(f"{name}not there exactly, and {strategy} {_several(lines)}")
                if places:
                    (found,) = places
                    place = Place(start + found.start, start + found.end, found.settle)
                    return place, reading, ", ".join(filter(None, (reading.name, strategy)))
        names = "what the hunk replaces", "what it puts there"
        raise ToolError(name + describe_miss(self._padded, hunk.old, hunk.new, names))


def _several(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:5]))
    return (
        f"its lines are there several times (lines {shown}): add lines around them, or "
        "'@@' with the line of the function they are in"
    )
