"""A list to pick from by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.text import one_line
from nanodeck.ui.screens.filtered import FilteredScreen

MOST_SHOWN = 200
LINE_LENGTH = 160


class ChoiceScreen(FilteredScreen[str]):
    """Dismissed with the text picked, or None."""

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._texts = texts
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Title, what to look for, the list."""
        with Vertical(id="box"):
            yield Static(Text(self._title, style="bold"), markup=False)
            yield Input(placeholder="type to search", compact=True)
            yield OptionList(markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Everything, until something is typed."""
        self.fill()

    def picked(self, place: int) -> str:
        """The text at `place`."""
        return self._shown[place]

    def fill(self) -> None:
        """Show the texts that have every word typed."""
        wanted = self.words.lower().split()
        found = [text for text in self._texts if all(word in text.lower() for word in wanted)]
        self._shown = found[:MOST_SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(one_line(text, LINE_LENGTH))) for text in self._shown])
        if self._shown:
            options.highlighted = 0
