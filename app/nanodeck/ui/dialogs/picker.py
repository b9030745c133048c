"""The base of lists that are fetched: rows to pick from and a line about their state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.commands import Command
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.text import one_line
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck_widgets.glyphs import in_signs


class PickerRow(NamedTuple):
    """A row of the list; one without a command is a heading and cannot be picked."""

    label: Text
    command: Command | None = None


class PickerScreen(FilteredScreen[Command]):
    """Dismissed with what the picked row stands for, or None.

    Subclasses say `heading`, `placeholder`, `loading_text`, fetch in `load` and answer `rows`.
    """

    heading = ""
    placeholder = ""
    loading_text = ""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[PickerRow] = []
        self._said = self.loading_text
        self._failed = False

    async def load(self) -> str:
        """Fetch what there is; returns what to say below the list. Raises NanodeckError."""
        raise NotImplementedError

    def rows(self, words: str) -> Sequence[PickerRow]:
        """The rows that fit what was typed."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, filter, list, state."""
        with Vertical(id="box"):
            yield Static(Text(self.heading, style="bold"), markup=False)
            yield Input(placeholder=self.placeholder, compact=True)
            yield OptionList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """The keys work while the list is fetched."""
        self.fill()
        self._fetch()

    @work(exclusive=True)
    async def _fetch(self) -> None:
        self._failed = False
        try:
            self._said = await self.load()
        except NanodeckError as error:
            advice = f" ({error.advice})" if error.advice else ""
            self._said = f"the list could not be fetched: {one_line(error.message + advice, 500)}"
            self._failed = True
        self.fill()

    def picked(self, place: int) -> Command | None:
        """What the row at `place` stands for."""
        return self._rows[place].command

    def fill(self) -> None:
        """Show the rows that fit what was typed."""
        self._rows = list(self.rows(self.words))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(row.label, disabled=row.command is None) for row in self._rows])
        options.highlighted = next((at for at, row in enumerate(self._rows) if row.command is not None), None)
        self._advise(any(row.command is not None for row in self._rows))

    def _advise(self, takeable: bool) -> None:
        """Say how the list is and which keys do something."""
        said = self._said or ("" if self._rows else f"nothing fits “{self.words}”: take a letter away")
        line = self.query_one("#said", Static)
        line.update(Text(in_signs(said)))
        line.display = bool(said)
        line.set_class(self._failed, "-error")
        keys = "↑↓ choose · enter takes it · " if takeable else "enter tries again · " if self._failed else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}esc closes"))

    def nothing_taken(self) -> None:
        """Enter where there is nothing to take asks again after a failure."""
        if self._failed:
            self._said = self.loading_text
            self.fill()
            self._fetch()
