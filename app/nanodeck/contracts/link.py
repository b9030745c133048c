"""How a face reaches the engine: commands in, events out, queries answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, Union

from nanodeck.contracts.commands import Command
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.queries import Query
from nanodeck.contracts.views import Snapshot

Delivery = Union[Snapshot, Envelope]
AnswerT = TypeVar("AnswerT")


class Subscription(Protocol):
    """A face's own buffer of what happened. The first delivery is a snapshot of the folded state."""

    def drain(self, seconds: float = 0.004) -> list[Delivery]:
        """Take what is buffered, spending at most about `seconds`; any thread, never blocks."""
        ...

    @property
    def pending(self) -> bool:
        """Whether something is left to drain."""
        ...

    def close(self) -> None:
        """Stop receiving."""
        ...


class EngineLink(Protocol):
    """The one door to the engine."""

    def send(self, command: Command) -> None:
        """Ask for something; what comes of it arrives as events."""
        ...

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Answer a query for this face alone. Raises NanodeckError."""
        ...

    def subscribe(self, wake: Callable[[bool], None]) -> Subscription:
        """Receive everything from now on, a snapshot first.

        `wake(urgent)` is called from the engine's thread when the buffer was empty, and again when
        something urgent (a request, an error, the end of a turn) joins it.
        """
        ...

    def close(self) -> None:
        """End the session: stop turns and jobs, sync the journal, stop the thread."""
        ...
