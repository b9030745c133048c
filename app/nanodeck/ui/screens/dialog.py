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
    """Run a method of the deck beside everything else; another one that starts ends it."""

    def started(deck: DeckT, /, *arguments: ArgumentsT.args, **named: ArgumentsT.kwargs) -> None:
        token = deck.host.door.close()

        async def run() -> None:
            try:
                await method(deck, *arguments, **named)
            finally:
                # Where nothing was opened after all, the keys belong to the deck.
                await deck.host.open_door(token)

        deck.run_worker(run(), exclusive=True, group="dialog")

    started.__doc__ = method.__doc__
    return started
