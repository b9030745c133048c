"""Keys and commands in one searchable list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nanodeck.contracts.slash import COMMANDS
from nanodeck.ui.actions import WHERE_TITLES, actions_in
from nanodeck_widgets.actions import Where
from nanodeck_widgets.keymap import Keymap, keymap_of
from nanodeck_widgets.listing import Entry, Listing


def help_lines(place: Where, keymap: Keymap) -> Iterator[Entry]:
    """All keys and commands, those of `place` first."""
    order: list[Where] = [place, *(where for where in WHERE_TITLES if where != place)]
    for where in order:
        for action in actions_in(where):
            keys = keymap.shown(action.id)
            if keys:
                yield Entry(WHERE_TITLES[where], "  ".join(keys), action.title)
    for command in COMMANDS:
        also = f" (also {', '.join('/' + alias for alias in command.aliases)})" if command.aliases else ""
        name = f"/{command.name} {command.argument}".strip()
        yield Entry("Commands", name, command.title + also)


def matching(lines: Iterator[Entry], words: str) -> list[Entry]:
    """The lines that hold every one of `words`."""
    wanted = words.lower().split()
    return [line for line in lines if all(word in " ".join(line).lower() for word in wanted)]


class HelpScreen(ModalScreen[None]):
    """Type to search, esc to close."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "close", "close", priority=True),
        Binding("down", "scroll(1)", "down", priority=True),
        Binding("up", "scroll(-1)", "up", priority=True),
        Binding("pagedown", "scroll(10)", "page down", priority=True),
        Binding("pageup", "scroll(-10)", "page up", priority=True),
    ]

    def __init__(self, place: Where, words: str = "") -> None:
        super().__init__(classes="dialog picker")
        self._place = place
        self._words = words

    def compose(self) -> ComposeResult:
        """What to look for, then the list."""
        with Vertical(id="box"):
            yield Static(Text("Keys and commands", style="bold"), markup=False)
            yield Input(self._words, placeholder="type to search, esc closes", compact=True)
            yield Listing(self._found(self._words), "nothing fits: take a word away")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(Listing).show(self._found(event.value))

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)

    def action_scroll(self, rows: int) -> None:
        """Scroll the list while the words are typed."""
        self.query_one(Listing).scroll_relative(y=rows, animate=False)

    def _found(self, words: str) -> list[Entry]:
        return matching(help_lines(self._place, keymap_of(self.app)), words)
