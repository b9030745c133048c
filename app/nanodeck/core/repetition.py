"""Noticing an agent that goes in circles: the same calls with the same results, again and again."""

from __future__ import annotations

import json
from collections import Counter

LIMIT = 3


class RepetitionGuard:
    """Counts how often a call gave the same result while nothing new came of any other."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._times: Counter[int] = Counter()

    def saw(self, name: str, arguments: str, result: str) -> int:
        """Note a finished call; answers how many times it has now happened since the last news."""
        seen = hash((name, _canonical(arguments), result))
        if seen not in self._seen:
            self._seen.add(seen)
            self._times.clear()
        self._times[seen] += 1
        return self._times[seen]

    def reset(self) -> None:
        """Start counting afresh (a person said something)."""
        self._seen.clear()
        self._times.clear()


def _canonical(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except ValueError:
        return arguments
