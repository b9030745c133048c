"""Lines that were only moved: removed in one place and added in another, perhaps deeper indented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nanodeck.contracts.changes import Changeset, Hunk

MOST_LINES = 20_000
"""Of longer changes nobody is told what was moved: finding it would take too long."""
LEAST = 20
"""Letters and digits that lines need together to be taken for moved: fewer come again by chance."""
MOST_PLACES = 8
"""How many lines of the same text are looked at."""


class Moved(NamedTuple):
    """Where the other end of a moved line is; `first` of those that moved together."""

    path: str
    line: int
    first: bool


Moves = dict[tuple[int, int], Moved]
"""Moved lines by hunk, counted over all files, and by line of that hunk."""


class _Line(NamedTuple):
    hunk: int
    place: int
    run: int
    text: str
    path: str
    number: int


def moved_lines(changeset: Changeset) -> Moves:
    """Every line that was moved, of both ends."""
    hunks = [(file.path, hunk) for file in changeset.files for hunk in file.hunks]
    if sum(hunk.body.count("\n") for _, hunk in hunks) > MOST_LINES:
        return {}
    removed: list[_Line] = []
    added: list[_Line] = []
    for place, (path, hunk) in enumerate(hunks):
        for line, sign in _changed(place, path, hunk):
            (removed if sign == "-" else added).append(line)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(added):
        places[line.text].append(at)
    moves: Moves = {}
    at = 0
    while at < len(removed):
        start, length = _longest(removed, at, added, places[removed[at].text], moves)
        for step in range(length):
            old, new = removed[at + step], added[start + step]
            moves[old.hunk, old.place] = Moved(new.path, new.number, not step)
            moves[new.hunk, new.place] = Moved(old.path, old.number, not step)
        at += max(1, length)
    return moves


def _longest(
    removed: Sequence[_Line], at: int, added: Sequence[_Line], places: Sequence[int], taken: Moves
) -> tuple[int, int]:
    """Where the lines from `at` on come again for longest, and for how many lines; 0 where they do not."""
    best = 0, 0
    for place in places[:MOST_PLACES] if removed[at].text else ():
        length = 0
        while (
            at + length < len(removed)
            and place + length < len(added)
            and _goes_on(removed, at, length)
            and _goes_on(added, place, length)
            and _same(removed[at + length], added[place + length])
            and (added[place + length].hunk, added[place + length].place) not in taken
        ):
            length += 1
        if length > best[1] and _letters(removed[at : at + length]) >= LEAST:
            best = place, length
    return best


def _same(old: _Line, new: _Line) -> bool:
    """Whether a line came again elsewhere: within one change it was only written anew."""
    return old.text == new.text and (old.hunk, old.run) != (new.hunk, new.run)


def _goes_on(lines: Sequence[_Line], first: int, length: int) -> bool:
    """Whether the line `length` after the first one follows those before it in the same hunk."""
    begin, line = lines[first], lines[first + length]
    return line.hunk == begin.hunk and line.place == begin.place + length


def _letters(lines: Sequence[_Line]) -> int:
    return sum(character.isalnum() for line in lines for character in line.text)


def _changed(place: int, path: str, hunk: Hunk) -> Iterator[tuple[_Line, str]]:
    """The removed and added lines of a hunk, those of one change with the same `run`."""
    old, new, run, before = hunk.old_start, hunk.new_start, 0, " "
    for index, text in enumerate(hunk.body.split("\n")):
        sign = text[:1]
        run += sign == " " or (sign == "-" and before == "+")
        if sign in ("-", "+"):
            number = old if sign == "-" else new
            yield _Line(place, index, run, text[1:].strip(), path, number), sign
        old += sign in ("-", " ")
        new += sign in ("+", " ")
        before = sign if sign != "\\" else before
