"""A pane whose rows belong to items, with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from nanodeck_widgets.approval.wrap import rows_of
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.strips import Span

MOST_ROWS = 3
LEAST_ROOM = 10


class Row(NamedTuple):
    """A row: the item it belongs to (empty for none) and all that it is drawn from.

    Equal rows look the same, which is how a pane finds out what to draw again.
    """

    item: str
    part: object


class ItemPane(Pane):
    """A subclass lays its items out as rows; `relay` draws what changed since the last time."""

    KEYS: ClassVar[str] = ""
    """What the bottom edge says while the pane has the focus and an item; the last go first."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "up", show=False),
        Binding("down,j", "step(1)", "down", show=False),
        Binding("enter", "open", "open", show=False),
    ]

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._rows: list[Row] = []
        self._first: dict[str, int] = {}
        self._laid_for = -1
        self._cursor = ""

    # What a subclass says.

    def lay(self, width: int) -> list[Row]:
        """All rows at this width."""
        return []

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

    def row(self, index: int) -> Row:
        """A row as it was laid."""
        return self._rows[index]

    def relay(self) -> None:
        """Lay the items again and draw the rows that differ."""
        if self._laid_for < 0:
            return
        old, cursor = self._rows, self._cursor
        self._set_rows(self._laid(self._laid_for))
        if len(old) == len(self._rows):
            for index, (before, now) in enumerate(zip(old, self._rows, strict=True)):
                if before != now:
                    self.rows_changed(index, index)
        else:
            pairs = enumerate(zip(old, self._rows, strict=False))
            least = min(len(old), len(self._rows))
            self.rows_changed(next((index for index, (before, now) in pairs if before != now), least))
        if cursor != self._cursor:
            self.refresh()
        self._show_keys()

    def count(self, width: int) -> int:
        """One row for each row laid."""
        if width != self._laid_for:
            self._laid_for = width
            self._set_rows(self._laid(width))
            # The keys depend on there being an item, which a pane seen for the first time learns here.
            self.call_later(self._show_keys)
        return len(self._rows)

    def spans(self, row: int) -> tuple[Span, ...]:
        """The cursor under the other highlights."""
        spans = super().spans(row)
        if self.has_focus and self._cursor and self._rows[row].item == self._cursor:
            return (Span(0, self.inner_width, self.palette.cursor), *spans)
        return spans

    def rows_in_hand(self) -> tuple[int, int]:
        """The rows of the item under the cursor."""
        if self._cursor not in self._first:
            return super().rows_in_hand()
        return self._first[self._cursor], self._last_row(self._cursor)

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

    def action_step(self, steps: int) -> None:
        items = list(self._first)
        if items:
            at = items.index(self._cursor) if self._cursor in self._first else 0
            self._go_to(items[min(max(at + steps, 0), len(items) - 1)])

    def action_start(self) -> None:
        self.top = 0
        self._go_to(next(iter(self._first), ""))

    def action_end(self) -> None:
        self.top = self.max_top
        self._go_to(next(reversed(self._first), ""))

    def action_page(self, pages: int) -> None:
        super().action_page(pages)
        shown = range(self.top, min(self.top + self.view_height, len(self._rows)))
        if shown and self._first.get(self._cursor, -1) not in shown:
            self._go_to(self._rows[shown[0] if pages > 0 else shown[-1]].item)

    def action_open(self) -> None:
        if self._cursor:
            self.opened(self._cursor)

    async def on_click(self, event: events.Click) -> None:
        _, row = self.cell_at(event.x, event.y)
        if 0 <= row < len(self._rows) and (item := self._rows[row].item):
            self._go_to(item)
            if event.chain == 2:
                self.opened(item)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._show_keys()

    def _show_keys(self) -> None:
        hint = self.KEYS if self.has_focus and self._cursor else ""
        while len(hint) > self.inner_width and "  " in hint:
            hint = hint.rpartition("  ")[0]
        self.hint = hint

    def _go_to(self, item: str) -> None:
        if item == self._cursor or item not in self._first:
            return
        before, self._cursor = self._cursor, item
        for each in (before, item):
            self._repaint_item(each)
        self.show_row(self._last_row(item))
        self.show_row(self._first[item])

    def _repaint_item(self, item: str) -> None:
        if item in self._first:
            self.repaint_rows(self._first[item], self._last_row(item))

    def _last_row(self, item: str) -> int:
        row = self._first[item]
        while row + 1 < len(self._rows) and self._rows[row + 1].item == item:
            row += 1
        return row

    def _laid(self, width: int) -> list[Row]:
        return self.lay(width) or [Row("", row.text) for row in rows_of(self.empty(), width)]

    def _set_rows(self, rows: list[Row]) -> None:
        at = self._first.get(self._cursor, 0)
        self._rows = rows
        self._first = {}
        for index, row in enumerate(rows):
            if row.item:
                self._first.setdefault(row.item, index)
        if self._cursor not in self._first:
            self._cursor = rows[min(at, len(rows) - 1)].item if rows else ""


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
