"""Walking what was sent before, shell-like: the typed draft is the prefix and comes back."""

from __future__ import annotations

from collections.abc import Iterable


class PromptHistory:
    """Texts sent before, oldest first. Walking shows only those that start with the draft."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._entries: list[str] = []
        self._draft = ""
        self._matches: list[str] = []
        self._place = 0
        self.walking = False
        self.load(entries)

    def load(self, entries: Iterable[str]) -> None:
        """Put `entries` before what was sent in this process."""
        self._entries = [*(entry for entry in entries if entry.strip()), *self._entries]

    @property
    def entries(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._entries)

    def add(self, text: str) -> None:
        """Remember `text` as the newest; the walk ends."""
        self.walking = False
        if text.strip() and self._entries[-1:] != [text]:
            self._entries.append(text)

    def older(self, draft: str) -> str | None:
        """The next older match; the first step takes `draft` as prefix. None: there is none."""
        if not self.walking:
            # Each text once, where it was sent last, and never what is there already.
            newest = dict.fromkeys(reversed(self._entries))
            self._matches = [entry for entry in newest if entry.startswith(draft) and entry != draft]
            self._draft, self._place = draft, -1
        if self._place + 1 >= len(self._matches):
            return None
        self.walking = True
        self._place += 1
        return self._matches[self._place]

    def newer(self) -> str | None:
        """The next newer match, in the end the draft itself. None: not walking."""
        if not self.walking:
            return None
        self._place -= 1
        if self._place >= 0:
            return self._matches[self._place]
        self.walking = False
        return self._draft

    def stop(self) -> None:
        """What is shown has become a draft of its own."""
        self.walking = False
