"""Facts, commands and what is being written, as rows of segments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck.contracts.explaining import Fact
from nanodeck.contracts.judging import Opinion
from nanodeck_widgets.approval.editor import LineEditor
from nanodeck_widgets.approval.marks import mark_of
from nanodeck_widgets.approval.wrap import rows_of, visible
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette

Line = list[Segment]
GAP = 4
LABEL = 8
_HIDDEN = re.compile("([\u2400-\u2421]|<[0-9a-f]{4,6}>)")


def cells(line: Line) -> int:
    """How wide a row is."""
    return sum(cell_len(segment.text) for segment in line)


class Pen(NamedTuple):
    """What rows are drawn with; `live`: keys do what is said of them."""

    palette: Palette
    signs: Glyphs
    width: int
    live: bool = True

    def wrapped(self, label: str, text: str, style: Style, label_style: Style) -> list[Line]:
        """`text` whole, its first row after `label`, the others below its beginning."""
        room = self.width - cell_len(label)
        lines: list[Line] = []
        for row in rows_of(visible(text), room):
            lead = Segment(label if not lines else " " * cell_len(label), label_style)
            lines.append([lead, *self.marked(row.text, style)])
        return lines

    def facts(self, facts: Sequence[Fact]) -> list[Line]:
        """Lines about the command."""
        lines: list[Line] = []
        for fact in facts:
            rows = self.fact(fact)
            room = self.width - (cells(lines[-1]) if lines else 0) - GAP
            if fact.beside and len(rows) == 1 and cells(rows[0]) <= room:
                lines[-1] = [*lines[-1], Segment(" " * GAP), *rows[0]]
            else:
                lines += rows
        return lines

    def fact(self, fact: Fact) -> list[Line]:
        """A line about the command after its label; one that warns has a sign as well."""
        label = f"{fact.label:{LABEL}}"
        if fact.verdict is not None:
            return self._judged(label, fact, fact.verdict)
        if not fact.warns:
            return self.wrapped(label, fact.text, self.palette.text, self.palette.muted)
        style = self.palette.error + Style(bold=True)
        return self.wrapped(f"{label}{self.signs.warning} ", fact.text, style, style)

    def _judged(self, label: str, fact: Fact, verdict: Opinion) -> list[Line]:
        """What `text` names with the sign of what is decided on it, and why, behind it where that fits."""
        muted = self.palette.muted
        sign, style = mark_of(verdict, self.palette, self.signs)
        lead = f"{label}{sign} "
        lines = self.wrapped(lead, fact.text, self.palette.text, muted)
        lines[0][:1] = [Segment(label, muted), Segment(f"{sign} ", style)]
        if fact.note:
            noted = self.wrapped(" " * (cell_len(lead) + 2), fact.note, muted, muted)
            if len(noted) == 1 and cells(lines[-1]) + GAP + cell_len(visible(fact.note)) <= self.width:
                lines[-1] += [Segment("  "), *noted[0][1:]]
            elif not fact.routine:
                lines += noted
        return lines

    def command(self, text: str, sign: str) -> list[Line]:
        """`text` whole after `sign`; a rail stands before rows that only wrapped."""
        lines: list[Line] = []
        for row in rows_of(visible(text), self.width - 4):
            lead = f"  {sign} " if not lines else f"  {self.signs.rail} " if row.goes_on else "    "
            lead_style = self.palette.muted
            lines.append(self._band([Segment(lead, lead_style), *self.marked(row.text, self.palette.strong)]))
        return lines

    def _band(self, line: Line) -> Line:
        """`line` on the ground of code, over the whole width."""
        ground = self.palette.code_block
        filling = Segment(" " * max(0, self.width - cells(line)))
        return [Segment(text, ground + style if style else ground) for text, style, _ in (*line, filling)]

    def marked(self, text: str, style: Style) -> Line:
        """`text` with the shapes of hidden characters standing out."""
        pieces = _HIDDEN.split(text)
        return [
            Segment(piece, self.palette.error if at % 2 else style)
            for at, piece in enumerate(pieces)
            if piece
        ]

    def editor(self, editor: LineEditor, sign: str) -> tuple[list[Line], int]:
        """The rows of what is being written, and the row of the cursor."""
        text = visible(editor.text)
        at = len(visible(editor.text[: editor.cursor]))
        rows = rows_of(text, self.width - 5)
        cursor = max(place for place, row in enumerate(rows) if row.start <= at)
        lines: list[Line] = []
        for place, row in enumerate(rows):
            lead = Segment(f"  {sign} " if place == 0 else "    ", self.palette.muted)
            lines.append([lead, Segment(row.text, self.palette.strong)])
            if place == cursor:
                column = at - row.start
                lines[-1][1:] = [
                    Segment(row.text[:column], self.palette.strong),
                    Segment(row.text[column : column + 1] or " ", Style(reverse=True)),
                    Segment(row.text[column + 1 :], self.palette.strong),
                ]
        return lines, cursor
