"""Lines from standard input, without ever holding up the face."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

Hear = Callable[[str | None], None]
"""Told each line that was typed, and None when there can be no more."""


def listen(hear: Hear) -> None:
    """Hand over every line typed from now on; `hear` is called from a thread of its own."""
    threading.Thread(target=_read, args=(hear,), name="read-lines", daemon=True).start()


def _read(hear: Hear) -> None:
    # Not through `sys.stdin`: its lock would still be held when Python ends.
    rest = b""
    while data := _piece():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            hear(_text(line))
    if rest:
        hear(_text(rest))
    hear(None)


def _piece() -> bytes:
    try:
        return os.read(0, 65536)
    except OSError:
        return b""


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
