"""Texts a person sends while an agent works: some steer it, some wait for the end of the turn."""

from __future__ import annotations

from collections import deque


class Inbox:
    """Two queues in the order of arrival."""

    def __init__(self) -> None:
        self._steer: deque[str] = deque()
        self._queued: deque[str] = deque()

    @property
    def steer(self) -> tuple[str, ...]:
        """What goes in before the next model call."""
        return tuple(self._steer)

    @property
    def queued(self) -> tuple[str, ...]:
        """What goes in after the turn."""
        return tuple(self._queued)

    def add_steer(self, text: str) -> None:
        """Put `text` before the next model call."""
        self._steer.append(text)

    def add_queued(self, text: str) -> None:
        """Put `text` after the turn."""
        self._queued.append(text)

    def take_steer(self) -> str | None:
        """The text to steer with next, if any."""
        return self._steer.popleft() if self._steer else None

    def take_next(self) -> str | None:
        """The text that starts the next turn, if any: what steered too late comes first."""
        if self._steer:
            return self._steer.popleft()
        return self._queued.popleft() if self._queued else None

    def take_all(self) -> tuple[str, ...]:
        """Empty both queues (a stop hands the texts back)."""
        taken = (*self._steer, *self._queued)
        self._steer.clear()
        self._queued.clear()
        return taken
