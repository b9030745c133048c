"""A disk that refuses: the calls by which a session's journal is written fail when a test says so."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from nanodeck.store import journal, private

CALLS = ("open", "write", "pwrite", "ftruncate", "fdatasync", "fsync", "mkdir")


class FaultyDisk:
    """Counts the journal's calls; from call number `first` on, `count` of them fail with `code`.

    `short`: a failing write has written half of its bytes before.
    """

    def __init__(
        self, first: int = 0, *, count: int = 1, code: int = errno.ENOSPC, short: bool = False
    ) -> None:
        self.first, self.count, self.code, self.short = first, count, code, short
        self.calls = 0
        self.failed: list[str] = []

    def heal(self) -> None:
        """Everything works again."""
        self.first = 0

    def install(self, monkeypatch: pytest.MonkeyPatch) -> FaultyDisk:
        """Put this disk under the journal."""
        faulty = ModuleType("os")
        faulty.__dict__.update(vars(os))
        for name in CALLS:
            if hasattr(os, name):
                setattr(faulty, name, self._wrapped(name))
        for module in (journal, private):
            monkeypatch.setattr(module, "os", faulty)
        monkeypatch.setattr(journal, "_sync_data", getattr(faulty, "fdatasync", faulty.fsync))
        return self

    def _wrapped(self, name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.first and self.first <= self.calls < self.first + self.count:
                self.failed.append(name)
                if self.short and name == "write":
                    return real(arguments[0], arguments[1][: len(arguments[1]) // 2])
                raise OSError(self.code, os.strerror(self.code))
            return real(*arguments, **named)

        return call
