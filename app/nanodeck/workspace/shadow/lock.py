"""One process at a time, for as long as it lives: a lock on a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from nanodeck.contracts.errors import NanodeckError

WAIT = 10.0
_PAUSE = 0.02


@contextmanager
def alone(path: Path, seconds: float = WAIT) -> Iterator[int]:
    """Hold the lock `path`; answers its descriptor: a child that inherits it holds it, too.

    Raises OSError, and NanodeckError where somebody else keeps it for longer than `seconds`.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _hold(lock, monotonic() + seconds)
        yield lock
    finally:
        os.close(lock)


def _hold(lock: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > until:
                raise NanodeckError("another nanodeck is busy with the checkpoints of this folder") from None
            sleep(_PAUSE)
