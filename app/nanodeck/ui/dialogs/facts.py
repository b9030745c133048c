"""A few facts, to read and close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Column, Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.visual import VisualType
from textual.widgets import Static

from nanodeck.contracts.explaining import Fact
from nanodeck.contracts.text import clean, show_controls
from nanodeck_widgets.approval.marks import mark_of
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.palette import palette_of


def fact_table(app: App[object], facts: Sequence[Fact]) -> Table:
    """Facts below each other, each text in a column of its own, with the sign of what was decided on it."""
    palette, signs = palette_of(app), glyphs()
    table = Table.grid(Column(no_wrap=True), Column(), Column(overflow="fold"), padding=(0, 1))
    for fact in facts:
        warning = (signs.warning, palette.error) if fact.warns else ("", palette.text)
        sign = mark_of(fact.verdict, palette, signs) if fact.verdict else warning
        text = Text(show_controls(fact.text), palette.error if fact.warns else palette.text)
        text.append(f"  {show_controls(fact.note)}" if fact.note else "", palette.muted)
        table.add_row(Text(f"{fact.label:<6}", palette.muted), Text(*sign), text)
    return table


HIGHEST = 90
"""How high a dialog can be, in percent of the screen."""
FRAME = 4
"""Rows of a dialog's edges."""


class FactPane(VerticalScroll, can_focus=False):
    """What is known, to scroll through where there is more of it than room: others need `beside` rows."""

    PAGING: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "scroll down", priority=True),
        Binding("pageup", "page(-1)", "scroll up", priority=True),
    ]
    """For the screens around it, whose `action_page` goes to `page`."""

    def __init__(self, said: VisualType = "", *, beside: int) -> None:
        self._said = Static(said, markup=False)
        self._beside = beside
        super().__init__(self._said, classes="facts")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As much as the dialog around it can have; a share of the screen would not hold in a style sheet."""
        room = viewport.height * HIGHEST // 100 - FRAME - self._beside
        return min(super().get_content_height(container, viewport, width), max(3, room))

    def show(self, said: VisualType) -> None:
        """Have this said instead, from its beginning."""
        self._said.update(said)
        self.scroll_home(animate=False)

    def page(self, pages: int) -> None:
        """Scroll by most of what is in view."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)


class FactsScreen(ModalScreen[None]):
    """Names and values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "close"),
        Binding("down,j", "scroll(1)", "down"),
        Binding("up,k", "scroll(-1)", "up"),
        *FactPane.PAGING,
    ]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__(classes="dialog")
        self._title = title
        table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
        for name, value in facts:
            table.add_row(Text(name), Text(clean(value)))
        self._pane = FactPane(table, beside=4)

    def compose(self) -> ComposeResult:
        """One fact a line."""
        with Vertical(id="box"):
            yield Static(Text(self._title, style="bold"))
            yield self._pane
            yield Static("esc closes", id="keys", markup=False)

    def on_mount(self) -> None:
        """What does not fit scrolls."""
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        if self._pane.max_scroll_y:
            self.query_one("#keys", Static).update(in_signs("↑↓ scroll · esc closes"))

    def action_scroll(self, rows: int) -> None:
        """Move what is in view."""
        self._pane.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the facts."""
        self._pane.page(pages)

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)
