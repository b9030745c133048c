"""A changeset to look at: a cursor on a hunk, what the frame around it says."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events

from nanodeck.contracts.changes import Changeset
from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.around import Around
from nanodeck_widgets.diff.draw import BAR
from nanodeck_widgets.diff.growth import grown_from
from nanodeck_widgets.diff.hints import LOOKING, Hint, foot_strips, keyed
from nanodeck_widgets.diff.kinds import KIND_NAMES, tallies
from nanodeck_widgets.diff.rows import Rows
from nanodeck_widgets.diff.sheet import DiffSheet
from nanodeck_widgets.keymap import keymap_of


class DiffViewer(DiffSheet):
    """Shows a changeset. The cursor is a hunk; one that scrolls out of sight hands it on."""

    def __init__(self, title: str = "Diff", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._label = title
        self._notice = self.advice = ""
        self._foot_drawn_for: tuple[object, ...] = ()

    @property
    def label(self) -> str:
        """What the title begins with."""
        return self._label

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What to show keys for at the bottom."""
        return LOOKING

    @property
    def notice(self) -> str:
        """A line above the key hints; empty for none."""
        return self._notice

    @notice.setter
    def notice(self, notice: str) -> None:
        if notice != self._notice:
            self._notice = notice
            self.draw_foot()

    def folded_files(self, changeset: Changeset) -> frozenset[int]:
        """The files of which only the header is shown; a subclass knows some."""
        return frozenset()

    def lines_around(self, changeset: Changeset) -> Mapping[int, Around]:
        """Unchanged lines to show around hunks, by their places; a subclass knows some."""
        return {}

    # What is shown.

    def view_changeset(self, changeset: Changeset | None) -> None:
        """Show `changeset`; the place stays, as far as it still exists."""
        old, digits, kept = self._rows, self._arrangement.digits, 0
        if changeset is None:
            self._rows = None
        else:
            self._lines = self._arrangement.fit(changeset)
            self._laid_out = self.inner_width
            layout, folded = self._layout(self._laid_out), self.folded_files(changeset)
            self._rows = Rows(changeset, layout, folded, self.lines_around(changeset))
            self._rows.remark(self.comments, self._laid_out - BAR)
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

    def draw_title(self) -> None:
        """Name the file under the cursor."""
        if self._rows is None or not self._rows.changeset.files:
            self.title = self.label
            return
        files = self._rows.changeset.files
        file = self._rows.file(self._current) if self._rows.places else files[0]
        # Several files have their counts in the strip.
        counts = " ".join(tallies(file)) if len(files) == 1 else ""
        counts = f"{counts}  {KIND_NAMES[file.kind]}".lstrip()
        self.title = f"{self.label}  {one_line(file.path)}  {counts}".rstrip()

    def draw_foot(self) -> None:
        """Arrange notice and key hints in the width there is."""
        if not self.is_attached or self.outer_size.width < 4:
            return
        width, height, keymap = self.inner_width, self.outer_size.height, keymap_of(self.app)
        said = (self._notice, self.advice, self.hints)
        drawn = (width, height, said, keymap, self.palette, self.glyphs)
        if drawn == self._foot_drawn_for:
            return
        self._foot_drawn_for = drawn
        lines = 0 if height < 6 else 1 if height < 12 else 2
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

    # The cursor.

    def go_to(self, hunk: int) -> None:
        """Put the cursor on a hunk and as much of it as possible in view."""
        if self._rows is None or not 0 <= hunk < len(self._rows.places):
            return
        hunk = self._rows.shown(hunk)
        self._move_cursor(hunk)
        above, last, height = self._rows.top_of(hunk), self._rows.span(hunk)[1], self.view_height
        if above < self.top or last - above > height:
            self.top = above
        elif last > self.top + height:
            self.top = last - height

    def settle(self) -> None:
        """Hand the cursor on when its hunk scrolled out of sight: no key acts on what is not seen."""
        # A pane that comes on screen is drawn before it hears of its size.
        self.draw_foot()
        if self._rows is None or not self._rows.places:
            return
        # The top first: it lays the rows out for the width there is.
        top, height = self.top, self.view_height
        first, last = self._rows.span(self._current)
        if first >= top + height:
            self._move_cursor(self._rows.at_row(top + max(0, height - 1)))
        elif last <= top:
            self._move_cursor(self._rows.at_row(top))

    async def on_click(self, event: events.Click) -> None:
        inside = 0 <= event.y - self.view_start < self.view_height
        if self._rows is not None and self._rows.places and not self.selector.dragged and inside:
            self._move_cursor(self._rows.at_row(self.cell_at(event.x, event.y)[1]))

    def action_next_hunk(self) -> None:
        """Go to the next hunk."""
        self._step_hunk(1)

    def action_previous_hunk(self) -> None:
        """Go to the hunk before."""
        self._step_hunk(-1)

    def action_next_file(self) -> None:
        """Go to the first hunk of the next file."""
        self._go_to_file(1)

    def action_previous_file(self) -> None:
        """Go to the first hunk of the file before."""
        self._go_to_file(-1)

    def _move_cursor(self, hunk: int) -> None:
        if self._rows is None or hunk == self._current:
            return
        first = min(self._rows.top_of(hunk), self._rows.top_of(self._current))
        self._current = hunk
        self.rows_changed(first)
        self.draw_title()

    def _step_hunk(self, by: int) -> None:
        if self._rows is not None and self._rows.places:
            self.go_to(self._rows.next_shown(self._current, by))

    def _go_to_file(self, by: int) -> None:
        places = self._rows.places if self._rows is not None else []
        wanted = [hunk for hunk, place in enumerate(places) if place.file == places[self._current].file + by]
        if wanted:
            self.go_to(wanted[0])

    # What the person chooses.

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them, and say so."""
        super().action_wrap()
        right = keymap_of(self.app).first("diff.right")
        self.notice = f"long lines: {'wrapped' if self._arrangement.wraps else f'cut, {right} shows more'}"

    def action_whitespace(self) -> None:
        """Dim what changes blanks alone, or no longer, and say so."""
        super().action_whitespace()
        dimmed = self._arrangement.blanks_dimmed
        self.notice = f"changes of blanks alone: {'dimmed' if dimmed else 'as any other'}"

    def action_split_view(self) -> None:
        """Unified, side by side, or as the width says."""
        self._arrangement.next_mode()
        self._rearrange()
        self.notice = f"view: {self._arrangement.mode_words}"
