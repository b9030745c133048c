"""What a command typed in lines may do, and a command that goes on talking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from nanodeck.contracts.commands import Command
from nanodeck.contracts.preferences import Kept
from nanodeck.contracts.queries import Query
from nanodeck.contracts.views import SessionView

AnswerT = TypeVar("AnswerT")


class Talk(Protocol):
    """The face, as commands see it."""

    state: SessionView
    load_kept: Callable[[], Kept]

    def say(self, *lines: str) -> None:
        """Say lines."""
        ...

    def send(self, command: Command) -> None:
        """Ask the engine for something."""
        ...

    async def query(self, query: Query[AnswerT]) -> AnswerT:
        """Ask the engine a question. Raises NanodeckError."""
        ...

    async def hear(self, *lines: str, secret: bool = False) -> str:
        """Say lines; the next line that is typed, not shown if it is `secret`."""
        ...

    def ask_trust(self) -> None:
        """Ask whether the folder is trusted, with the question that waits if there is one."""
        ...

    def mention(self, paths: Iterable[str]) -> None:
        """Let files go along with the next message."""
        ...

    async def leave(self) -> None:
        """End, after a question if something runs."""
        ...


class Dialog:
    """A command at work: the lines typed meanwhile are for it."""

    def __init__(self, work: Coroutine[Any, Any, None], stir: Callable[[], None]) -> None:
        self._stir = stir
        self._wanted: asyncio.Future[str] | None = None
        self.talked = False
        self._task = asyncio.ensure_future(work)
        self._task.add_done_callback(lambda _: stir())

    @property
    def hears(self) -> bool:
        """Whether it waits for a line."""
        return self._wanted is not None and not self._task.done()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._task.done()

    def end(self) -> None:
        """Raise what it failed with."""
        if not self._task.cancelled():
            self._task.result()

    async def line(self) -> str:
        """The next line."""
        self.talked = True
        self._wanted = asyncio.get_running_loop().create_future()
        self._stir()
        try:
            return await self._wanted
        finally:
            self._wanted = None

    def hear(self, line: str) -> None:
        """Hand the line over that it waits for."""
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(line)
            self._wanted = None

    def give_up(self) -> None:
        """End it where it is."""
        self._task.cancel()


async def choose(talk: Talk, heading: str, rows: Sequence[str]) -> int | None:
    """Which of the numbered `rows` is meant, by its place; None for an empty line."""
    numbered = [f"  {number}: {row}" for number, row in enumerate(rows, 1)]
    line = await talk.hear(f"{heading} (an empty line picks nothing)", *numbered)
    while word := line.strip():
        if word.isdecimal() and 0 < int(word) <= len(rows):
            return int(word) - 1
        line = await talk.hear(f"Type a number from 1 to {len(rows)}.")
    talk.say("Nothing picked.")
    return None
