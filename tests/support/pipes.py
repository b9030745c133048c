"""Named pipes: commands whose output comes when a test wants it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def tap(path: Path) -> Iterator[int]:
    """A pipe that a command reads from; written to by the test."""
    os.mkfifo(path)
    # Opened for both ends it neither waits for a reader nor ends when one goes.
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
