"""A few facts, to read and close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nanodeck.contracts.explaining import Fact
from nanodeck.contracts.text import clean, show_controls
from nanodeck_widgets.approval.marks import mark_of
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of


def fact_table(app: App[object], facts: Sequence[Fact]) -> Table:
    """Facts below each other, each text in a column of its own, with the sign of what was decided on it."""
    palette, signs = palette_of(app), glyphs()
    table = Table.grid(padding=(0, 1))
    for fact in facts:
        warning = (signs.warning, palette.error) if fact.warns else ("", palette.text)
        sign = mark_of(fact.verdict, palette, signs) if fact.verdict else warning
        text = Text(show_controls(fact.text), palette.error if fact.warns else palette.text)
        text.append(f"  {show_controls(fact.note)}" if fact.note else "", palette.muted)
        table.add_row(Text(f"{fact.label:<6}", palette.muted), Text(*sign), text)
    return table


class FactsScreen(ModalScreen[None]):
    """Names and values."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "close", "close")]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._facts = facts

    def compose(self) -> ComposeResult:
        """One fact a line."""
        table = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
        for name, value in self._facts:
            table.add_row(Text(name), Text(clean(value)))
        parts = Text(self._title, style="bold"), Text(), table, Text(), Text("esc closes", style="dim")
        with Vertical(id="box"):
            yield Static(Group(*parts))

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)
