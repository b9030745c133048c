"""When a request may open over the deck by itself: never under a person's fingers."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Literal, NamedTuple

QUIET_SECONDS = 1.0

Focus = Literal["prompt", "chat", "review", "elsewhere"]


class Situation(NamedTuple):
    """What the person is doing: where the focus is, whether the prompt holds text, what else is open."""

    focus: Focus
    prompt_empty: bool = True
    dialog_open: bool = False
    agent_in_view: bool = True


def may_interrupt(situation: Situation, quiet: float) -> bool:
    """Whether a request may open now, `quiet` seconds after the last key anywhere."""
    if quiet < QUIET_SECONDS or situation.dialog_open or not situation.agent_in_view:
        return False
    return situation.focus == "chat" or (situation.focus == "prompt" and situation.prompt_empty)


class Gate:
    """Knows when the last key was pressed."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._last_key = clock() - QUIET_SECONDS

    def key(self) -> None:
        """A key was pressed, or text pasted, anywhere."""
        self._last_key = self.clock()

    @property
    def now(self) -> float:
        """Monotonic seconds, by the clock that pauses between keys are measured with."""
        return self.clock()

    @property
    def quiet(self) -> float:
        """Seconds since the last key."""
        return self.clock() - self._last_key

    @property
    def remaining(self) -> float:
        """Seconds until it has been quiet for long enough, 0 when it has."""
        return max(0.0, QUIET_SECONDS - self.quiet)

    def opens(self, situation: Situation) -> bool:
        """Whether a request may open now."""
        return may_interrupt(situation, self.quiet)
