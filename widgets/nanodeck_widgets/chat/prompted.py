"""What the person said as rows: a long text is folded, and wrapped only where it is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.contracts.views import SaidEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.margins import Margin
from nanodeck_widgets.chat.wrap import Row

MOST_ROWS = 30
"""Rows of a text that is not folded by itself."""
FOLDED_ROWS = 10
MARGIN = 2
FOLDED_CHARACTERS = 20_000
TEXT_LIMIT, LINE_LIMIT = 1_000_000, 20_000
KINDS = {"steer": "steered", "queued": "from the queue"}


class SaidRows:
    """A text and what stands below it, by rows."""

    def __init__(self, lines: Sequence[str], foot: Sequence[Row], drawer: BlockDrawer, tag: str) -> None:
        self._lines = lines
        self._foot = foot
        self._drawer = drawer
        self._tag = tag
        self._ends = list(accumulate(self._height(place) for place in range(len(lines))))

    def __len__(self) -> int:
        return self._ends[-1] + len(self._foot)

    def __getitem__(self, index: int) -> Row:
        if index >= self._ends[-1]:
            return self._foot[index - self._ends[-1]]
        place = bisect_right(self._ends, index)
        row = self._wrapped(place)[index - (self._ends[place - 1] if place else 0)]
        return _tagged(row, self._tag, self._drawer) if self._tag and not index else row

    def line_of(self, row: int) -> int:
        """The line that a row of the text belongs to."""
        return bisect_right(self._ends, row)

    def _height(self, place: int) -> int:
        line = self._lines[place]
        if line.isascii() and len(line) <= self._drawer.measure - MARGIN:
            return 1
        return len(self._wrapped(place))

    def _wrapped(self, place: int) -> list[Row]:
        palette, sign = self._drawer.palette, self._drawer.glyphs.prompt
        first = Segment(f"{sign} ", palette.primary) if not place else Segment("  ")
        return self._drawer.wrapped([(self._lines[place], palette.strong)], [Margin(first, Segment("  "))])


def said_rows(entry: SaidEntry, drawer: BlockDrawer, unfolded: bool) -> SaidRows:
    """The person's text as typed; of a long one that is folded the first rows."""
    foot = [row for attached in entry.attachments for row in _attachment_rows(attached, drawer)]
    tag = KINDS.get(entry.kind, "")
    if not unfolded and (shown := _folded(entry.text, drawer)):
        left = entry.text.rstrip("\n").count("\n") + 1 - len(shown)
        more = counted(left, "more line") if left else f"{len(entry.text) - len(shown[0]):,} more characters"
        return SaidRows(shown, [*_note(f"{more} (ctrl+o)", drawer), *foot], drawer, tag)
    text, hidden = entry.text[:TEXT_LIMIT], max(0, len(entry.text) - TEXT_LIMIT)
    if hidden:
        foot = [*_note(f"{hidden:,} more characters are not drawn", drawer), *foot]
    return SaidRows([_cut(line) for line in _lines_of(text)], foot, drawer, tag)


def _folded(text: str, drawer: BlockDrawer) -> list[str]:
    """The lines a long text begins with, the only one cut to its first rows; none where it is not long."""
    lines = _lines_of(text[:FOLDED_CHARACTERS])
    rows = SaidRows(lines[: MOST_ROWS + 1], (), drawer, "")
    if len(rows) <= MOST_ROWS and len(text) <= FOLDED_CHARACTERS:
        return []
    last = rows.line_of(min(FOLDED_ROWS, len(rows) - 1))
    begun = (rows[row].glue.strip("\n") + rows[row].text for row in range(FOLDED_ROWS))
    return lines[:last] or ["".join(begun)]


def _lines_of(text: str) -> list[str]:
    return clean(text).expandtabs(4).rstrip("\n").split("\n")


def _cut(line: str) -> str:
    if len(line) <= LINE_LIMIT:
        return line
    return f"{line[:LINE_LIMIT]} ({len(line) - LINE_LIMIT:,} more characters of this line are not drawn)"


def _attachment_rows(attached: Attachment, drawer: BlockDrawer) -> list[Row]:
    palette, glyphs = drawer.palette, drawer.glyphs
    name = one_line(attached.name, 500)
    if attached.problem:
        sign, told = glyphs.warning, f"{name}: {one_line(attached.problem, 500)}"
        style = palette.warning
    else:
        sign, told, style = "@", f"{name}  {one_line(attached.about)}", palette.muted
    margin = Margin(Segment(f"  {sign} ", style), Segment("    "))
    return drawer.wrapped([(told, style)], [margin])


def _note(text: str, drawer: BlockDrawer) -> list[Row]:
    return drawer.wrapped([(f"  {drawer.glyphs.ellipsis} {text}", drawer.palette.muted)])


def _tagged(row: Row, tag: str, drawer: BlockDrawer) -> Row:
    """`row` with a tag at its right end, if there is room."""
    room = drawer.width - row.cells - cell_len(tag)
    if room < 2:
        return row
    blanks = Segment(" " * room, Style.null())
    return Row((*row.segments, blanks, Segment(tag, drawer.palette.muted)), row.text, row.indent, row.glue)
