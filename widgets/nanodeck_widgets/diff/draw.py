"""Rows of a diff as strips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nanodeck.contracts.changes import ENCODING_NAMES, ChangeKind, FileDiff
from nanodeck.contracts.lines import Line
from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.body import Body
from nanodeck_widgets.diff.highlight import colours
from nanodeck_widgets.diff.rows import Row, Rows
from nanodeck_widgets.diff.side import NOTHING
from nanodeck_widgets.diff.text import displayed, wrapped
from nanodeck_widgets.frame import cut, cut_front
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette
from nanodeck_widgets.strips import cells_before, index_at
from nanodeck_widgets.syntax import ink_of

BAR = 2
SIGN = 2
SEPARATOR = 3
FILE_LEAD = 3
"""Cells before the path in the header of a file."""
KIND_NAMES: dict[ChangeKind, str] = {
    "modified": "",
    "created": "new",
    "deleted": "deleted",
    "renamed": "renamed",
    "copied": "copied",
}


class Verdict(NamedTuple):
    """What a hunk's header says of it."""

    sign: str
    words: str
    style: Style


class Ink(NamedTuple):
    """What rows are drawn with: styles, signs, cells scrolled to the right, whether to colour code."""

    palette: Palette
    glyphs: Glyphs
    shift: int = 0
    coloured: bool = False


class Columns(NamedTuple):
    """Cells of the parts of a row: digits of a line number, text of the left and the right side."""

    digits: int
    left: int
    right: int

    @property
    def gutter(self) -> int:
        """Cells before the text in unified layout."""
        return BAR + 2 * (self.digits + 1) + SIGN

    @property
    def split_gutter(self) -> int:
        """Cells before the left text side by side."""
        return BAR + self.digits + 1 + SIGN

    @property
    def right_gutter(self) -> int:
        """Cells before the right text side by side."""
        return self.split_gutter + self.left + SEPARATOR + self.digits + 1 + SIGN


def digits_of(files: Sequence[FileDiff]) -> int:
    """Digits of the largest line number in `files`."""
    last = [file.hunks[-1] for file in files if file.hunks]
    ends = (max(hunk.old_start + hunk.old_count, hunk.new_start + hunk.new_count) for hunk in last)
    return max(3, len(str(max(ends, default=0))))


class Pen:
    """Draws the rows of one layout in one width."""

    def __init__(self, rows: Rows, unified: Columns, split: Columns, ink: Ink) -> None:
        self._rows = rows
        self._unified = unified
        self._split = split
        self._ink = ink

    def file(self, row: Row, width: int) -> Strip:
        """The header of a file, over the whole width."""
        file, palette, glyphs = self._rows.file(row.hunk), self._ink.palette, self._ink.glyphs
        start = Segment(glyphs.rule * 2 + " ", palette.muted)
        facts = [
            Segment(f"  +{file.added}", palette.added_sign),
            Segment(f" -{file.removed}", palette.removed_sign),
            Segment("".join(f"  {fact}" for fact in _facts(file)) + " ", palette.accent),
        ]
        room = width - sum(cell_len(part.text) for part in (start, *facts))
        path = cut_front(one_line(file.path), room, glyphs.ellipsis)
        rest = Segment(glyphs.rule * max(0, room - cell_len(path)), palette.muted)
        return Strip([start, Segment(path, palette.strong), *facts, rest])

    def note(self, row: Row) -> Strip:
        """How an inexact edit was matched."""
        text = one_line(self._rows.file(row.hunk).note)
        return Strip([Segment("  " + text, self._ink.palette.warning)])

    def header(self, row: Row, verdict: Verdict, current: bool) -> Strip:
        """The header of a hunk: which of how many in its file, what was decided, where it is."""
        palette = self._ink.palette
        hunk, place = self._rows.hunk(row.hunk), self._rows.places[row.hunk]
        total = len(self._rows.file(row.hunk).hunks)
        name = palette.strong if current else palette.text
        decided = f"{verdict.sign} {verdict.words}"
        at = hunk.new_start if hunk.new_count else hunk.old_start
        parts = [
            self._bar(current),
            Segment(f"hunk {place.hunk + 1}/{total}  ", name),
            Segment(decided.ljust(11), verdict.style),
            Segment(f"  @@ {at} ", palette.muted),
        ]
        room = self._unified.gutter + self._unified.left - sum(cell_len(part.text) for part in parts)
        section = cut(one_line(hunk.section), max(0, room), self._ink.glyphs.ellipsis)
        return Strip([*parts, Segment(section, palette.muted)])

    def rule(self, width: int) -> Strip:
        """The line between two hunks."""
        return Strip([Segment(self._ink.glyphs.rule * width, self._ink.palette.frame)])

    def line(self, row: Row, current: bool) -> Strip:
        """A row of one line, or of two beside each other."""
        body = self._rows.body(row.hunk)
        if self._rows.is_split(row.hunk):
            left = self._side(body, row.left, row, self._split.left, new=False)
            right = self._side(body, row.right, row, self._split.right, new=True)
            rail = Segment(f" {self._ink.glyphs.rail} ", self._ink.palette.frame)
            return Strip([self._bar(current), *left, rail, *right])
        line = body[row.left]
        digits, palette = self._unified.digits, self._ink.palette
        old, new = (self._number(number, row.part) for number in (line.old, line.new))
        style = self._ground(line.sign)
        return Strip(
            [
                self._bar(current),
                Segment(f"{old:>{digits}} {new:>{digits}} ", style + palette.muted),
                self._sign(line, row.part),
                *self._text(row, body, row.left, self._unified.left),
            ]
        )

    def _side(self, body: Body, index: int, row: Row, width: int, *, new: bool) -> list[Segment]:
        digits, palette = self._split.digits, self._ink.palette
        if index == NOTHING:
            hatch = "╲" if self._ink.glyphs.rule == "─" else "/"
            return [Segment(" " * (digits + 1 + SIGN), palette.muted), Segment(hatch * width, palette.frame)]
        line = body[index]
        number = self._number(line.new if new else line.old, row.part)
        return [
            Segment(f"{number:>{digits}} ", self._ground(line.sign) + palette.muted),
            self._sign(line, row.part),
            *self._text(row, body, index, width),
        ]

    def _number(self, number: int, part: int) -> str:
        return str(number) if number and not part else ""

    def _bar(self, current: bool) -> Segment:
        return Segment(f"{self._ink.glyphs.bar} " if current else "  ", self._ink.palette.primary)

    def _sign(self, line: Line, part: int) -> Segment:
        palette = self._ink.palette
        styles = {"+": palette.added_sign, "-": palette.removed_sign}
        sign = line.sign if line.sign in styles and not part else " "
        return Segment(f"{sign} ", self._ground(line.sign) + styles.get(line.sign, palette.muted))

    def _ground(self, sign: str) -> Style:
        palette = self._ink.palette
        return palette.added if sign == "+" else palette.removed if sign == "-" else Style.null()

    def _text(self, row: Row, body: Body, index: int, width: int) -> list[Segment]:
        """The text of a line in exactly `width` cells."""
        line, palette, shift = body[index], self._ink.palette, self._ink.shift
        ground = self._ground(line.sign)
        if line.sign == "\\":
            return _filled([Segment(line.text[:width], palette.muted)], width, ground)
        text = body.shown(index)
        wrap = self._rows.layout.wrap
        if wrap:
            text = displayed(text)
            ranges = wrapped(text, wrap)
            start, end = ranges[row.part] if row.part < len(ranges) else (0, 0)
            return _filled(self._painted(text, start, end, row, body, index), width, ground)
        # No more of a huge line than can be seen: a cell holds more than one character, but not many.
        more = 4 * (shift + width) + 64
        whole, text = len(text) <= more, displayed(text[:more])
        start, end = index_at(text, shift), index_at(text, shift + width)
        segments = self._painted(text, start, end, row, body, index)
        cut = ground + palette.muted
        # A wide character over the left edge leaves a cell to fill.
        before = cells_before(text, start) - shift
        strip = Strip(_filled([Segment(" " * max(0, before), ground), *segments], width, ground)).crop(
            0, width
        )
        if shift and text:
            strip = Strip([Segment(self._ink.glyphs.ellipsis, cut), *strip.crop(1)])
        if end < len(text) or not whole:
            strip = Strip([*strip.crop(0, width - 1), Segment(self._ink.glyphs.ellipsis, cut)])
        return list(strip)

    def _painted(self, text: str, start: int, end: int, row: Row, body: Body, index: int) -> list[Segment]:
        """Part of a displayed line with its colours and its changed words."""
        sign, palette = body[index].sign, self._ink.palette
        layers: list[tuple[int, int, Style]] = []
        # Without a background of its own a changed line shows its side by the colour of its text.
        plain = sign != " " and palette.added.bgcolor is None
        if self._ink.coloured and not plain:
            path = self._rows.file(row.hunk).path
            layers += [(a, b, ink_of(palette, kind)) for a, b, kind in colours(path, text)]
        word = palette.added_word if sign == "+" else palette.removed_word
        layers += [(a, b, word) for a, b in self._rows.runs(row.hunk).emphasis(index)]
        return _layered(text, start, end, self._ground(sign), layers)


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


def _facts(file: FileDiff) -> list[str]:
    """What is said of a file besides tallies: whether it is new, and what it is written in if not UTF-8."""
    encoding = "" if file.encoding == "utf-8" else ENCODING_NAMES[file.encoding]
    return list(filter(None, (KIND_NAMES[file.kind], encoding)))
