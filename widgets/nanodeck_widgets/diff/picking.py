"""Picking single lines of a hunk: a cursor on its changed lines, and those taken so far."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.changes import Hunk
from nanodeck_widgets.diff.draw import BAR
from nanodeck_widgets.diff.reading import ReadingViewer
from nanodeck_widgets.diff.rows import Row, Rows
from nanodeck_widgets.diff.side import NOTHING
from nanodeck_widgets.strips import Span

STEPS = {"next_hunk": 1, "down": 1, "previous_hunk": -1, "up": -1}


def changed_lines(hunk: Hunk) -> list[int]:
    """Where in the body of `hunk` lines are added or removed."""
    return [place for place, line in enumerate(hunk.body.split("\n")) if line[:1] in ("+", "-")]


def changes(hunk: Hunk) -> int:
    """How many runs of changed lines there are, which is how many parts a split makes."""
    signs = [line[:1] for line in hunk.body.split("\n") if not line.startswith("\\")]
    pairs = zip([" ", *signs], signs, strict=False)
    return sum(before == " " and sign in ("+", "-") for before, sign in pairs)


class Picking:
    """Lines of one hunk (counted over all files) by their places in its body."""

    def __init__(self, hunk: int, places: Sequence[int], taken: Sequence[int]) -> None:
        self.hunk = hunk
        self._places = list(places)
        self._taken = set(taken)
        self._at = 0

    @property
    def cursor(self) -> int:
        """The line under the cursor."""
        return self._places[self._at]

    @property
    def taken(self) -> tuple[int, ...]:
        """The lines picked so far."""
        return tuple(sorted(self._taken))

    @property
    def total(self) -> int:
        """Lines there are to pick from."""
        return len(self._places)

    def move(self, steps: int) -> None:
        """To another changed line, as far as there is one."""
        self._at = min(max(self._at + steps, 0), len(self._places) - 1)

    def toggle(self) -> None:
        """Take the line under the cursor, or leave it, and go to the next one."""
        self._taken ^= {self.cursor}
        self.move(1)


class PickingViewer(ReadingViewer):
    """A viewer in which lines of a hunk can be picked; picked lines have a sign before them."""

    _picking: Picking | None = None

    @property
    def picking(self) -> Picking | None:
        """What is being picked, if anything."""
        return self._picking

    def picked(self, hunk: int) -> tuple[int, ...]:
        """The lines of a hunk that were picked before; a subclass knows."""
        return ()

    def pickable(self, hunk: Hunk) -> list[int]:
        """Where in the body of `hunk` lines can be picked."""
        return changed_lines(hunk)

    def start_picking(self, hunk: Hunk, place: int) -> None:
        """Put the line cursor into `hunk`, the `place`th over all files."""
        self._picking = Picking(place, self.pickable(hunk), self.picked(place))
        self._show_picking()

    def end_picking(self) -> None:
        """Back to whole hunks."""
        if self._picking is not None:
            self._picking = None
            self.redraw()
            self.forget_question()

    def forget_question(self) -> None:
        """Say no longer what was asked or told; a subclass may have something else to say."""
        self.notice = ""

    def _refold(self) -> None:
        self.end_picking()
        super()._refold()

    def close_inner(self) -> bool:
        """Close what is open inside the pane; False when nothing is."""
        if self._picking is None:
            return super().close_inner()
        self.end_picking()
        return True

    def act(self, name: str) -> bool:
        """Move the line cursor and take lines while lines are picked."""
        picking = self._picking
        if picking is None or (name not in STEPS and name != "toggle"):
            return super().act(name)
        if name == "toggle":
            picking.toggle()
        else:
            picking.move(STEPS[name])
        self._show_picking()
        return True

    def build(self, row: int, width: int) -> Strip:
        """A row, with signs before the line under the line cursor and before those that are picked."""
        strip, rows = super().build(row, width), self.rows
        what = rows[row] if rows is not None else None
        if rows is None or what is None or what.kind != "line" or what.part:
            return strip
        picking = self._picking
        here = picking is not None and picking.hunk == what.hunk
        taken = picking.taken if picking and here else self.picked(what.hunk)
        for line, cell, _ in self._line_cells(rows, what):
            if line in taken:
                sign = Segment(self.glyphs.done, self.palette.success)
                strip = Strip([*strip.crop(0, cell), sign, *strip.crop(cell + 1)])
            if picking and here and picking.cursor == line:
                arrow = Segment(self.glyphs.arrow, self.palette.key)
                strip = Strip([*strip.crop(0, cell + 1), arrow, *strip.crop(cell + BAR)])
        return strip

    def spans(self, row: int) -> tuple[Span, ...]:
        """The line cursor under the other highlights."""
        spans, picking = super().spans(row), self._picking
        if picking is None or self.rows is None:
            return spans
        what = self.rows[row]
        if what.kind != "line" or what.hunk != picking.hunk:
            return spans
        sides = self._line_cells(self.rows, what)
        here = [Span(first, end, self.palette.cursor) for line, first, end in sides if line == picking.cursor]
        return (*here, *spans)

    def _line_cells(self, rows: Rows, row: Row) -> list[tuple[int, int, int]]:
        """The lines a row shows as the hunk itself counts them, and the cells each of them has."""
        if not rows.is_split(row.hunk):
            return [(line, 0, self.inner_width) for line in rows.own_lines(row)]
        above, rail = rows.own(row.hunk).start, self._arrangement.split(self.inner_width).rail
        sides = (row.left, 0, rail), (row.right, rail, self.inner_width)
        return [(line - above, first, end) for line, first, end in sides if line != NOTHING]

    def _show_picking(self) -> None:
        picking, rows = self._picking, self.rows
        if picking is None or rows is None:
            return
        first, last = rows.span(picking.hunk)
        self.redraw()
        for row in range(first + 1, last):
            if picking.cursor in rows.own_lines(rows[row]):
                self.show_row(row)
                return
