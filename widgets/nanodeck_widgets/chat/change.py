"""The lines an edit changed, a few of them, under its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace
from rich.cells import cell_len
from rich.segment import Segment

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark
from nanodeck.contracts.text import clean, counted
from nanodeck.contracts.views import ReviewView, ToolEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.wrap import Row
from nanodeck_widgets.diff.edited import with_edits
from nanodeck_widgets.diff.highlight import colours
from nanodeck_widgets.frame import cut
from nanodeck_widgets.syntax import ink_of

MOST_ROWS = 8
INDENT = 4
LONGEST = 2_000


class Changed(NamedTuple):
    """A line that was added or removed, with its number in the file it is or was in."""

    path: str
    sign: str
    number: int
    text: str


def files_of(entry: ToolEntry, review: ReviewView) -> list[FileDiff]:
    """The files of `review` that the call is about: where its title names none, all."""
    files = review.changeset.files
    return [file for file in files if file.path in entry.title] or list(files)


def change_rows(entry: ToolEntry, review: ReviewView, drawer: BlockDrawer) -> list[Row]:
    """What was written of the call's change, its first lines."""
    written = replace(review, changeset=with_edits(review.changeset, review.marks))
    marks = {(mark.path, mark.hunk): mark for mark in review.marks if mark.mark in ("accepted", "edited")}
    changed = [
        line
        for file in files_of(entry, written)
        for hunk in file.hunks
        # Nobody was asked where there is no mark at all.
        if not review.marks or (file.path, hunk.id) in marks
        for line in _lines(file.path, hunk, marks.get((file.path, hunk.id)))
    ]
    shown = _moved_left(changed[:MOST_ROWS])
    digits = max((len(str(line.number)) for line in shown), default=0)
    rows = [_row(line, digits, drawer) for line in shown]
    if (left := len(changed) - MOST_ROWS) > 0:
        note = f"{drawer.glyphs.ellipsis} {counted(left, 'more line')}"
        rows.append(Row((Segment(" " * INDENT), Segment(note, drawer.palette.muted)), note, INDENT))
    return rows


def _lines(path: str, hunk: Hunk, mark: HunkMark | None) -> Iterator[Changed]:
    """The lines of a hunk that were written, of some that were picked those alone."""
    old, new = hunk.old_start, hunk.new_start
    for place, line in enumerate(hunk.body.split("\n")):
        sign, text = line[:1], line[1:]
        if sign in ("+", "-") and (mark is None or not mark.lines or place in mark.lines):
            shown = clean(text.removesuffix("\r")[:LONGEST]).expandtabs(4)
            yield Changed(path, sign, old if sign == "-" else new, shown)
        old += sign in ("-", " ")
        new += sign in ("+", " ")


def _moved_left(lines: list[Changed]) -> list[Changed]:
    """`lines` without the indentation that all of them have."""
    written = [line.text for line in lines if line.text.strip()]
    shared = min((len(text) - len(text.lstrip(" ")) for text in written), default=0)
    return [line._replace(text=line.text[shared:]) for line in lines]


def _row(line: Changed, digits: int, drawer: BlockDrawer) -> Row:
    palette, width = drawer.palette, drawer.measure - INDENT
    added = line.sign == "+"
    ground, sign = (palette.added, palette.added_sign) if added else (palette.removed, palette.removed_sign)
    lead = f" {line.number:>{digits}} "
    text = cut(line.text, width - len(lead) - 2, drawer.glyphs.ellipsis)
    segments = [
        Segment(" " * INDENT),
        Segment(lead, ground + palette.muted),
        Segment(f"{line.sign} ", ground + sign),
    ]
    at = 0
    for start, end, kind in colours(line.path, text) if palette.added.bgcolor is not None else ():
        segments += [
            Segment(text[at:start], ground),
            Segment(text[start:end], ground + ink_of(palette, kind)),
        ]
        at = end
    filling = " " * (width - len(lead) - 2 - cell_len(text))
    segments += [Segment(text[at:], ground), Segment(filling, ground)]
    return Row(tuple(segment for segment in segments if segment.text), text, INDENT + len(lead) + 2)
