"""A pane whose rows belong to items, with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from nanodeck_widgets.approval.wrap import rows_of
from nanodeck_widgets.flow import FlowPane
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.laid import Laid, Row
from nanodeck_widgets.strips import Span

MOST_ROWS = 3
LEAST_ROOM = 10


class ItemPane(FlowPane):
    """A subclass lays its items out as rows; `relay` draws what changed since the last time."""

    HINTS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Names of actions, blanks between, and the word for them that the bottom edge says while the pane
    has the focus and an item; the last go first."""

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._laid = Laid([], lambda _: ())
        self._laid_for = -1
        self._cursor = ""

    # What a subclass says.

    def items(self) -> list[str]:
        """The items from top to bottom."""
        return []

    def lay(self, item: str, width: int) -> Sequence[object]:
        """What the rows of an item, at least one, are drawn from at this width."""
        return ()

    def empty(self) -> str:
        """What to say when there are no items."""
        return ""

    def opened(self, item: str) -> None:
        """The person pressed enter on an item, or clicked it twice."""

    # What it can be asked.

    @property
    def cursor(self) -> str:
        """The item the cursor is on; empty when there are none."""
        return self._cursor

    @property
    def flow(self) -> Laid:
        """The items as they are laid."""
        return self._laid

    def row(self, index: int) -> Row:
        """A row as it was laid."""
        return self._laid.row(index)

    def show_item(self, item: str) -> None:
        """Scroll just as far as needed for an item to be in view, its beginning before its end."""
        self.settle_entry(self._laid.place(item))
        self.show_row(self._laid.span(item)[1])
        self.show_row(self._laid.span(item)[0])

    def relay(self) -> None:
        """Lay the items again and draw the rows that differ."""
        if self._laid_for < 0:
            return
        old, cursor = self._laid, self._cursor
        self._lay_all(self._laid_for)
        for first, last in self._laid.differing(old):
            self.rows_changed(first, last)
        if cursor != self._cursor:
            self.refresh()
        self._show_keys()

    def count(self, width: int) -> int:
        """The rows of all items, as far as known."""
        if width != self._laid_for:
            self._laid_for = width
            self._lay_all(width)
            # The keys depend on there being an item, which a pane seen for the first time learns here.
            self.call_later(self._show_keys)
        return self._laid.rows

    def spans(self, row: int) -> tuple[Span, ...]:
        """The cursor under the other highlights."""
        spans = super().spans(row)
        if self.has_focus and self._cursor and self.row(row).item == self._cursor:
            return (Span(0, self.inner_width, self.palette.cursor), *spans)
        return spans

    def rows_in_hand(self) -> tuple[int, int]:
        """The rows of the item under the cursor."""
        return self._laid.span(self._cursor) if self._cursor else super().rows_in_hand()

    def two_sided(self, left: Sequence[Segment], right: Sequence[Segment], width: int) -> Strip:
        """A row with `left` cut so that `right` fits at the edge."""
        ending = Strip(right)
        if ending.cell_length > width // 2:
            ending = ending.crop(0, width // 2)
        room = width - ending.cell_length - (1 if ending.cell_length else 0)
        beginning = Strip(left)
        if beginning.cell_length > room:
            ellipsis = Segment(self.glyphs.ellipsis, self.palette.muted)
            beginning = Strip([*beginning.crop(0, max(0, room - 1)), ellipsis])
        gap = width - beginning.cell_length - ending.cell_length
        return Strip([*beginning, Segment(" " * max(0, gap)), *ending])

    # What the person does.

    def step(self, steps: int) -> None:
        """Move the cursor."""
        if self._cursor:
            at = self._laid.place(self._cursor) + steps
            self._go_to(self._laid.items[min(max(at, 0), len(self._laid) - 1)])

    def action_start(self) -> None:
        self.top = 0
        if self._cursor:
            self._go_to(self._laid.items[0])

    def action_end(self) -> None:
        self.settle_above(self._laid.rows, self.view_height)
        self.top = self.max_top
        if self._cursor:
            self._go_to(self._laid.items[-1])

    def page(self, pages: float) -> None:
        """Scroll, and take the cursor along."""
        super().page(pages)
        self.settle()
        shown = range(self.top, min(self.top + self.view_height, self._laid.rows))
        if shown and self._cursor and self._laid.span(self._cursor)[0] not in shown:
            self._go_to(self.row(shown[0] if pages > 0 else shown[-1]).item)

    def action_open(self) -> None:
        if self._cursor:
            self.opened(self._cursor)

    async def on_click(self, event: events.Click) -> None:
        _, row = self.cell_at(event.x, event.y)
        if 0 <= row < self._laid.rows and (item := self.row(row).item):
            self._go_to(item)
            if event.chain == 2:
                self.opened(item)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._show_keys()

    def _show_keys(self) -> None:
        keymap = keymap_of(self.app)
        parts = (
            f"{' '.join(keymap.first(f'{self.PLACE}.{name}') for name in names.split())} {word}"
            for names, word in self.HINTS
        )
        hint = "  ".join(parts) if self.has_focus and self._cursor else ""
        while len(hint) > self.inner_width and "  " in hint:
            hint = hint.rpartition("  ")[0]
        self.hint = hint

    def _go_to(self, item: str) -> None:
        if item == self._cursor:
            return
        before, self._cursor = self._cursor, item
        for each in (before, item):
            self._repaint_item(each)
        self.show_item(item)

    def _repaint_item(self, item: str) -> None:
        if item in self._laid:
            self.repaint_rows(*self._laid.span(item))

    def _lay_all(self, width: int) -> None:
        # Where the item under the cursor went away, the cursor goes to what is in its row now.
        at = self._laid.span(self._cursor)[0] if self._cursor in self._laid else 0
        items = self.items()
        if items:
            self._laid = Laid(items, partial(self.lay, width=width), self._laid)
        else:
            rows = [row.text for row in rows_of(self.empty(), width)]
            self._laid = Laid([""], lambda _: rows)
            self._laid.settle(0)
        if self._cursor not in self._laid:
            self._cursor = self.row(min(at, self._laid.rows - 1)).item


def folded(text: str, room: int) -> list[str]:
    """`text` in rows of `room` cells; the last of `MOST_ROWS` may be longer, to be cut when it is drawn."""
    if room < LEAST_ROOM or cell_len(text) <= room:
        return [text]
    rows = rows_of(text, room)
    if len(rows) > MOST_ROWS:
        return [*(row.text for row in rows[: MOST_ROWS - 1]), text[rows[MOST_ROWS - 1].start :]]
    return [row.text for row in rows]


def plain(text: str, style: Style) -> Strip:
    """A row of one style."""
    return Strip([Segment(text, style)])
