"""How often a stream is read: at once while it is slow, several pieces together once it is quick."""

from __future__ import annotations

INTERVAL = 0.02
"""Seconds between two reads of a quick stream: less than a frame, more than a token takes."""
QUICK = 8
"""Quick reads in a row that make a stream a quick one: short answers never wait."""
LARGE = 16 * 1024
"""Bytes of a read after which the next may not wait: the server has more than can be shown anyway."""


class Pace:
    """Waking up for each token costs more than the token: `wait` says how long to leave the next ones."""

    def __init__(self) -> None:
        self._quick = 0

    @property
    def wait(self) -> float:
        """Seconds until the next read is worth it."""
        return INTERVAL if self._quick >= QUICK else 0.0

    def note(self, seconds: float, size: int) -> None:
        """A read of `size` bytes had to wait for `seconds`."""
        self._quick = self._quick + 1 if seconds < INTERVAL and size < LARGE else 0
