"""A figure of the yardstick: what is tried how often, and how much of it is survived."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from msgspec import Struct

SHOWN_FAILURES = 10


class Score(Struct):
    """How many trials there were, and what the ones that failed say."""

    tried: int = 0
    failures: list[str] = []

    @property
    def survived(self) -> int:
        """Trials without a failure."""
        return self.tried - len(self.failures)

    def add(self, failure: str = "") -> None:
        """Count a trial; `failure` says what went wrong in it."""
        self.tried += 1
        if failure:
            self.failures.append(failure)


class Figure(Struct, frozen=True):
    """`run` makes so many trials with given dice; `short` is how many the suite makes, `long` all of them."""

    number: str
    what: str
    run: Callable[[Random, int], Score]
    short: int
    long: int
