"""Trying a model call again: when, how long to wait, and never after something was shown."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from msgspec import Struct

from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.model import ModelEvent, RetryPlanned

Sleep = Callable[[float], Awaitable[None]]
Start = Callable[[], AsyncGenerator[ModelEvent, None]]


class RetryPolicy(Struct, frozen=True):
    """How often and how patiently a call is tried again; times in seconds."""

    retries: int = 4
    first: float = 1.0
    cap: float = 20.0
    longest: float = 60.0
    chance: Callable[[], float] = random.random

    def wait(self, attempt: int, error: ModelError) -> float:
        """Seconds before try `attempt` (1 is the first repetition). Raises `error` when there is none."""
        if not error.retryable or attempt > self.retries:
            raise error
        asked = error.retry_after or 0.0
        if asked > self.longest:
            raise _too_long(error, asked, self.longest) from None
        if asked:
            return math.ceil(asked * 10) / 10
        backoff: float = min(self.cap, self.first * 2 ** (attempt - 1))
        return round(backoff * (0.75 + 0.5 * self.chance()), 2)


def _too_long(error: ModelError, asked: float, longest: float) -> ModelError:
    minutes = math.ceil(asked / 60)
    span = f"{minutes} minutes" if minutes > 1 else f"{math.ceil(asked)} s"
    message = f"{error.message} (it asks to wait {span}; more than {longest:.0f} s is not waited for)"
    return ModelError(error.kind, message, retry_after=error.retry_after)


async def retried(start: Start, policy: RetryPolicy, sleep: Sleep) -> AsyncGenerator[ModelEvent, None]:
    """The events of `start()`, started again after a failure as long as nothing was shown.

    Yields `RetryPlanned` before each wait; cancelling ends the wait.
    """
    attempt = 0
    while True:
        shown = False
        try:
            async with aclosing(start()) as events:
                async for event in events:
                    shown = True
                    yield event
            return
        except ModelError as error:
            if shown:
                raise
            attempt += 1
            seconds = policy.wait(attempt, error)
            planned = RetryPlanned(attempt, seconds, error.message)
        yield planned
        await sleep(seconds)
