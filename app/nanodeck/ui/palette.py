"""The command palette's source: every action and slash command, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nanodeck.contracts.slash import COMMANDS
from nanodeck.ui.actions import ACTIONS, WHERE_TITLES
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck_widgets.actions import Action
from nanodeck_widgets.keymap import Keymap

_NOT_OFFERED = {"deck.palette", "deck.leader", "deck.escape"}


class _Offer(NamedTuple):
    name: str
    help: str
    run: Callable[[], object]


class ActionProvider(Provider):
    """Actions run where they belong: those of a pane after it got the focus."""

    async def discover(self) -> Hits:
        """Everything, in the registry's order."""
        for offer in self._offers():
            yield DiscoveryHit(offer.name, offer.run, help=offer.help)

    async def search(self, query: str) -> Hits:
        """What fits `query`."""
        matcher = self.matcher(query)
        for offer in self._offers():
            if (score := matcher.match(offer.name)) > 0:
                yield Hit(score, matcher.highlight(offer.name), offer.run, help=offer.help)

    def _offers(self) -> Iterator[_Offer]:
        deck = self.screen
        if not isinstance(deck, DeckScreen):
            return
        for action in ACTIONS:
            if action.id not in _NOT_OFFERED and action.where not in ("approval", "prompt", "pane"):
                yield _Offer(action.title, _explain(action, deck.keymap), partial(_run, deck, action))
        for command in COMMANDS:
            yield _Offer(f"/{command.name}: {command.title}", "", partial(deck.run_command, command.name, ""))


def _explain(action: Action, keymap: Keymap) -> str:
    return f"{WHERE_TITLES[action.where]}  {'  '.join(keymap.shown(action.id))}"


async def _run(deck: DeckScreen, action: Action) -> None:
    if action.where == "deck":
        deck.used(action.id)
        await deck.run_action(action.name)
    elif deck.go_to(action.where) and (pane := deck.pane_in_focus) is not None:
        pane.act(action.name)
