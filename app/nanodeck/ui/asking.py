"""What pickers need of the engine: answers."""

from __future__ import annotations

from typing import Protocol, TypeVar

from nanodeck.contracts.queries import Query

AnswerT = TypeVar("AnswerT")


class Asking(Protocol):
    """Anything that answers queries: the engine's link, or the application that waits for it."""

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Answer a query. Raises NanodeckError."""
        ...
