"""The base of every big pane: rows that can be scrolled, selected, copied and searched."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from nanodeck_widgets.actions import Where
from nanodeck_widgets.canvas import Canvas
from nanodeck_widgets.find import Finder
from nanodeck_widgets.frame import top_for
from nanodeck_widgets.keymap import keymap_of, pressed
from nanodeck_widgets.selection import Lane, Selector, Unit
from nanodeck_widgets.strips import Span

WHEEL_ROWS = 3
SELECTING: dict[str, tuple[Unit, int]] = {
    "select_up": ("row", -1),
    "select_down": ("row", 1),
    "select_left": ("character", -1),
    "select_right": ("character", 1),
    "select_word_left": ("word", -1),
    "select_word_right": ("word", 1),
    "select_page_up": ("page", -1),
    "select_page_down": ("page", 1),
    "select_row_start": ("edge", -1),
    "select_row_end": ("edge", 1),
    "select_start": ("end", -1),
    "select_end": ("end", 1),
}
"""Actions that select: by what, and which way."""


def holds_selection(widget: Widget | None) -> bool:
    """Whether something is selected in `widget` that could be copied."""
    if isinstance(widget, Pane):
        return widget.selector.current is not None
    # Fields to type in are not loaded for the first frame only to be asked what they are.
    return bool(getattr(widget, "selected_text", ""))


class Pane(Canvas, can_focus=True):
    """Rows of content in a frame of the pane's own drawing.

    A subclass says how many rows there are (`count`), draws one (`build`) and gives its plain text
    (`text`); it calls `rows_changed` when rows changed. A key runs `action_<name>` for what the keymap
    says it does at `PLACE`, or else in every pane.
    """

    DEFAULT_CSS = "Pane { width: 1fr; height: 1fr; }"
    PLACE: ClassVar[Where] = "pane"

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

    def step(self, steps: int) -> None:
        """Move by lines; a subclass with a cursor moves that."""
        self.scroll_rows(steps)

    def page(self, pages: float) -> None:
        """Move by pages, or by halves of them."""
        self.scroll_rows(round(pages * max(1, self.view_height - 1)))

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
        row = self.top + min(max(y - self.view_start, 0), max(0, self.view_height - 1))
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

    def close_inner(self) -> bool:
        """Close what is open inside the pane; False when nothing is."""
        if self.selector.current is not None:
            self.selector.clear()
        elif self.finder.active:
            self.close_find()
        else:
            return False
        return True

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
        # Not bindings: those run after the event has bubbled, when the pane may show something else.
        name = keymap_of(self.app).name(pressed(event), self.PLACE, "pane")
        if self.finder.typing and name not in SELECTING:
            self.finder.key(event)
            return
        if name and self.act(name):
            event.stop()
            event.prevent_default()

    def act(self, name: str) -> bool:
        """Do the action called `name`; False when that means nothing here."""
        if name in SELECTING:
            self.selector.extend(*SELECTING[name])
            return True
        action = getattr(self, f"action_{name}", None)
        if action is not None:
            action()
        return action is not None

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
            event.stop()
            self._take_thumb(event.y - self.view_start)
        elif 0 <= event.y - self.view_start < self.view_height:
            self.selector.press(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._grip is not None:
            thumb = event.y - self.view_start - self._grip
            self.top = top_for(self.row_count, self.view_height, thumb)
        else:
            self.selector.drag(event.x, event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        self._grip = None
        if self.selector.release():
            self.copy_selection()

    def on_mouse_release(self) -> None:
        # Also when another widget took the mouse away in the middle of a drag.
        self._grip = None
        self.selector.release()

    async def on_click(self, event: events.Click) -> None:
        # Textual would select the whole pane on a double click, and the screen all there is.
        event.prevent_default()
        if event.chain > 1:
            event.stop()
            if self.selector.select_word(event.x, event.y):
                self.copy_selection()
        await self.broker_event("click", event)

    def action_up(self) -> None:
        self.step(-1)

    def action_down(self) -> None:
        self.step(1)

    def action_page_up(self) -> None:
        self.page(-1)

    def action_page_down(self) -> None:
        self.page(1)

    def action_half_up(self) -> None:
        self.page(-0.5)

    def action_half_down(self) -> None:
        self.page(0.5)

    def action_start(self) -> None:
        self.top = 0

    def action_end(self) -> None:
        self.top = self.max_top

    def action_find(self) -> None:
        self.open_find()

    def action_find_next(self) -> None:
        self.find_next()

    def action_find_previous(self) -> None:
        self.find_previous()

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
