"""The engine's thread: one asyncio loop, entered only by handing callables to it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any

from nanodeck.contracts.commands import Command
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.link import AnswerT, Subscription
from nanodeck.contracts.queries import Query
from nanodeck.engine.bus import Buffer, Bus
from nanodeck.engine.engine import Engine
from nanodeck.engine.queries import answer_query

CLOSE_SECONDS = 5.0
SWITCH_INTERVAL = 0.0005
"""Short turns of the interpreter lock keep keys quick while this thread works."""

_log = logging.getLogger(__name__)


class EngineThread:
    """The engine in this process, as an `EngineLink`.

    `make_engine` makes the engine on the loop; `ended` is called when the thread is done.
    """

    def __init__(self, make_engine: Callable[[Bus], Awaitable[Engine]], ended: Callable[[], None]) -> None:
        self._bus = Bus()
        self._make_engine = make_engine
        self._ended = ended
        self._ready: Future[Engine] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread and wait until the session is open. Raises NanodeckError."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._thread.start()
        try:
            self._ready.result()
        except BaseException:
            self._stop_loop()
            raise

    def send(self, command: Command) -> None:
        """Hand `command` to the engine."""
        with suppress(RuntimeError):  # the loop is closed: nobody is left to obey
            self._loop.call_soon_threadsafe(self._ready.result().take, command)

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Have `query` answered on the engine's loop. Raises NanodeckError."""
        engine = self._ready.result()
        try:
            asked = asyncio.run_coroutine_threadsafe(answer_query(engine.agents, query), self._loop)
        except RuntimeError:
            raise NanodeckError("the engine has ended") from None
        try:
            return await asyncio.wrap_future(asked)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            raise NanodeckError("the engine has ended") from None

    def subscribe(self, wake: Callable[[bool], None]) -> Subscription:
        """A buffer that is filled from now on."""
        buffer = Buffer(self._bus, wake)
        self._loop.call_soon_threadsafe(self._ready.result().attach, buffer)
        return buffer

    def close(self) -> None:
        """End the session and the thread, within CLOSE_SECONDS."""
        if not self._thread.is_alive():
            return
        closing = asyncio.run_coroutine_threadsafe(self._ready.result().close(), self._loop)
        try:
            closing.result(CLOSE_SECONDS)
        except (TimeoutError, CancelledError):
            _log.error("the session did not close within %s s", CLOSE_SECONDS)
            self._ready.result().kill_all()
        except Exception:
            _log.exception("closing the session failed")
        self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            opening = self._loop.create_task(self._open())
            self._loop.run_forever()
            del opening
        finally:
            with suppress(RuntimeError):
                self._loop.run_until_complete(_end_all(asyncio.all_tasks(self._loop)))
                self._loop.run_until_complete(self._loop.shutdown_asyncgens())
                self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self._ended()

    async def _open(self) -> None:
        try:
            engine = await self._make_engine(self._bus)
        except BaseException as error:
            self._ready.set_exception(error)
        else:
            self._ready.set_result(engine)


async def _end_all(tasks: Collection[asyncio.Task[Any]]) -> None:
    """End what is left, so that nobody waits for an answer that cannot come."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
