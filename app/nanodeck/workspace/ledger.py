"""What the model has seen of each file, so that it never overwrites what it does not know."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

Freshness = Literal["fresh", "unread", "changed"]


class ReadLedger:
    """Remembers each file's bytes as last seen, by their hash."""

    def __init__(self) -> None:
        self._seen: dict[Path, bytes] = {}

    def saw(self, path: Path, data: bytes) -> None:
        """The model has seen (or written) `data` as the content of `path`."""
        self._seen[path] = _digest(data)

    def forget(self) -> None:
        """The model no longer knows any file."""
        self._seen.clear()

    def standing(self, path: Path, data: bytes) -> Freshness:
        """Whether `data`, the present content of `path`, is what was seen."""
        seen = self._seen.get(path)
        if seen is None:
            return "unread"
        return "fresh" if seen == _digest(data) else "changed"


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
