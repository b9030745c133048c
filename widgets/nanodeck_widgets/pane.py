"""The base of every big pane: rows that can be scrolled, selected, copied and searched."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.theme import Theme

from nanodeck_widgets.canvas import Canvas
from nanodeck_widgets.find import Finder
from nanodeck_widgets.frame import top_for
from nanodeck_widgets.selection import Lane, Selector, Unit
from nanodeck_widgets.strips import Span

WHEEL_ROWS = 3
SELECTING_KEYS: tuple[tuple[Unit, str, str], ...] = (
    ("row", "shift+up", "shift+down"),
    ("character", "shift+left", "shift+right"),
    ("word", "ctrl+shift+left", "ctrl+shift+right"),
    ("page", "shift+pageup", "shift+pagedown"),
    ("edge", "shift+home", "shift+end"),
    ("end", "ctrl+shift+home", "ctrl+shift+end"),
)
"""What shift and a key select, and the keys: back, forth."""


class Pane(Canvas, can_focus=True):
    """Rows of content in a frame of the pane's own drawing.

    A subclass says how many rows there are (`count`), draws one (`build`) and gives its plain text
    (`text`); it calls `rows_changed` when rows changed. Keys bound here give way to a subclass's
    own bindings of the same key.
    """

    DEFAULT_CSS = "Pane { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "rows(-1)", "up", show=False),
        Binding("down,j", "rows(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "start", "start", show=False),
        Binding("end,G", "end", "end", show=False),
        *(
            Binding(key, f"select('{unit}', {step})", f"select by {unit}", show=False)
            for unit, back, forth in SELECTING_KEYS
            for key, step in ((back, -1), (forth, 1))
        ),
    ]

    class Copied(Message):
        """Selected text went into the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._grip: int | None = None
        self.selector = Selector(self)
        self.finder = Finder(self)

    # What a subclass says.

    def text(self, row: int) -> str:
        """The plain text of a row, without signs or line numbers: what find and copy see."""
        return ""

    def indent(self, row: int) -> int:
        """Cells of a built row before its text (line numbers, signs)."""
        return 0

    def build(self, row: int, width: int) -> Strip:
        """The content of a row; it is filled up, filtered and kept until `rows_changed`."""
        return Strip([Segment(self.text(row))])

    def glue(self, row: int) -> str:
        """What stands between this row and the one above in copied text."""
        return "\n"

    def lane(self, row: int) -> Lane | None:
        """What of a row can be selected; None leaves the row out of what is copied."""
        return Lane(self.text(row), self.indent(row))

    def side_at(self, cell: int, row: int) -> int:
        """Which of two texts beside each other a cell of a row belongs to, 0 or 1."""
        return 1

    def rows_in_hand(self) -> tuple[int, int]:
        """The first and the last row where the keyboard begins to select: those seen, or the cursor's."""
        first = self.top
        return first, max(first, min(first + self.view_height, self.row_count) - 1)

    def seek(self, hits: Callable[[str], bool], start: int, direction: int) -> int | None:
        """The first row from `start` on in `direction`, around the end, whose text `hits`."""
        count = self.row_count
        for distance in range(count):
            row = (start + direction * distance) % count
            if hits(self.text(row)):
                return row
        return None

    def spans(self, row: int) -> tuple[Span, ...]:
        """Highlights over a row; a subclass adds its own to these."""
        if self.selector.shown is None and not self.finder.active:
            return ()
        picked = self.selector.span(row)
        found = self.finder.spans(row, self.indent(row))
        return (*found, picked) if picked is not None else tuple(found)

    # Moving.

    def scroll_rows(self, rows: int) -> None:
        """Scroll down by `rows`, up when negative."""
        self.top += rows

    def show_row(self, row: int) -> None:
        """Scroll just as far as needed for `row` to be in view."""
        top = self.top
        if row < top:
            self.top = row
        elif row >= top + self.view_height:
            self.top = row - self.view_height + 1

    def rows_moved(self, first: int, by: int) -> None:
        """Rows from `first` on are now `by` rows further down; what is in view stays in view."""
        if self._top >= first:
            self._top = max(0, self._top + by)
        self.selector.move_rows(first, by)
        self.finder.move_rows(first, by)
        self.rows_changed(min(first, first + by))

    def cell_at(self, x: int, y: int) -> tuple[int, int]:
        """The cell of a row and the row at a cell of the widget; those outside go to the nearest row."""
        row = self.top + min(max(y - 1, 0), max(0, self.view_height - 1))
        return x - 1 - self.PADDING[0], row

    # Finding and copying.

    @property
    def bottom_line(self) -> str:
        """What the bottom edge says now: the find line while it is open, else the hint."""
        return self.finder.line if self.finder.typing else self.hint

    def find(self, text: str) -> bool:
        """Highlight `text` and go to the first row with it; empty ends it. True when found."""
        found = self.finder.look_for(text, self.top)
        self._show_found()
        return found

    def find_next(self) -> bool:
        """Go to the next row with what is looked for."""
        found = self.finder.step(1)
        self._show_found()
        return found

    def find_previous(self) -> bool:
        """Go to the row before with what is looked for."""
        found = self.finder.step(-1)
        self._show_found()
        return found

    def open_find(self) -> None:
        """Let the person type what to look for in the bottom edge."""
        self.finder.typing = True
        self.repaint_edge(top=False)

    def close_find(self) -> None:
        """End looking; the view stays where it is."""
        self.finder.typing = False
        self.find("")

    def copy_selection(self) -> str:
        """Put the selected text into the clipboard and return it; empty when nothing is selected."""
        selection = self.selector.current
        text = self.selector.extract(selection) if selection is not None else ""
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied(text))
        return text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What Textual copies."""
        return self.selector.extract(selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Textual says that the selection changed: draw the rows it covers and covered."""
        ends = [
            end.y if end is not None else edge
            for picked in (selection, self.selector.shown)
            if picked is not None
            for end, edge in ((picked.start, 0), (picked.end, self.row_count))
        ]
        self.selector.shown = selection
        if ends:
            self.repaint_rows(min(ends), max(ends))

    # What the person does.

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def on_resize(self, event: events.Resize) -> None:
        self.forget_drawing()
        self.selector.fit(self.inner_width)
        self.repaint(0)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if self.finder.typing and not any(event.key in keys for _, *keys in SELECTING_KEYS):
            self.finder.key(event)
        elif event.character == "/":
            # Not a binding: those run late, and the first letters typed after it would be lost.
            event.stop()
            event.prevent_default()
            self.open_find()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-WHEEL_ROWS)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        self.capture_mouse()
        if event.x >= self.outer_size.width - 1 and self.max_top:
            self._take_thumb(event.y - 1)
        elif 0 < event.y <= self.view_height:
            self.selector.press(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._grip is not None:
            self.top = top_for(self.row_count, self.view_height, event.y - 1 - self._grip)
        else:
            self.selector.drag(event.x, event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        self._grip = None
        if self.selector.release():
            self.copy_selection()

    async def on_click(self, event: events.Click) -> None:
        # Textual would select the whole pane on a double click, and the screen all there is.
        event.prevent_default()
        if event.chain > 1:
            event.stop()
            if self.selector.select_word(event.x, event.y):
                self.copy_selection()
        await self.broker_event("click", event)

    def action_rows(self, rows: int) -> None:
        self.scroll_rows(rows)

    def action_page(self, pages: int) -> None:
        self.scroll_rows(pages * max(1, self.view_height - 1))

    def action_start(self) -> None:
        self.top = 0

    def action_end(self) -> None:
        self.top = self.max_top

    def action_select(self, unit: Unit, step: int) -> None:
        self.selector.extend(unit, step)

    def _take_thumb(self, y: int) -> None:
        thumb = self._view().thumb
        size = thumb.last - thumb.first
        inside = thumb.first <= y < thumb.last
        self._grip = y - thumb.first if inside else size // 2
        if not inside:
            self.top = top_for(self.row_count, self.view_height, y - self._grip)

    def _show_found(self) -> None:
        if self.finder.row >= 0:
            self.show_row(self.finder.row)
        self.refresh()

    def _theme_changed(self, _theme: Theme) -> None:
        self.forget_drawing()
        self.refresh()
