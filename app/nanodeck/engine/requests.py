"""Requests for a person: records with an id; the first answer wins, a cancel withdraws."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nanodeck.contracts.events import Event, RequestClosed, RequestOpened
from nanodeck.contracts.requests import Answer, Request


class Requests:
    """The open requests of a session. Lives on the engine's loop."""

    def __init__(self, publish: Callable[[str, Event], None], synced: Callable[[], Awaitable[None]]) -> None:
        self._publish = publish
        self._synced = synced
        self._open: dict[str, tuple[Request, asyncio.Future[Answer]]] = {}

    async def ask(self, request: Request) -> Answer:
        """Publish `request` and wait for its answer, durable before it is acted on.

        Cancelling the waiter withdraws the request.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[request.id] = (request, future)
        self._publish(request.agent, RequestOpened(request))
        try:
            answer = await future
        except asyncio.CancelledError:
            if self._open.pop(request.id, None):
                self._publish(request.agent, RequestClosed(request.id))
            raise
        await self._synced()
        return answer

    def answer(self, request_id: str, answer: Answer) -> bool:
        """Answer an open request; False when it is no longer open."""
        entry = self._open.pop(request_id, None)
        if entry is None:
            return False
        request, future = entry
        self._publish(request.agent, RequestClosed(request_id, answer))
        if not future.done():
            future.set_result(answer)
        return True

    def find(self, request_id: str) -> Request | None:
        """The open request with this id."""
        entry = self._open.get(request_id)
        return entry[0] if entry else None
