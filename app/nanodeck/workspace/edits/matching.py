"""Edits by old and new text: each old text found in one place, then all of them applied at once.

An old text is looked for exactly first, then ever a little less so, then as what a model may have wrapped
up by mistake; each step must find one place only. Every word and sign of it has to be there: what the steps
pass over (line ends, blanks, blank lines, typography) stays in the file as it was, except in the very words
that an edit changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.loose import Place, find_lines, find_loosely
from nanodeck.workspace.edits.nearest import describe_miss
from nanodeck.workspace.edits.readings import readings
from nanodeck.workspace.edits.splicing import line_end_near, main_line_end, shared, splice

_WORD = re.compile(r"\w")


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
class Change:
    """`start` to `end` of a text become `text`, as the edit of number `edit` (from 1) asks."""

    start: int
    end: int
    text: str
    edit: int


def apply_edits(text: str, edits: Sequence[Edit]) -> Matched:
    """Apply `edits`, all or none; every old text is looked for in the original `text`. Raises ToolError."""
    pad = padding(text)
    padded = text + pad
    changes: list[Change] = []
    strategies: list[str] = []
    for number, edit in enumerate(edits, 1):
        name = f"edit {number} of {len(edits)}: " if len(edits) > 1 else ""
        found, strategy = _changes(text, padded, edit, number, name)
        changes += found
        strategies.append(strategy)
    matched = apply_changes(padded, pad, changes, strategies)
    if matched.text == text:
        raise ToolError("the edits change nothing: the file already reads like this")
    return matched


def padding(text: str) -> str:
    """The line end that the last line lacks: the looser steps see it like any other."""
    return "" if not text or text.endswith("\n") else main_line_end(text)


def apply_changes(
    padded: str, pad: str, changes: list[Change], strategies: Sequence[str], *, called: str = "edits"
) -> Matched:
    """`changes` applied to a text with its `padding`, taken off again. Raises ToolError for overlaps."""
    result = _applied(padded, _apart(padded, changes, called))
    if pad:
        result = result.removesuffix("\r\n" if pad == "\r\n" and result.endswith(pad) else "\n")
    return Matched(result, ", ".join(dict.fromkeys(filter(None, strategies))))


def _apart(text: str, changes: list[Change], called: str) -> list[Change]:
    """`changes` in order, those that share only lines neither changes cut down to what they do change."""
    in_order = sorted(changes, key=lambda change: (change.start, change.end))
    if _first_clash(in_order) is None:
        return in_order
    in_order = sorted(
        (_cut_down(text, change) for change in changes), key=lambda change: (change.start, change.end)
    )
    if clash := _first_clash(in_order):
        first, second = sorted(change.edit for change in clash)
        raise ToolError(f"{called} {first} and {second} overlap: make one of them")
    return in_order


def _first_clash(in_order: list[Change]) -> tuple[Change, Change] | None:
    for before, after in pairwise(in_order):
        if after.start < before.end or before.start == after.start == after.end:
            return before, after
    return None


def _cut_down(text: str, change: Change) -> Change:
    """`change` without the lines at its ends that stay as they are."""
    old, new = _with_ends(text[change.start : change.end]), _with_ends(change.text)
    head = shared(old, new)
    tail = shared(old[head:][::-1], new[head:][::-1])
    lead, trail = len("".join(old[:head])), len("".join(old[len(old) - tail :]))
    kept = change.text[lead : len(change.text) - trail]
    return replace(change, start=change.start + lead, end=change.end - trail, text=kept)


def _with_ends(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(line + "\n" for line in lines[:-1]), lines[-1]]


def _changes(text: str, padded: str, edit: Edit, number: int, name: str) -> tuple[list[Change], str]:
    if not edit.old:
        raise ToolError(f"{name}old_string is empty: it can only start a new or empty file")
    if edit.old == edit.new:
        raise ToolError(f"{name}old_string and new_string are the same")
    if found := _found(text, padded, edit, number, name):
        return found
    for reading in readings(edit.old, edit.new):
        read = replace(edit, old=reading.old, new=reading.new)
        if found := _found(text, padded, read, number, name):
            changes, strategy = found
            return changes, ", ".join(filter(None, (reading.name, strategy)))
    raise ToolError(name + describe_miss(text, edit.old, edit.new))


def _found(text: str, padded: str, edit: Edit, number: int, name: str) -> tuple[list[Change], str] | None:
    """What becomes of the place, or `everywhere` the places, of an edit, and how they were found."""
    if edit.everywhere:
        starts = _separate_starts(text, edit.old)
    else:
        starts = _all_starts(text, edit.old, 2)
        if len(starts) > 1:
            raise ToolError(name + _ambiguous(text, edit.old))
    if len(starts) == 1 and (other := _whole_line_besides(text, padded, edit.old, starts[0])):
        raise ToolError(
            f"{name}old_string is there only inside a word; line {other} may be meant: read it again"
        )
    if starts:
        return [_exact_change(padded, edit, start, number) for start in starts], ""
    places, strategy = find_loosely(padded, edit.old)
    if not places:
        return None
    if len(places) > 1 and not edit.everywhere:
        lines = ", ".join(str(padded.count("\n", 0, place.start) + 1) for place in places[:5])
        raise ToolError(
            f"{name}old_string is not there exactly, and {strategy} it is there several times "
            f"(lines {lines}): add surrounding lines"
        )
    return [change_at(padded, edit, place, number) for place in _separate(places)], strategy


def _whole_line_besides(text: str, padded: str, old: str, start: int) -> int | None:
    """The first line that reads like `old` but for blanks, where its exact place cuts words in two."""
    if not (_cuts_word(text, start) or _cuts_word(text, start + len(old))):
        return None
    return next((padded.count("\n", 0, place.start) + 1 for place in find_lines(padded, old)), None)


def _cuts_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and all(map(_WORD.match, text[position - 1 : position + 1]))


def _separate(places: Sequence[Place]) -> list[Place]:
    """`places` without those that overlap an earlier one."""
    kept: list[Place] = []
    for place in places:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _exact_change(padded: str, edit: Edit, start: int, number: int) -> Change:
    end = start + len(edit.old)
    if "\r" in edit.old:
        return Change(start, end, edit.new, number)
    # A plain line end at the start of the old text may be the second half of the file's CR LF.
    if edit.old[0] == "\n" and padded[start - 1 : start] == "\r":
        start -= 1
    elif "\n" not in edit.new or "\r" in edit.new:
        return Change(start, end, edit.new, number)
    # Readers of the file are not shown CR, so a plain line end in new text means the file's own.
    new = splice(padded[start:end], edit.old, edit.new, line_end_near(padded, start, end))
    return Change(start, end, new, number)


def change_at(padded: str, edit: Edit, place: Place, number: int) -> Change:
    """What `edit`, of that number, makes of `place`."""
    default = line_end_near(padded, place.start, place.end)
    old, new = place.settle(edit.old, edit.new)
    new = splice(padded[place.start : place.end], old, new, default)
    return Change(place.start, place.end, new, number)


def _applied(text: str, changes: Sequence[Change]) -> str:
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
