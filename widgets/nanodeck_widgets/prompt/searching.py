"""Searching what was sent before: words narrow the list, newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence


class HistorySearch:
    """Texts that hold every word of `query`. Case counts only if a word has capitals."""

    def __init__(self, entries: Sequence[str]) -> None:
        self.entries = tuple(dict.fromkeys(reversed(entries)))
        self.query = ""
        self.matches = self.entries
        self.selected = 0

    @property
    def choice(self) -> str | None:
        """The selected text."""
        return self.matches[self.selected] if self.matches else None

    def look_for(self, query: str) -> None:
        """Narrow to `query`, or widen again; what was selected stays so if it still fits."""
        was = self.choice
        self.query = query
        words = [_word(word) for word in query.split()]
        self.matches = tuple(text for text in self.entries if all(word.search(text) for word in words))
        self.selected = self.matches.index(was) if was in self.matches and query else 0

    def move(self, step: int) -> None:
        """Select another text; at the ends it stays there."""
        self.selected = max(0, min(self.selected + step, len(self.matches) - 1))

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where the words stand in `line`."""
        return sorted(match.span() for word in self.query.split() for match in _word(word).finditer(line))


def _word(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word), re.IGNORECASE if word == word.lower() else 0)
