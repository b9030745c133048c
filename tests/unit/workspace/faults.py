"""Faults of the system where files are written."""

from __future__ import annotations

import os


class Killed(BaseException):
    """The process died here: nothing after it runs."""


class FaultyOs:
    """Stands in for `os` where files are written: its `at`-th call fails, and with `stays` all later ones.

    Faults of a full disk (`full`) leave renaming and removing alone, as a full disk does; `changing` counts
    only calls that change something.
    """

    CHANGING = frozenset({"write", "fsync", "link", "mkdir", "rename", "unlink", "fchmod"})
    NEEDING_ROOM = frozenset({"write", "fsync", "link", "mkdir"})
    ALL = CHANGING | {"open", "read", "fstat"}

    def __init__(
        self,
        at: int,
        fault: BaseException,
        *,
        full: bool = False,
        changing: bool = False,
        stays: bool = False,
    ) -> None:
        self.at = at
        self.fault = fault
        self.stays = stays
        self.calls = 0
        self._watched = self.NEEDING_ROOM if full else self.CHANGING if changing else self.ALL

    @property
    def happened(self) -> bool:
        """Whether the fault came up."""
        return self.calls >= self.at

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in self._watched:
            return real

        def call(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.at or (self.stays and self.happened):
                raise self.fault
            return real(*arguments, **options)

        return call
