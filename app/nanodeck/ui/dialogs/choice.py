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
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck_widgets.glyphs import in_signs

MOST_SHOWN = 200
LINE_LENGTH = 160


class ChoiceScreen(FilteredScreen[str]):
    """Dismissed with the text picked, or None. `present` is the one that holds now; the list begins there."""

    def __init__(self, title: str, texts: Sequence[str], present: str = "") -> None:
        super().__init__()
        self._title = title
        self._texts = texts
        self._present = present
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Title, what to look for, the list, the keys."""
        with Vertical(id="box"):
            yield Static(Text(self._title, style="bold"), markup=False)
            yield Input(placeholder="type to search", compact=True)
            yield OptionList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

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
        options.add_options([Option(self._label(text)) for text in self._shown])
        if self._shown:
            options.highlighted = self._shown.index(self._present) if self._present in self._shown else 0
        said = self.query_one("#said", Static)
        said.update(f"nothing fits “{self.words}”: take a letter away")
        said.display = not self._shown
        keys = "↑↓ choose · enter takes it · " if self._shown else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}esc closes"))

    def _label(self, text: str) -> Text:
        shown = Text(one_line(text, LINE_LENGTH))
        return shown.append("  in view", "dim") if text == self._present else shown
