"""A changeset to look at: rows, layouts, a cursor on a hunk."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from nanodeck.contracts.changes import Changeset
from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.arrangement import Arrangement
from nanodeck_widgets.diff.draw import KIND_NAMES, Ink, Pen, Verdict
from nanodeck_widgets.diff.hints import LOOKING, Hint, foot_strips, keyed
from nanodeck_widgets.diff.lanes import Lanes
from nanodeck_widgets.diff.rows import Layout, Rows, grown_from
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.selection import Lane
from nanodeck_widgets.strips import Span, cells_before

SHIFT_CELLS = 8
EMPTY = "No changes yet: edits appear here before they are written."


class DiffViewer(Pane):
    """Shows a changeset. The cursor is a hunk; one that scrolls out of sight hands it on."""

    PLACE = "diff"

    def __init__(self, title: str = "Diff", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._label = title
        self._rows: Rows | None = None
        self._lines = 0
        self._arrangement = Arrangement()
        self._current = 0
        self._coloured = False
        self._colours_due = False
        self._laid_out = 0
        self._notice = self.advice = ""
        self._foot_drawn_for: tuple[object, ...] = ()
        self._pen: Pen | None = None

    # What a subclass says.

    def verdict(self, hunk: int) -> Verdict:
        """What the header of a hunk says about it."""
        return Verdict(" ", "", self.palette.muted)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What to show keys for at the bottom."""
        return LOOKING

    # What is shown.

    @property
    def current(self) -> int:
        """The hunk under the cursor, counted over all files."""
        return self._current

    @property
    def rows(self) -> Rows | None:
        """The rows of the changeset in view."""
        return self._rows

    @property
    def notice(self) -> str:
        """A line above the key hints; empty for none."""
        return self._notice

    @notice.setter
    def notice(self, notice: str) -> None:
        if notice != self._notice:
            self._notice = notice
            self.draw_foot()

    def view_changeset(self, changeset: Changeset | None) -> None:
        """Show `changeset`; the place stays, as far as it still exists."""
        old, digits, kept = self._rows, self._arrangement.digits, 0
        if changeset is None:
            self._rows = None
        else:
            self._lines = self._arrangement.fit(changeset)
            self._laid_out = self.inner_width
            self._rows = Rows(changeset, self._layout(self._laid_out))
            if old is not None and old.layout == self._rows.layout and digits == self._arrangement.digits:
                kept = self._rows.rows_before(grown_from(old.changeset, changeset))
        hunks = len(self._rows.places) if self._rows is not None else 0
        self._current = max(0, min(self._current, hunks - 1))
        self.redraw(kept)

    def redraw(self, first: int = 0) -> None:
        """Draw the rows from `first` on, title, foot and bottom edge again."""
        self._pen = None
        self.rows_changed(first)
        self.draw_title()
        self.draw_foot()
        self.repaint_edge(top=False)

    def go_to(self, hunk: int) -> None:
        """Put the cursor on a hunk and as much of it as possible in view."""
        if self._rows is None or not 0 <= hunk < len(self._rows.places):
            return
        self._move_cursor(hunk)
        above, last, height = self._rows.top_of(hunk), self._rows.span(hunk)[1], self.view_height
        if above < self.top or last - above > height:
            self.top = above
        elif last > self.top + height:
            self.top = last - height

    def draw_title(self) -> None:
        """Name the file under the cursor."""
        if self._rows is None or not self._rows.changeset.files:
            self.title = self._label
            return
        files = self._rows.changeset.files
        file = self._rows.file(self._current) if self._rows.places else files[0]
        counts = f"+{file.added} -{file.removed}  {KIND_NAMES[file.kind]}"
        self.title = f"{self._label}  {one_line(file.path)}  {counts}".rstrip()

    def draw_foot(self) -> None:
        """Arrange notice and key hints in the width there is."""
        if not self.is_attached or self.outer_size.width < 4:
            return
        width, height, keymap = self.inner_width, self.outer_size.height, keymap_of(self.app)
        said = (self._notice, self.advice, self.hints)
        drawn = (width, height, said, keymap, self.palette, self.glyphs, self._rows is None)
        if drawn == self._foot_drawn_for:
            return
        self._foot_drawn_for = drawn
        lines = 0 if self._rows is None or height < 6 else 1 if height < 12 else 2
        hints = keyed(self.hints, keymap)
        self.foot = foot_strips(self._notice, self.advice, hints, width, lines, self.palette)

    @property
    def bottom_line(self) -> str:
        """How much there is below, or the find line."""
        if self.finder.typing:
            return super().bottom_line
        below = self.row_count - self.top - self.view_height
        if below <= 0 or self._rows is None:
            return ""
        return f"{self.glyphs.down} {below:,} {'line' if below == 1 else 'lines'} below"

    def forget_drawing(self) -> None:
        """Drop every strip: theme or width changed."""
        super().forget_drawing()
        self._pen = None
        self.draw_foot()

    # Rows.

    def count(self, width: int) -> int:
        """Rows of content at `width` cells."""
        if self._rows is None:
            return len(wrap(EMPTY, width))
        self._lay_out(width)
        return len(self._rows)

    def build(self, row: int, width: int) -> Strip:
        """The content of a row."""
        if self._rows is None:
            return Strip([Segment(self.text(row), self.palette.muted)])
        if not self._colours_due:
            self._colours_due = True
            self.call_after_refresh(self._colour)
        self._lay_out(width)
        what, pen = self._rows[row], self._the_pen(self._rows, width)
        current = what.hunk == self._current
        match what.kind:
            case "file":
                return pen.file(what, width)
            case "note":
                return pen.note(what)
            case "hunk":
                return pen.header(what, self.verdict(what.hunk), current)
            case "line":
                return pen.line(what, current)
            case "rule":
                return pen.rule(width)
        return Strip([])

    def text(self, row: int) -> str:
        """The plain text of a row without signs and numbers; side by side, of both sides."""
        if self._rows is None:
            return wrap(EMPTY, self.inner_width)[row]
        if not 0 <= row < len(self._rows):
            return ""
        what = self._rows[row]
        if what.kind == "line" and not self._rows.is_split(what.hunk):
            return self._lanes(self._rows).text(what, what.left)
        ruled = what.kind in ("rule", "blank")
        return "" if ruled else self.build(row, self.inner_width).crop(self.indent(row)).text.rstrip()

    def indent(self, row: int) -> int:
        """Cells before the text of a row; fewer when it is scrolled to the right."""
        if self._rows is None or not 0 <= row < len(self._rows):
            return 0
        return self._lanes(self._rows).indent(row)

    def glue(self, row: int) -> str:
        """Nothing stands between the rows of one wrapped line."""
        return "" if self._rows is not None and self._rows[row].part else "\n"

    def lane(self, row: int) -> Lane | None:
        """What of a row can be selected: a line of the file, without number and sign."""
        if self._rows is None:
            return super().lane(row)
        return self._lanes(self._rows).lane(row, self.selector.side)

    def side_at(self, cell: int, row: int) -> int:
        """Side by side, the old side or the new one."""
        return self._lanes(self._rows).side_at(cell, row) if self._rows is not None else 1

    def rows_in_hand(self) -> tuple[int, int]:
        """The lines of the hunk under the cursor."""
        if self._rows is None or not self._rows.places:
            return super().rows_in_hand()
        header, end = self._rows.span(self._current)
        return min(header + 1, end - 1), end - 1

    def spans(self, row: int) -> tuple[Span, ...]:
        """Highlights over a row; none over the line numbers."""
        spans = super().spans(row)
        shift = self._arrangement.shift
        if not spans or not shift or self._rows is None or self._rows[row].kind != "line":
            return spans
        least = self.indent(row) + (0 if self._rows.is_split(self._rows[row].hunk) else shift)
        return tuple(span._replace(start=max(least, span.start)) for span in spans if span.end > least)

    def seek(self, hits: Callable[[str], bool], start: int, direction: int) -> int | None:
        """The first row from `start` on in `direction`, around the end, with a line that hits."""
        return self._rows.seek(hits, start, direction) if self._rows is not None else None

    def show_row(self, row: int) -> None:
        """Scroll `row` into view, and what is looked for in it."""
        super().show_row(row)
        if self._rows is None or not self.finder.active or self._arrangement.wraps:
            return
        needle = self.finder.needle.lower()
        for text in self._rows.texts(row):
            at = text.lower().find(needle)
            if at >= 0:
                self._show_cells(cells_before(text, at), cells_before(text, at + len(needle)))
                return

    def settle(self) -> None:
        """Hand the cursor on when its hunk scrolled out of sight: no key acts on what is not seen."""
        if self._rows is None or not self._rows.places:
            return
        first, last = self._rows.span(self._current)
        top, height = self.top, self.view_height
        if first >= top + height:
            self._move_cursor(self._rows.at_row(top + max(0, height - 1)))
        elif last <= top:
            self._move_cursor(self._rows.at_row(top))

    # What the person does.

    async def on_click(self, event: events.Click) -> None:
        if self._rows is not None and self._rows.places and not self.selector.dragged and event.y > 0:
            self._move_cursor(self._rows.at_row(self.cell_at(event.x, event.y)[1]))

    def action_next_hunk(self) -> None:
        """Go to the next hunk."""
        self.go_to(self._current + 1)

    def action_previous_hunk(self) -> None:
        """Go to the hunk before."""
        self.go_to(self._current - 1)

    def action_next_file(self) -> None:
        """Go to the first hunk of the next file."""
        self._go_to_file(1)

    def action_previous_file(self) -> None:
        """Go to the first hunk of the file before."""
        self._go_to_file(-1)

    def action_split_view(self) -> None:
        """Unified, side by side, or as the width says."""
        self._arrangement.next_mode()
        self._rearrange()
        self.notice = f"view: {self._arrangement.mode_words}"

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self._arrangement.toggle_wrap()
        self._rearrange()

    def action_right(self) -> None:
        """See more of cut lines."""
        self._shift_to(self._arrangement.shift + SHIFT_CELLS)

    def action_left(self) -> None:
        """Back towards the beginning of cut lines."""
        self._shift_to(self._arrangement.shift - SHIFT_CELLS)

    def _move_cursor(self, hunk: int) -> None:
        if self._rows is None or hunk == self._current:
            return
        first = min(self._rows.top_of(hunk), self._rows.top_of(self._current))
        self._current = hunk
        self.rows_changed(first)
        self.draw_title()

    def _go_to_file(self, by: int) -> None:
        places = self._rows.places if self._rows is not None else []
        wanted = [hunk for hunk, place in enumerate(places) if place.file == places[self._current].file + by]
        if wanted:
            self.go_to(wanted[0])

    def _colour(self) -> None:
        """Draw again with the colours of code: loading what finds them would delay the first frame."""
        self._coloured = True
        self._pen = None
        self.rows_changed()

    def _shift_to(self, shift: int) -> None:
        shift = max(0, shift)
        if not self._arrangement.wraps and shift != self._arrangement.shift:
            self._arrangement.shift = shift
            self._pen = None
            self.rows_changed()

    def _show_cells(self, start: int, end: int) -> None:
        width = self._arrangement.unified(self.inner_width).left
        if self._rows is not None and self._rows.layout.split:
            width = self._arrangement.split(self.inner_width).right
        shift = self._arrangement.shift
        if start <= shift - (not shift) or end > shift + width - 1:
            self._shift_to(max(0, end - width + SHIFT_CELLS))

    def _rearrange(self) -> None:
        """Another layout of the same rows."""
        if self._rows is None:
            return
        self._laid_out = 0
        self._pen = None
        self._lay_out(self.inner_width)
        self.rows_changed()

    def _layout(self, width: int) -> Layout:
        return self._arrangement.layout(width, self.outer_size.width, self._lines)

    def _lay_out(self, width: int) -> None:
        """Arrange the rows for a width; the hunk under the cursor stays where it is seen."""
        rows = self._rows
        if rows is None or width == self._laid_out:
            return
        self._laid_out = width
        layout = self._layout(width)
        if layout != rows.layout:
            before = rows.span(self._current)[0] if rows.places else 0
            self.selector.clear()
            rows.lay_out(layout)
            after = rows.span(self._current)[0] if rows.places else 0
            self._top = max(0, self._top + after - before)

    def _lanes(self, rows: Rows) -> Lanes:
        return Lanes(rows, self._arrangement, self.inner_width)

    def _the_pen(self, rows: Rows, width: int) -> Pen:
        if self._pen is None:
            ink = Ink(self.palette, self.glyphs, self._arrangement.shift, self._coloured)
            self._pen = Pen(rows, self._arrangement.unified(width), self._arrangement.split(width), ink)
        return self._pen
