"""New text in the file's own blank space, where the old text had all the words but other blanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

from nanodeck.workspace.edits.splicing import aligned, merged

_BLANKS = " \t"
_DEEPEST_UNIT = 4


@dataclass(frozen=True)
class Twins:
    """The file's lines `start` to `end` by the line of the old text they stand for.

    A blank line the file lacks has none; one that only the file has stands with the line before it.
    """

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls, wanted: Sequence[str], words: Sequence[str], contents: Sequence[str], found: Sequence[int]
    ) -> Twins:
        """Twins of `wanted`, whose lines with words are the lines `found` of the file's `contents`."""
        filled = [number for number, seen in enumerate(words) if seen]
        before = _blank_lines(contents[: found[0]][::-1], filled[0])
        after = _blank_lines(contents[found[-1] + 1 : -1], len(wanted) - 1 - filled[-1])
        start, end = found[0] - before, found[-1] + 1 + after
        rows: list[tuple[str, ...]] = [()] * len(wanted)
        for number in range(before):
            rows[filled[0] - before + number] = (contents[start + number],)
        stops = [*zip(filled[1:], found[1:], strict=True), (len(wanted), end)]
        for number, line, (next_number, next_line) in zip(filled, found, stops, strict=True):
            last = min(next_number - number, next_line - line) - 1
            for step in range(last):
                rows[number + step] = (contents[line + step],)
            rows[number + last] = tuple(contents[line + last : next_line])
        return cls(start, end, tuple(rows))


def _blank_lines(lines: Sequence[str], most: int) -> int:
    """How many lines without words `lines` begin with, at most `most`."""
    return next((n for n, line in enumerate(lines[:most]) if line.strip()), min(most, len(lines)))


def settle_blanks(twins: Twins, old: str, new: str) -> tuple[str, str]:
    """The file's lines themselves, and `new` with what it has in common with `old` taken from them."""
    old_lines, new_lines = _lines(old), _lines(new)
    ends_line = len(old_lines) > len(twins.rows)
    depths = _Depths.of(old_lines, new_lines, twins)
    settled: list[str] = []
    for low, high, new_low, new_high, same in aligned(old_lines, new_lines):
        if same and low < len(twins.rows):
            settled += [line for row in twins.rows[low:high] for line in row]
            if high > len(twins.rows):
                settled.append("")
            continue
        for number in range(new_low, new_high):
            partner = low + number - new_low
            row = twins.rows[partner] if partner < min(high, len(twins.rows)) else ()
            theirs, ours = (row[0], old_lines[partner]) if row else ("", "")
            content = new_lines[number].lstrip(_BLANKS)
            if content:
                indent = depths.turned(indent_of(new_lines[number]), min(partner, high))
                content = indent + merged(theirs.lstrip(_BLANKS), ours.lstrip(_BLANKS), content)
            settled += (content, *row[1:]) if content else (content,)
    region = [line for row in twins.rows for line in row]
    return "\n".join([*region, ""] if ends_line else region), "\n".join(settled)


def stand_alike(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Whether two texts of the same words have the same lines deeper than others.

    What is passed over: where the first line stands, as texts are often cut out without the blanks before
    them; half a level on any line; another way to indent, the same for all lines.
    """
    indents = list(zip(map(indent_of, wanted), map(indent_of, found), strict=True))
    if all(ours == theirs for ours, theirs in indents[1:]):
        return True
    if _nearly_right(indents):
        return True
    depths = dict(indents)
    in_order = sorted(depths.items(), key=lambda pair: len(pair[0]))
    return all(depths[ours] == theirs for ours, theirs in indents) and all(
        len(before) < len(after) for (_, before), (_, after) in pairwise(in_order)
    )


def _nearly_right(indents: Sequence[tuple[str, str]]) -> bool:
    """Whether every line is at most half a level off."""
    level = _unit({theirs for _, theirs in indents if theirs})
    return all(
        "\t" not in ours + theirs and abs(len(ours) - len(theirs)) * 2 <= level for ours, theirs in indents
    )


@dataclass(frozen=True)
class _Depths:
    """How deep the lines of an old text stand in it and in the file: (line, there, here).

    A character of depth there is `scale` characters here; up to `slack` of them may be a slip.
    """

    pairs: tuple[tuple[int, str, str], ...]
    scale: float
    sign: str
    slack: int

    @classmethod
    def of(cls, old: Sequence[str], new: Sequence[str], twins: Twins) -> _Depths:
        """Depths of the lines of `old`; `new` shows how deep one level is in the model's text."""
        pairs = tuple(
            (number, indent_of(old[number]), indent_of(row[0]))
            for number, row in enumerate(twins.rows)
            if row and row[0].strip()
        )
        told = {ours for _, ours, _ in pairs if ours} | {indent_of(line) for line in new if line.strip()}
        found = {theirs for _, _, theirs in pairs if theirs}
        indents = [pair[1:] for pair in pairs]
        slips = _nearly_right(indents) and any(ours != theirs for ours, theirs in indents)
        alike = slips or any(ours and ours == theirs for ours, theirs in indents)
        scale = 1.0 if alike or not found else _unit(found) / _unit(told)
        sign = next((indent[-1] for indent in found), "")
        return cls(pairs, scale, sign, _unit(found) // 2 if slips else 0)

    def turned(self, indent: str, near: int) -> str:
        """The file's indent for a new line of `indent` near line `near` of the old text."""
        around = sorted(self.pairs, key=lambda pair: abs(pair[0] - near))
        for _, ours, theirs in around:
            if ours == indent:
                return theirs
        nearest = min((pair[2] for pair in around), key=lambda theirs: abs(len(theirs) - len(indent)))
        if abs(len(nearest) - len(indent)) <= self.slack:
            return nearest
        drifts = Counter(map(self._drift, around))
        around.sort(key=lambda pair: (-drifts[self._drift(pair)], abs(len(pair[1]) - len(indent))))
        for _, ours, theirs in around:
            more = round((len(indent) - len(ours)) * self.scale)
            if indent.startswith(ours):
                return theirs + (self.sign * more if self.sign else indent[len(ours) :])
            if ours.startswith(indent):
                return theirs[: max(len(theirs) + more, 0)]
        return indent

    def _drift(self, pair: tuple[int, str, str]) -> int:
        """How many characters too many an indent has in the file."""
        return len(pair[2]) - round(len(pair[1]) * self.scale)


def _unit(indents: set[str]) -> int:
    """How many characters one level has."""
    return min(gcd(*map(len, indents)) or 1, _DEEPEST_UNIT)


def indent_of(line: str) -> str:
    """The blanks a line begins with."""
    return line[: len(line) - len(line.lstrip(_BLANKS))]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")
