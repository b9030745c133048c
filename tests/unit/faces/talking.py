"""The face in lines on an engine that does what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept
from nanodeck.faces.plain.keyboard import Hear
from nanodeck.faces.plain.run import PlainFace
from tests.flows.fake_engine import FakeEngine

PATIENCE = 60.0


class Talking:
    """What is said and typed; `seen` lines were waited for already."""

    def __init__(self, engine: FakeEngine, kept: Kept = Kept(), reading: float = 0.0) -> None:  # noqa: B008
        self.engine = engine
        self.said: list[str] = []
        self.seen = 0
        self._more = asyncio.Event()
        self._hear: list[Hear] = []
        self.face = PlainFace(
            Options("/p"), engine, self._hear.append, self._say, lambda: kept, reading=reading
        )

    def _say(self, line: str) -> None:
        self.said.append(line)
        self._more.set()

    async def until(self, words: str) -> str:
        """Wait for a line with `words` after the last one waited for."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not any(words in line for line in self.said[self.seen :]):
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"never came: {words}; it said:\n" + "\n".join(self.said)) from None
        self.seen += next(at for at, line in enumerate(self.said[self.seen :]) if words in line) + 1
        return self.said[self.seen - 1]

    def type(self, *lines: str) -> None:
        """Type lines at once."""
        for line in lines:
            self._hear[0](line)

    def hang_up(self) -> None:
        """Nothing can be typed any more."""
        self._hear[0](None)


@asynccontextmanager
async def talking(engine: FakeEngine | None = None, kept: Kept = Kept()) -> AsyncIterator[Talking]:  # noqa: B008
    """A face that is left at the end."""
    talk = Talking(engine or FakeEngine(), kept)
    running = asyncio.ensure_future(talk.face.run())
    await talk.until("Model: ")
    try:
        yield talk
    finally:
        if not running.done():
            talk.type("", "/exit")
        assert await asyncio.wait_for(running, PATIENCE) == 0
