"""What opens a dialog: a worker of its own, with the keys typed meanwhile kept for the dialog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from nanodeck.ui.screens.keys import DeckKeys

    DeckT = TypeVar("DeckT", bound=DeckKeys)
ArgumentsT = ParamSpec("ArgumentsT")


def dialog(
    method: Callable[Concatenate[DeckT, ArgumentsT], Awaitable[None]],
) -> Callable[Concatenate[DeckT, ArgumentsT], None]:
    """Run a method of the deck beside everything else; a second run of it ends the first."""

    def started(deck: DeckT, /, *arguments: ArgumentsT.args, **named: ArgumentsT.kwargs) -> None:
        token = deck.host.door.close()

        async def run() -> None:
            try:
                await method(deck, *arguments, **named)
            finally:
                # Where nothing was opened after all, the keys belong to the deck.
                await deck.host.open_door(token)

        # Each in a group of its own: asked whether to leave, a person who stays goes on where they were.
        deck.run_worker(run(), exclusive=True, group=method.__name__)

    started.__doc__ = method.__doc__
    return started
