"""Keys and pastes typed for what is not on the screen yet."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import monotonic

from textual import events

Typed = events.Key | events.Paste
PATIENCE = 3.0
"""Seconds after which nothing more is waited for: a late dialog is better than a dead keyboard."""


class Door:
    """Holds what is typed from `close` on, until `open` hands it out in the order of arrival.

    It is closed from the start on, however long that takes: nothing is there yet that could take a
    key. `clock` is monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held: list[Typed] | None = []
        self._closed_at = inf
        self.token = 0

    def close(self) -> int:
        """Hold what comes from now on; the answer is what `open` takes."""
        self.token += 1
        self._closed_at = self._clock()
        if self._held is None:
            self._held = []
        return self.token

    @property
    def overdue(self) -> bool:
        """Whether it has been closed for too long."""
        return self._held is not None and self._clock() - self._closed_at > PATIENCE

    def holds(self, event: Typed) -> bool:
        """Keep `event` if the door is closed."""
        if self._held is None:
            return False
        self._held.append(event)
        return True

    def open(self, token: int) -> list[Typed]:
        """What was held, nothing when the door was closed anew after `token` was given out."""
        if self._held is None or token != self.token:
            return []
        held, self._held = self._held, None
        return held
