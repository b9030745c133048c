"""How long a loop did not turn, and how much of that was its own thread's work."""

from __future__ import annotations

import asyncio
from time import monotonic, thread_time

TICK = 0.001


class Pauses:
    """A ticker on the running loop, by kind, in ms: the longest time it was kept waiting (`longest`), and
    the most CPU its thread took in one wait (`work`): the rest is other threads and other programs.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.longest: dict[str, float] = {}
        self.work: dict[str, float] = {}
        self._loop = asyncio.get_running_loop()
        self._last, self._worked = monotonic(), thread_time()
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
        now, worked = monotonic(), thread_time()
        late = max(0.0, now - self._last - TICK) * 1000
        self.longest[self.kind] = max(self.longest.get(self.kind, 0.0), late)
        self.work[self.kind] = max(self.work.get(self.kind, 0.0), (worked - self._worked) * 1000)
        self._last, self._worked = now, worked
