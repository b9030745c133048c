"""Where the text of each row of a diff is, and what of it can be selected."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.arrangement import Arrangement
from nanodeck_widgets.diff.draw import BAR, Columns
from nanodeck_widgets.diff.heads import FILE_LEAD
from nanodeck_widgets.diff.remarks import INDENT
from nanodeck_widgets.diff.rows import Row, Rows
from nanodeck_widgets.diff.side import NOTHING
from nanodeck_widgets.diff.text import displayed, wrapped
from nanodeck_widgets.selection import Lane


class Lanes(NamedTuple):
    """The texts of rows arranged in `width` cells; side by side there is an old (0) and a new one (1)."""

    rows: Rows
    arrangement: Arrangement
    width: int

    def lane(self, number: int, side: int) -> Lane | None:
        """What can be selected on a side; None where there is no line, as in the header of a hunk."""
        row = self.rows[number]
        if row.kind in ("rule", "blank"):
            return Lane("")
        if row.kind == "file":
            return Lane(one_line(self.rows.file(row.hunk).path), FILE_LEAD)
        if row.kind != "line":
            return None
        split, body = self.rows.is_split(row.hunk), self.rows.body(row.hunk)
        line = row.right if split and side else row.left
        if line == NOTHING or body[line].sign == "\\":
            return None
        text = self.text(row, line)
        if row.part and not text:
            return None
        columns = self._columns(row)
        first = (columns.right_gutter if side else columns.split_gutter) if split else columns.gutter
        last = first + (columns.right if split and side else columns.left)
        return Lane(text, first - self.arrangement.shift, first, last)

    def text(self, row: Row, line: int) -> str:
        """The part of a line that a row shows, not cut."""
        text = displayed(self.rows.body(row.hunk).shown(line))
        if not (wrap := self.rows.wrap_of(row.hunk)):
            return text
        parts = wrapped(text, wrap)
        return text[slice(*parts[row.part])] if row.part < len(parts) else ""

    def indent(self, number: int) -> int:
        """Cells before the text of a row, before the old one side by side."""
        row = self.rows[number]
        if row.kind != "line":
            return {"file": FILE_LEAD, "comment": BAR + INDENT}.get(row.kind, BAR)
        if self.rows.is_split(row.hunk):
            return self._columns(row).split_gutter
        return self._columns(row).gutter - self.arrangement.shift

    def side_at(self, cell: int, number: int) -> int:
        """The side a cell of a row belongs to, the new one where there is one text."""
        if number >= len(self.rows) or not self.rows.is_split(self.rows[number].hunk):
            return 1
        columns = self._columns(self.rows[number])
        return int(cell > columns.split_gutter + columns.left)

    def _columns(self, row: Row) -> Columns:
        if self.rows.is_split(row.hunk):
            return self.arrangement.split(self.width)
        return self.arrangement.unified(self.width)
