"""When a key may decide: never by accident, never because it is held down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

QUIET_SECONDS = 0.4
TYPING_SECONDS = 1.0
"""Keys that follow each other faster than this were meant for what was there when they began."""
SETTLE_SECONDS = 0.12
"""Longer than the pause between repeats of a held key, shorter than a person notices."""


class Waiting(Protocol):
    """Something that happens in a moment, unless it is stopped."""

    def stop(self) -> None:
        """Let it not happen."""
        ...


class Gate:
    """Watches the pauses between keys. `clock` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = clock() - TYPING_SECONDS
        self._needed = 0.0
        self.quiet = 0.0

    def close(self) -> None:
        """Something new came in sight: the next decision needs a pause before it."""
        now = self._clock()
        self._needed = QUIET_SECONDS if now - self._last >= TYPING_SECONDS else TYPING_SECONDS
        self._last = now

    def press(self) -> None:
        """A key was pressed, whichever: measures the pause before it."""
        now = self._clock()
        self.quiet = now - self._last
        self._last = now
        self._needed = 0.0 if self.quiet >= self._needed else TYPING_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether the key just pressed may decide on a hunk."""
        return not self._needed

    @property
    def is_deliberate(self) -> bool:
        """Whether the key just pressed may confirm what was asked before."""
        return self.is_open and self.quiet >= QUIET_SECONDS
