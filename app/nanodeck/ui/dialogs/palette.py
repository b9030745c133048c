"""The command palette: every action and slash command by name, each with its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.slash import COMMANDS
from nanodeck.ui.actions import ACTIONS, WHERE_TITLES
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck_widgets.actions import Action
from nanodeck_widgets.glyphs import in_signs
from nanodeck_widgets.keymap import Keymap
from nanodeck_widgets.palette import palette_of

_NOT_OFFERED = {"deck.palette", "deck.leader", "deck.escape"}
_TYPED_THERE = ("approval", "prompt", "pane")
BESIDE = 8
"""Cells of the box beside the list's text: edges, blanks, scrollbar."""


class Offer(NamedTuple):
    """An action, or a slash command by its name."""

    title: str
    group: str
    keys: str
    action: Action | None = None
    command: str = ""


def offers(keymap: Keymap) -> Iterator[Offer]:
    """Everything there is, in the registry's order."""
    for action in ACTIONS:
        if action.id not in _NOT_OFFERED and action.where not in _TYPED_THERE:
            yield Offer(action.title, WHERE_TITLES[action.where], "  ".join(keymap.shown(action.id)), action)
    for command in COMMANDS:
        yield Offer(command.title, "Commands", f"/{command.name}", command=command.name)


class PaletteScreen(FilteredScreen[Offer]):
    """Dismissed with what is to be done, or None."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._offers = tuple(offers(keymap))
        self._rows: list[Offer | None] = []

    def compose(self) -> ComposeResult:
        """What to look for, the list."""
        with Vertical(id="box"):
            yield Static(Text("Commands", style="bold"), markup=False)
            yield Input(placeholder="type to search", compact=True)
            yield OptionList(markup=False)
            yield Static(in_signs("↑↓ choose · enter does it · esc closes"), id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Everything, until something is typed."""
        self.fill()

    def on_resize(self, event: events.Resize) -> None:
        """Keys stand at the right edge."""
        self.fill()

    def picked(self, place: int) -> Offer | None:
        """What is to be done."""
        return self._rows[place]

    def fill(self) -> None:
        """Show what fits the words, best first; everything under where it belongs."""
        words = self.words
        self._rows = [*self._best(words)] if words else [*self._grouped()]
        options = self.query_one(OptionList)
        options.clear_options()
        if not self._rows:
            self._rows = [None]
            options.add_option(Option(Text("nothing has these words"), disabled=True))
            return
        groups = iter(dict.fromkeys(offer.group for offer in self._offers))
        options.add_options(
            [
                Option(Text(next(groups)), disabled=True) if row is None else Option(self._label(row))
                for row in self._rows
            ]
        )
        options.highlighted = next(place for place, row in enumerate(self._rows) if row is not None)

    def _grouped(self) -> Iterator[Offer | None]:
        """All offers, None before each group."""
        group = ""
        for offer in self._offers:
            if offer.group != group:
                group = offer.group
                yield None
            yield offer

    def _best(self, words: str) -> list[Offer]:
        matcher = Matcher(words)
        scored = [(matcher.match(f"{offer.title} {offer.keys}"), offer) for offer in self._offers]
        return [offer for score, offer in sorted(scored, key=lambda pair: -pair[0]) if score > 0]

    def _label(self, offer: Offer) -> Text:
        width = min(76, self.app.size.width * 96 // 100) - BESIDE
        title = Text(f"  {offer.title}")
        title.truncate(max(10, width - cell_len(offer.keys) - 2), overflow="ellipsis")
        gap = " " * max(2, width - title.cell_len - cell_len(offer.keys))
        return Text.assemble(title, gap, (offer.keys, palette_of(self.app).key))
