"""When a key may decide: never by accident, never because it is held down."""

from __future__ import annotations

from collections.abc import Callable

QUIET_SECONDS = 0.4
SETTLE_SECONDS = 0.12
"""Longer than the pause between repeats of a held key, shorter than a person notices."""


class Gate:
    """Watches the pauses between keys. `clock` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = clock() - QUIET_SECONDS
        self._closed = False
        self.quiet = 0.0

    def close(self) -> None:
        """Something new came in sight: the next decision needs a pause before it."""
        self._closed = True
        self._last = self._clock()

    def press(self) -> None:
        """A key was pressed, whichever: measures the pause before it."""
        now = self._clock()
        self.quiet = now - self._last
        self._last = now
        if self.quiet >= QUIET_SECONDS:
            self._closed = False

    @property
    def is_open(self) -> bool:
        """Whether the key just pressed may decide on a hunk."""
        return not self._closed

    @property
    def is_deliberate(self) -> bool:
        """Whether the key just pressed may confirm what was asked before."""
        return not self._closed and self.quiet >= QUIET_SECONDS
