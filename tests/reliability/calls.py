"""Every call by which this process changes files, counted: it may die before one, or have it refused."""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from threading import Lock
from typing import Any

from nanodeck.store import journal

CHANGING = (
    *("write", "pwrite", "fsync", "fdatasync", "ftruncate", "open", "rename", "replace", "link", "symlink"),
    *("unlink", "remove", "mkdir", "rmdir", "chmod", "fchmod"),
)
_NEEDING_ROOM = ("write", "pwrite", "open", "link", "symlink", "mkdir")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

Act = Callable[[str, Callable[..., Any], tuple[Any, ...]], Any]
"""Does a call, given its name, what does it and its arguments; None lets it go on as it is."""


class Calls:
    """From `watch` on every call counts; `act` does number `at`, and with `stays` all later ones, too.

    For processes that end soon: nothing is put back. What waits for the disk does not wait.
    """

    def __init__(self, at: int, act: Act, *, stays: bool = False) -> None:
        self.count = 0
        self.hit = ""
        self.at = at
        self._act = act
        self.stays = stays
        self._lock = Lock()

    def watch(self) -> None:
        """Count from now on."""
        for name in CHANGING:
            setattr(os, name, self._watched(name, getattr(os, name)))
        opened = self._watched("open", io.open)
        setattr(io, "open", opened)  # noqa: B010 (the type checker knows it as final)
        setattr(builtins, "open", opened)  # noqa: B010
        journal._sync_data = os.fdatasync

    def heal(self) -> None:
        """Nothing happens any more."""
        self.at = 0

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        do = _at_once if name in ("fsync", "fdatasync") else real

        def call(*arguments: Any, **named: Any) -> Any:
            if name == "open" and not _may_write(arguments, named):
                return real(*arguments, **named)
            with self._lock:
                self.count += 1
                due = 0 < self.at <= self.count if self.stays else self.count == self.at
                self.hit = self.hit or (name if due else "")
            if due and (done := self._act(name, real, arguments)) is not None:
                return done
            return do(*arguments, **named)

        return call


def kill(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Die before the call."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(code: int) -> Act:
    """Have a call fail with `code`."""

    def act(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        raise OSError(code, os.strerror(code))

    return act


def fill(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Have what needs room fail, as on a full disk."""
    if name in _NEEDING_ROOM:
        refuse(errno.ENOSPC)(name, real, arguments)


def write_half(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Write only half of the bytes; other calls go on."""
    return real(arguments[0], arguments[1][: (len(arguments[1]) + 1) // 2]) if name == "write" else None


def _at_once(descriptor: int) -> None:
    """A kill takes nothing back that was written: waiting for the disk proves nothing."""


def _may_write(arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    how = arguments[1] if len(arguments) > 1 else named.get("mode", "r")
    return bool(how & _WRITES) if isinstance(how, int) else any(letter in how for letter in "wax+")
