"""A few facts, to read and close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nanodeck.contracts.text import clean


class FactsScreen(ModalScreen[None]):
    """Names and values."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "close", "close")]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._facts = facts

    def compose(self) -> ComposeResult:
        """One fact a line."""
        width = max(len(name) for name, _ in self._facts)
        text = Text(f"{self._title}\n\n", style="bold")
        for name, value in self._facts:
            text.append(f"{name:<{width}}  ", style="not bold dim")
            text.append(f"{clean(value)}\n", style="not bold")
        text.append("\nesc closes", style="not bold dim")
        with Vertical(id="box"):
            yield Static(text, markup=False)

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)
