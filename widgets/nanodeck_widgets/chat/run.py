"""Calls that only looked, one after the other: together they are one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from nanodeck.contracts.text import counted, one_line
from nanodeck.contracts.views import Entry, ReplyEntry, ToolEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.reply import is_silent
from nanodeck_widgets.chat.tool import call_row, outcome
from nanodeck_widgets.chat.wrap import Piece, Row

LOOKS = frozenset({"read", "grep", "glob", "ls"})
LONGEST = 32
"""Entries of a run at most: finding its ends must not cost more in a long session."""


def is_quiet(entry: Entry) -> bool:
    """Whether an entry is a call that looked at something and found it."""
    return (
        isinstance(entry, ToolEntry)
        and entry.name in LOOKS
        and entry.state == "ended"
        and entry.outcome == "ok"
        and not entry.typed
    )


def run_around(entries: Sequence[Entry], index: int) -> list[int]:
    """The places of the calls that share a row with the one at `index`, in order; itself alone where none."""
    if not is_quiet(entries[index]):
        return [index]
    start = index - index % LONGEST
    stop = min(start + LONGEST, len(entries))
    before = _reach(entries, range(index - 1, start - 1, -1))
    return [*reversed(before), index, *_reach(entries, range(index + 1, stop))]


def _reach(entries: Sequence[Entry], places: Sequence[int]) -> list[int]:
    reached: list[int] = []
    for place in places:
        entry = entries[place]
        if is_quiet(entry):
            reached.append(place)
        elif not (isinstance(entry, ReplyEntry) and is_silent(entry)):
            break
    return reached


def _object(call: ToolEntry) -> str:
    """What a call looked at; of a file that was read its name alone, for several have to fit."""
    shown = one_line(call.title, 200).removeprefix(f"{call.name} ")
    return shown.rpartition("/")[2] or shown if call.name == "read" else shown


def run_row(calls: Sequence[ToolEntry], drawer: BlockDrawer) -> Row:
    """What was looked at, tool by tool."""
    palette, title = drawer.palette, list[Piece]()
    name_of: Callable[[ToolEntry], str] = lambda call: call.name  # noqa: E731
    for name, group in groupby(calls, name_of):
        what = ", ".join(_object(call) for call in group)
        title += [(f"{'  ' if title else ''}{name} ", palette.strong), (what, palette.text)]
    seconds = sum(call.seconds for call in calls)
    told = f"{drawer.glyphs.done} {counted(len(calls), 'call')}"
    return call_row(drawer.glyphs.folded, title, outcome(told, palette.success, seconds, drawer), drawer)
