"""Noticing an agent that goes in circles: the same call with the same result, again and again."""

from __future__ import annotations

import json

LIMIT = 3


class RepetitionGuard:
    """Counts how often in a row the same call gave the same result."""

    def __init__(self) -> None:
        self._last: tuple[str, str, str] | None = None
        self._times = 0

    def saw(self, name: str, arguments: str, result: str) -> int:
        """Note a finished call; answers how many times in a row it has now happened."""
        seen = (name, _canonical(arguments), result)
        self._times = self._times + 1 if seen == self._last else 1
        self._last = seen
        return self._times

    def reset(self) -> None:
        """Start counting afresh (a person said something)."""
        self._last, self._times = None, 0


def _canonical(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except ValueError:
        return arguments
