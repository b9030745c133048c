"""A list to pick from by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.text import one_line

MOST_SHOWN = 200
LINE_LENGTH = 160


class ChoiceScreen(ModalScreen[str | None]):
    """Dismissed with the text picked, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "close", priority=True),
        Binding("down", "move(1)", "next", priority=True),
        Binding("up", "move(-1)", "previous", priority=True),
    ]

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__(classes="dialog picker")
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
        self._fill("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        place = self.query_one(OptionList).highlighted
        self.dismiss(self._shown[place] if place is not None else None)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    def action_cancel(self) -> None:
        """Nothing picked."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Move in the list while the words are typed."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def _fill(self, words: str) -> None:
        wanted = words.lower().split()
        found = [text for text in self._texts if all(word in text.lower() for word in wanted)]
        self._shown = found[:MOST_SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(one_line(text, LINE_LENGTH))) for text in self._shown])
        if self._shown:
            options.highlighted = 0
