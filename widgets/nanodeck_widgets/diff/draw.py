"""Rows of a diff as strips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.lines import Line
from nanodeck.contracts.text import one_line
from nanodeck.contracts.versions import Colour
from nanodeck_widgets.diff.moved import Moved
from nanodeck_widgets.diff.rows import Row, Rows
from nanodeck_widgets.diff.side import NOTHING
from nanodeck_widgets.diff.text import displayed, wrapped
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette
from nanodeck_widgets.strips import cells_before, index_at
from nanodeck_widgets.syntax import ink_of

BAR = 2
SIGN = 2
SEPARATOR = 3


Colouring = Callable[[FileDiff, Line, str], Sequence[Colour]]
"""Finds the coloured parts of a line of a file that is displayed as a text."""


class Verdict(NamedTuple):
    """What a hunk's header says of it; `marked`: so does its edge, `faded`: its lines will not be written."""

    sign: str
    words: str
    style: Style
    marked: bool = False
    faded: bool = False


class Ink(NamedTuple):
    """What rows are drawn with: styles, signs, cells scrolled to the right, what finds colours of code."""

    palette: Palette
    glyphs: Glyphs
    shift: int = 0
    colours: Colouring | None = None
    blanks_dimmed: bool = False


def bar(ink: Ink, current: bool, verdict: Verdict) -> Segment:
    """The edge of a hunk: wide under the cursor, in the colour of what was decided."""
    sign = ink.glyphs.bar if current else ink.glyphs.edge if verdict.marked else " "
    return Segment(f"{sign} ", verdict.style if verdict.marked else ink.palette.primary)


class Columns(NamedTuple):
    """Cells of the parts of a row: digits of a line number, text of the left and the right side.

    `numbers` are those before a line in unified layout: of both versions, or one.
    """

    digits: int
    left: int
    right: int
    numbers: int = 2

    @property
    def gutter(self) -> int:
        """Cells before the text in unified layout."""
        return BAR + self.numbers * (self.digits + 1) + SIGN

    @property
    def split_gutter(self) -> int:
        """Cells before the left text side by side."""
        return BAR + self.digits + 1 + SIGN

    @property
    def rail(self) -> int:
        """The cell of the line between the sides."""
        return self.split_gutter + self.left + SEPARATOR // 2

    @property
    def right_gutter(self) -> int:
        """Cells before the right text side by side."""
        return self.split_gutter + self.left + SEPARATOR + self.digits + 1 + SIGN


def digits_of(files: Sequence[FileDiff]) -> int:
    """Digits of the largest line number in `files`."""
    last = [file.hunks[-1] for file in files if file.hunks]
    ends = (max(hunk.old_start + hunk.old_count, hunk.new_start + hunk.new_count) for hunk in last)
    return max(3, len(str(max(ends, default=0))))


class _Stroke(NamedTuple):
    """A line to draw in a row; `faded`: as one that counts for little."""

    row: Row
    at: int
    line: Line
    ground: Style
    faded: bool
    moved: Moved | None = None


class Pen:
    """Draws the rows of one layout in one width."""

    def __init__(self, rows: Rows, unified: Columns, split: Columns, ink: Ink) -> None:
        self._rows = rows
        self._unified = unified
        self._split = split
        self._ink = ink

    def line(self, row: Row, current: bool, verdict: Verdict) -> Strip:
        """A row of one line, or of two beside each other."""
        edge = bar(self._ink, current, verdict)
        if self._rows.is_split(row.hunk):
            left = self._side(row, row.left, self._split.left, verdict, new=False)
            right = self._side(row, row.right, self._split.right, verdict, new=True)
            rail = Segment(f" {self._ink.glyphs.rail} ", self._ink.palette.frame)
            return Strip([edge, *left, rail, *right])
        stroke, digits = self._stroke(row, row.left, verdict), self._unified.digits
        old, new = (self._number(number, row.part) for number in (stroke.line.old, stroke.line.new))
        shown = (old, new) if self._unified.numbers > 1 else (new or old,)
        text = "".join(f"{number:>{digits}} " for number in shown)
        numbers = Segment(text, stroke.ground + self._ink.palette.muted)
        return Strip([edge, numbers, self._sign(stroke), *self._text(stroke, self._unified.left)])

    def _side(self, row: Row, index: int, width: int, verdict: Verdict, *, new: bool) -> list[Segment]:
        digits, palette = self._split.digits, self._ink.palette
        if index == NOTHING:
            hatch = "╲" if self._ink.glyphs.rule == "─" else "/"
            return [Segment(" " * (digits + 1 + SIGN), palette.muted), Segment(hatch * width, palette.frame)]
        stroke = self._stroke(row, index, verdict)
        number = self._number(stroke.line.new if new else stroke.line.old, row.part)
        numbers = Segment(f"{number:>{digits}} ", stroke.ground + palette.muted)
        return [numbers, self._sign(stroke), *self._text(stroke, width)]

    def _number(self, number: int, part: int) -> str:
        return str(number) if number and not part else ""

    def _stroke(self, row: Row, index: int, verdict: Verdict) -> _Stroke:
        line, palette = self._rows.body(row.hunk)[index], self._ink.palette
        changed = line.sign in "+-"
        blank = changed and self._ink.blanks_dimmed and self._rows.runs(row.hunk).is_blank_change(index)
        faded = blank or verdict.faded
        tinted = changed and not faded
        ground = Style.null() if not tinted else palette.added if line.sign == "+" else palette.removed
        # Found after the first frame, as the colours of code are.
        looked = changed and self._ink.colours is not None
        moved = self._rows.moves.get((row.hunk, index - self._rows.own(row.hunk).start)) if looked else None
        return _Stroke(row, index, line, ground, faded, moved)

    def _sign(self, stroke: _Stroke) -> Segment:
        palette, sign = self._ink.palette, stroke.line.sign
        styles = {"+": palette.added_sign, "-": palette.removed_sign}
        glyphs = self._ink.glyphs
        if part := stroke.row.part:
            # Beside a longer line there is nothing left of a shorter one.
            goes_on = part < len(self._parts(stroke))
            return Segment(f"{glyphs.goes_on if goes_on else ' '} ", stroke.ground + palette.muted)
        shown = sign if sign in styles else " "
        moved = " " if stroke.moved is None else glyphs.left_from if sign == "+" else glyphs.right_to
        return Segment(f"{shown}{moved}", stroke.ground + styles.get(sign, palette.muted))

    def _text(self, stroke: _Stroke, width: int) -> list[Segment]:
        """The text of a line in exactly `width` cells, where it was moved to in what it leaves of them."""
        segments = self._line_text(stroke, width)
        moved, last = stroke.moved, segments[-1]
        if moved is None or not moved.first or stroke.row.part or not last.text.isspace():
            return segments
        elsewhere = self._rows.file(stroke.row.hunk).path != moved.path
        where = f"{one_line(moved.path)}:{moved.line}" if elsewhere else f"line {moved.line}"
        said = f" moved {'from' if stroke.line.sign == '+' else 'to'} {where} "
        if (room := len(last.text) - cell_len(said)) < 1:
            return segments
        blank = Segment(" " * room, last.style)
        return [*segments[:-1], blank, Segment(said, stroke.ground + self._ink.palette.muted)]

    def _line_text(self, stroke: _Stroke, width: int) -> list[Segment]:
        row, line, ground = stroke.row, stroke.line, stroke.ground
        palette, shift = self._ink.palette, self._ink.shift
        if line.sign == "\\":
            return _filled([Segment(line.text[:width], palette.muted)], width, ground)
        text = self._rows.body(row.hunk).shown(stroke.at)
        if self._rows.wrap_of(row.hunk):
            ranges = self._parts(stroke)
            start, end = ranges[row.part] if row.part < len(ranges) else (0, 0)
            return _filled(self._painted(displayed(text), start, end, stroke), width, ground)
        # No more of a huge line than can be seen: a cell holds more than one character, but not many.
        more = 4 * (shift + width) + 64
        whole, text = len(text) <= more, displayed(text[:more])
        start, end = index_at(text, shift), index_at(text, shift + width)
        before, after = bool(shift and text), end < len(text) or not whole
        sign = Segment(self._ink.glyphs.ellipsis, ground + palette.muted)
        if text.isascii():
            shown = self._painted(text, start + before, end - after, stroke)
            return _filled([*[sign] * before, *shown, *[sign] * after], width, ground)
        # A wide character over the left edge leaves a cell to fill.
        blank = Segment(" " * max(0, cells_before(text, start) - shift), ground)
        strip = Strip(_filled([blank, *self._painted(text, start, end, stroke)], width, ground))
        strip = strip.crop(before, width - after)
        return [*[sign] * before, *strip, *[sign] * after]

    def _parts(self, stroke: _Stroke) -> tuple[tuple[int, int], ...]:
        """What of a wrapped line each of its rows shows."""
        hunk = stroke.row.hunk
        return wrapped(displayed(self._rows.body(hunk).shown(stroke.at)), self._rows.wrap_of(hunk))

    def _painted(self, text: str, start: int, end: int, stroke: _Stroke) -> list[Segment]:
        """Part of a displayed line with its colours and its changed words."""
        sign, hunk, palette = stroke.line.sign, stroke.row.hunk, self._ink.palette
        if stroke.faded:
            return _layered(text, start, end, palette.muted, ())
        layers: list[tuple[int, int, Style]] = []
        # Without a background of its own a changed line shows its side by the colour of its text.
        plain = sign != " " and palette.added.bgcolor is None
        if self._ink.colours is not None and not plain:
            found = self._ink.colours(self._rows.file(hunk), stroke.line, text)
            layers += [(a, b, ink_of(palette, kind)) for a, b, kind in found]
        word = palette.added_word if sign == "+" else palette.removed_word
        if stroke.moved is None:
            layers += [(a, b, word) for a, b in self._rows.runs(hunk).emphasis(stroke.at)]
        return _layered(text, start, end, stroke.ground, layers)


def _layered(
    text: str, start: int, end: int, ground: Style, layers: Sequence[tuple[int, int, Style]]
) -> list[Segment]:
    """`text[start:end]` with each layer's style over those before it."""
    edges = {min(max(edge, start), end) for layer in layers for edge in layer[:2]}
    segments: list[Segment] = []
    at = start
    for until in sorted(edges | {end}):
        if until > at:
            style = ground
            for first, last, over in layers:
                if first <= at and until <= last:
                    style = style + over
            if segments and segments[-1].style == style:
                segments[-1] = Segment(segments[-1].text + text[at:until], style)
            else:
                segments.append(Segment(text[at:until], style))
            at = until
    return segments


def _filled(segments: list[Segment], width: int, ground: Style) -> list[Segment]:
    used = sum(cell_len(segment.text) for segment in segments)
    return [*segments, Segment(" " * (width - used), ground)] if used < width else segments
