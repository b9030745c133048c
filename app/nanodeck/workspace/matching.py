"""Edits by old and new text: each old text found in one place, then all of them applied at once.

An old text is looked for exactly first, then ever a little less so; each step must find one place only.
What the looser steps pass over (line ends, trailing blanks, indentation, curly quotes) stays in the file
as it was, except in the very words that an edit changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.loose import Place, find_loosely
from nanodeck.workspace.nearest import describe_miss
from nanodeck.workspace.splicing import line_end_near, main_line_end, splice


@dataclass(frozen=True)
class Edit:
    """Replace `old` by `new`: in its one place, or `everywhere`."""

    old: str
    new: str
    everywhere: bool = False


@dataclass(frozen=True)
class Matched:
    """A text with all edits applied; `strategy` says what was passed over to find them, if anything."""

    text: str
    strategy: str = ""


@dataclass(frozen=True)
class _Change:
    start: int
    end: int
    text: str
    edit: int


def apply_edits(text: str, edits: Sequence[Edit]) -> Matched:
    """Apply `edits`, all or none; every old text is looked for in the original `text`. Raises ToolError."""
    # The looser steps see a last line like any other; what is added here is taken off again.
    pad = "" if not text or text.endswith("\n") else main_line_end(text)
    padded = text + pad
    changes: list[_Change] = []
    strategies: dict[str, None] = {}
    for number, edit in enumerate(edits, 1):
        name = f"edit {number} of {len(edits)}: " if len(edits) > 1 else ""
        found, strategy = _changes(text, padded, edit, number, name)
        changes += found
        if strategy:
            strategies[strategy] = None
    changes.sort(key=lambda change: (change.start, change.end))
    for before, after in pairwise(changes):
        if after.start < before.end:
            first, second = sorted((before.edit, after.edit))
            raise ToolError(f"edits {first} and {second} overlap: make one edit of them")
    result = _applied(padded, changes)
    if pad:
        result = result.removesuffix("\r\n" if pad == "\r\n" and result.endswith(pad) else "\n")
    if result == text:
        raise ToolError("the edits change nothing: the file already reads like this")
    return Matched(result, ", ".join(strategies))


def _changes(text: str, padded: str, edit: Edit, number: int, name: str) -> tuple[list[_Change], str]:
    if not edit.old:
        raise ToolError(f"{name}old_string is empty: it can only start a new or empty file")
    if edit.old == edit.new:
        raise ToolError(f"{name}old_string and new_string are the same")
    if edit.everywhere:
        starts = _separate_starts(text, edit.old)
    else:
        starts = _all_starts(text, edit.old, 2)
        if len(starts) > 1:
            raise ToolError(name + _ambiguous(text, edit.old))
    if starts:
        return [_exact_change(padded, edit, start, number) for start in starts], ""
    places, strategy = find_loosely(padded, edit.old)
    if not places:
        raise ToolError(name + describe_miss(text, edit.old, edit.new))
    if len(places) > 1 and not edit.everywhere:
        lines = ", ".join(str(padded.count("\n", 0, place.start) + 1) for place in places[:5])
        raise ToolError(
            f"{name}old_string is not there exactly, and {strategy} it is there several times "
            f"(lines {lines}): add surrounding lines"
        )
    return [_loose_change(padded, edit, place, number) for place in _separate(places)], strategy


def _separate(places: Sequence[Place]) -> list[Place]:
    """`places` without those that overlap an earlier one."""
    kept: list[Place] = []
    for place in places:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _exact_change(padded: str, edit: Edit, start: int, number: int) -> _Change:
    end = start + len(edit.old)
    if "\r" in edit.old:
        return _Change(start, end, edit.new, number)
    # A plain line end at the start of the old text may be the second half of the file's CR LF.
    if edit.old[0] == "\n" and padded[start - 1 : start] == "\r":
        start -= 1
    elif "\n" not in edit.new or "\r" in edit.new:
        return _Change(start, end, edit.new, number)
    # Readers of the file are not shown CR, so a plain line end in new text means the file's own.
    new = splice(padded[start:end], edit.old, edit.new, line_end_near(padded, start, end))
    return _Change(start, end, new, number)


def _loose_change(padded: str, edit: Edit, place: Place, number: int) -> _Change:
    default = line_end_near(padded, place.start, place.end)
    new = splice(padded[place.start : place.end], place.shift(edit.old), place.shift(edit.new), default)
    return _Change(place.start, place.end, new, number)


def _applied(text: str, changes: Sequence[_Change]) -> str:
    pieces: list[str] = []
    position = 0
    for change in changes:
        pieces += (text[position : change.start], change.text)
        position = change.end
    return "".join((*pieces, text[position:]))


def _all_starts(text: str, old: str, limit: int) -> list[int]:
    """Where `old` begins, places that overlap each other included."""
    starts: list[int] = []
    start = text.find(old)
    while start >= 0 and len(starts) < limit:
        starts.append(start)
        start = text.find(old, start + 1)
    return starts


def _separate_starts(text: str, old: str) -> list[int]:
    starts: list[int] = []
    start = text.find(old)
    while start >= 0:
        starts.append(start)
        start = text.find(old, start + len(old))
    return starts


def _ambiguous(text: str, old: str) -> str:
    starts = _all_starts(text, old, 101)
    lines = ", ".join(str(text.count("\n", 0, start) + 1) for start in starts[:5])
    many = f"{len(starts)}" if len(starts) <= 100 else "over 100"
    more = ", ..." if len(starts) > 5 else ""
    return (
        f"old_string is there {many} times (lines {lines}{more}): add surrounding lines until it is unique,"
        " or set replace_all"
    )
