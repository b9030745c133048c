"""What stands above and between the lines of hunks, as strips: files, hunks, facts about files."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nanodeck.contracts.text import counted, one_line
from nanodeck_widgets.diff.draw import BAR, Ink, Verdict, bar
from nanodeck_widgets.diff.kinds import briefly, tallies
from nanodeck_widgets.diff.rows import Row, Rows
from nanodeck_widgets.frame import cut, cut_front

FILE_LEAD = 3
"""Cells before the path in the header of a file."""
DECIDED = 11
"""Cells of a decision, so that what follows stands in line."""


class Heads(NamedTuple):
    """Draws the headers of one layout in `width` cells."""

    rows: Rows
    ink: Ink
    width: int

    def file(self, row: Row, current: bool) -> Strip:
        """The header of a file, over the whole width; folded, it is what the cursor stands on."""
        file, palette, glyphs = self.rows.file(row.hunk), self.ink.palette, self.ink.glyphs
        folded = self.rows.is_folded(row.hunk)
        here = folded and current
        first = glyphs.bar if here else glyphs.rule
        lead = f"{first}{glyphs.folded if folded else glyphs.rule} "
        start = Segment(lead, palette.primary if here else palette.muted)
        added, removed = tallies(file)
        counts = [Segment(f"  {added}", palette.added_sign), Segment(f" {removed} ", palette.removed_sign)]
        counts = counts if added else [Segment(" ")]
        path = cut_front(one_line(file.path), self.width - _cells(start, *counts), glyphs.ellipsis)
        parts = [start, Segment(path, palette.muted if folded and not here else palette.strong), *counts]
        if facts := "  ".join([*briefly(file), *(["reviewed"] if folded else [])]):
            parts.append(self._rest(f" {facts} ", parts, palette.accent))
        return Strip([*parts, Segment(glyphs.rule * max(0, self.width - _cells(*parts)), palette.muted)])

    def note(self, row: Row) -> Strip:
        """How an inexact edit was matched."""
        text = one_line(self.rows.file(row.hunk).note)
        return Strip([Segment("  " + text, self.ink.palette.warning)])

    def hunk(self, row: Row, verdict: Verdict, current: bool) -> Strip:
        """The header of a hunk: which of how many in its file, what was decided, what it does and where."""
        palette = self.ink.palette
        hunk, place = self.rows.hunk(row.hunk), self.rows.places[row.hunk]
        total, plan = len(self.rows.file(row.hunk).hunks), self.rows.changeset.plan
        name = palette.strong if current else palette.text
        decided = f"{verdict.sign} {verdict.words}" + (f": {one_line(hunk.stale)}" if hunk.stale else "")
        parts = [
            bar(self.ink, current, verdict),
            Segment("the plan  " if plan else f"hunk {place.hunk + 1}/{total}  ", name),
            Segment(decided.ljust(DECIDED) if verdict.words else "", verdict.style),
        ]
        if hunk.body and not plan:
            at = hunk.new_start if hunk.new_count else hunk.old_start
            parts.append(Segment(f"{'  ' if verdict.words else ''}@@ {at} ", palette.muted))
            parts.append(self._rest(one_line(hunk.section), parts, palette.muted))
        return Strip(parts)

    def fact(self, row: Row, current: bool, verdict: Verdict) -> Strip:
        """Something that happens to the file itself."""
        parts = [bar(self.ink, current, verdict)]
        style = self.ink.palette.muted if verdict.faded else self.ink.palette.text
        return Strip([*parts, self._rest(self.rows.facts(row.hunk)[row.part], parts, style)])

    def comment(self, row: Row, current: bool, verdict: Verdict) -> Strip:
        """A row of a comment, on a ground of its own."""
        palette, glyphs, remark = self.ink.palette, self.ink.glyphs, self.rows.remarks[row.remark]
        ground = Style(bgcolor=palette.code_block.bgcolor)
        sign, style = (
            (glyphs.warning, palette.warning) if remark.spot.adrift else (glyphs.comment, palette.accent)
        )
        parts = [
            bar(self.ink, current, verdict),
            Segment(f"{' ' if row.part else sign} ", ground + style),
            Segment(remark.rows[row.part], ground + palette.text),
        ]
        return Strip([*parts, Segment(" " * max(0, self.width - _cells(*parts)), ground)])

    def rule(self, row: Row) -> Strip:
        """The line between two hunks, with the number of unchanged lines that are left out there."""
        palette, rule = self.ink.palette, self.ink.glyphs.rule
        between = self.rows.left_out(row.hunk)
        if between <= 0:
            return Strip([Segment(rule * self.width, palette.frame)])
        said = Segment(f" {counted(between, 'unchanged line')} ", palette.muted)
        lead = Segment(rule * BAR, palette.frame)
        return Strip([lead, said, Segment(rule * max(0, self.width - _cells(lead, said)), palette.frame)])

    def _rest(self, text: str, before: list[Segment], style: Style) -> Segment:
        """`text` in the cells that are left."""
        return Segment(cut(text, max(0, self.width - _cells(*before)), self.ink.glyphs.ellipsis), style)


def _cells(*parts: Segment) -> int:
    return sum(cell_len(part.text) for part in parts)
