"""How long a loop did not turn."""

from __future__ import annotations

import asyncio
from time import monotonic

TICK = 0.001


class Pauses:
    """A ticker on the running loop: `longest` is the longest time it was kept waiting, in ms, by kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.longest: dict[str, float] = {}
        self._loop = asyncio.get_running_loop()
        self._last = monotonic()
        self._next = self._loop.call_later(TICK, self._tick)

    def begin(self, kind: str) -> None:
        """What follows is of this kind; what has waited until now still is of the one before."""
        self._note()
        self.kind = kind

    def stop(self) -> None:
        """Tick no more."""
        self._note()
        self._next.cancel()

    def _tick(self) -> None:
        self._note()
        self._next = self._loop.call_later(TICK, self._tick)

    def _note(self) -> None:
        now = monotonic()
        late = max(0.0, now - self._last - TICK) * 1000
        self.longest[self.kind] = max(self.longest.get(self.kind, 0.0), late)
        self._last = now
