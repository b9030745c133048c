"""A changeset drawn in a layout: its rows as strips and as text, side by side or not, wrapped or cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.lines import Line
from nanodeck.contracts.sources import Source
from nanodeck.contracts.versions import Colour
from nanodeck_widgets.diff.arrangement import Arrangement
from nanodeck_widgets.diff.draw import BAR, Ink, Pen, Verdict
from nanodeck_widgets.diff.heads import Heads
from nanodeck_widgets.diff.highlight import colours
from nanodeck_widgets.diff.lanes import Lanes
from nanodeck_widgets.diff.rows import Layout, Rows
from nanodeck_widgets.diff.searching import seek, texts
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.selection import Lane
from nanodeck_widgets.strips import Span, cells_before

SHIFT_CELLS = 8
EMPTY = "No changes yet: edits appear here before they are written."


class DiffSheet(Pane):
    """Rows of a changeset. One hunk is the current one: it stays where it is when the layout changes."""

    PLACE = "diff"

    def __init__(self, title: str = "Diff", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._rows: Rows | None = None
        self._lines = 0
        self._arrangement = Arrangement()
        self._current = 0
        self._coloured = False
        self._colours_due = False
        self._laid_out = 0
        self._pen: Pen | None = None
        self.empty = ""
        """What to say where there is nothing to show; empty for what holds before any change."""
        self._comments: tuple[Comment, ...] = ()

    def verdict(self, hunk: int) -> Verdict:
        """What the header of a hunk says about it."""
        return Verdict(" ", "", self.palette.muted)

    def colours_of(self, file: FileDiff, line: Line, text: str) -> Sequence[Colour]:
        """The coloured parts of a line that is displayed as `text`; read alone, it may be misread."""
        return colours(file.path, text)

    @property
    def current(self) -> int:
        """The hunk under the cursor, counted over all files."""
        return self._current

    @property
    def rows(self) -> Rows | None:
        """The rows of the changeset in view."""
        return self._rows

    @property
    def source(self) -> Source:
        """Where what is in view comes from."""
        return Source("call")

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The open comments on what is in view."""
        return tuple(comment for comment in self._comments if comment.source == self.source)

    def show_comments(self, comments: tuple[Comment, ...]) -> None:
        """These are open now, on whatever."""
        self._comments = comments
        self.remark()

    def remark(self) -> None:
        """Show the comments on what is in view under their lines; the cursor's hunk stays where it is."""
        before = self._place_of_cursor
        if self._rows is not None and self._rows.remark(self.comments, self.inner_width - BAR):
            self._top = max(0, self._top + self._place_of_cursor - before)
            self.selector.clear()
            self.rows_changed()

    # Rows.

    def count(self, width: int) -> int:
        """Rows of content at `width` cells."""
        if self._rows is None:
            return len(wrap(self.empty or EMPTY, width))
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
        what = self._rows[row]
        heads, current = Heads(self._rows, self._the_ink, width), what.hunk == self._current
        match what.kind:
            case "file":
                return heads.file(what, current)
            case "note":
                return heads.note(what)
            case "hunk":
                return heads.hunk(what, self.verdict(what.hunk), current)
            case "fact":
                return heads.fact(what, current, self.verdict(what.hunk))
            case "line":
                return self._the_pen(self._rows, width).line(what, current, self.verdict(what.hunk))
            case "comment":
                return heads.comment(what, current, self.verdict(what.hunk))
            case "rule":
                return heads.rule(what)
        return Strip([])

    def text(self, row: int) -> str:
        """The plain text of a row without signs and numbers; side by side, of both sides."""
        if self._rows is None:
            return wrap(self.empty or EMPTY, self.inner_width)[row]
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
        return seek(self._rows, hits, start, direction) if self._rows is not None else None

    def show_row(self, row: int) -> None:
        """Scroll `row` into view, and what is looked for in it."""
        super().show_row(row)
        if self._rows is None or not self.finder.active or self._arrangement.wraps:
            return
        needle = self.finder.needle.lower()
        for text in texts(self._rows, row):
            at = text.lower().find(needle)
            if at >= 0:
                self._show_cells(cells_before(text, at), cells_before(text, at + len(needle)))
                return

    # Layouts.

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self._arrangement.toggle_wrap()
        self._rearrange()

    def action_whitespace(self) -> None:
        """Dim what changes blanks alone, or show it as any other change."""
        self._arrangement.blanks_dimmed = not self._arrangement.blanks_dimmed
        self._pen = None
        self.rows_changed()

    def action_right(self) -> None:
        """See more of cut lines."""
        self._shift_to(self._arrangement.shift + SHIFT_CELLS)

    def action_left(self) -> None:
        """Back towards the beginning of cut lines."""
        self._shift_to(self._arrangement.shift - SHIFT_CELLS)

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
        before = self._place_of_cursor
        changed, layout = rows.remark(self.comments, width - BAR), self._layout(width)
        if layout != rows.layout:
            self.selector.clear()
            rows.lay_out(layout)
            changed = True
        if changed:
            self._top = max(0, self._top + self._place_of_cursor - before)

    @property
    def _place_of_cursor(self) -> int:
        """The row of the header of the hunk under the cursor."""
        return self._rows.span(self._current)[0] if self._rows is not None and self._rows.places else 0

    def _lanes(self, rows: Rows) -> Lanes:
        return Lanes(rows, self._arrangement, self.inner_width)

    @property
    def _the_ink(self) -> Ink:
        arranged = self._arrangement
        colours = self.colours_of if self._coloured else None
        return Ink(self.palette, self.glyphs, arranged.shift, colours, arranged.blanks_dimmed)

    def _the_pen(self, rows: Rows, width: int) -> Pen:
        if self._pen is None:
            columns = self._arrangement.unified(width), self._arrangement.split(width)
            self._pen = Pen(rows, *columns, self._the_ink)
        return self._pen
