"""Keys that were not meant for a request never answer it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

APPEAR_SECONDS = 0.4
"""How long keys are dead after another request is shown."""

QUIET_SECONDS = 1.0
"""How long they stay dead after a key that was meant for something else: slower than people type."""


class KeyGuard:
    """Absorbs keys until it has been quiet for long enough."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._live_at = 0.0

    def arm(self, seconds: float = APPEAR_SECONDS) -> None:
        """Keys are dead for at least `seconds` from now on."""
        self._live_at = max(self._live_at, self._clock() + seconds)

    def absorbs(self) -> bool:
        """Whether a key pressed now is dead; being pressed, it keeps the others dead longer."""
        if self.remaining <= 0:
            return False
        self.arm(QUIET_SECONDS)
        return True

    @property
    def remaining(self) -> float:
        """Seconds until keys are live, 0 when they are."""
        return max(0.0, self._live_at - self._clock())
