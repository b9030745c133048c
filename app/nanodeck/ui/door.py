"""Keys and pastes typed for what is not on the screen yet."""

from __future__ import annotations

from textual import events

Typed = events.Key | events.Paste


class Door:
    """Holds what is typed from `close` on, until `open` hands it out in the order of arrival.

    It is closed from the start on, as nothing is there that could take a key.
    """

    def __init__(self) -> None:
        self._held: list[Typed] | None = []
        self._token = 0

    def close(self) -> int:
        """Hold what comes from now on; the answer is what `open` takes."""
        self._token += 1
        if self._held is None:
            self._held = []
        return self._token

    def holds(self, event: Typed) -> bool:
        """Keep `event` if the door is closed."""
        if self._held is None:
            return False
        self._held.append(event)
        return True

    def open(self, token: int = 0) -> list[Typed]:
        """What was held, nothing when the door was closed anew after `token` was given out."""
        if self._held is None or token != self._token:
            return []
        held, self._held = self._held, None
        return held
