"""Lines from standard input, without ever holding up the face."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Hear = Callable[[str | None], None]
"""Told each line that was typed, and None when there can be no more."""


def listen(hear: Hear) -> None:
    """Hand over every line typed from now on; `hear` is called from a thread of its own."""
    threading.Thread(target=_read, args=(hear,), name="read-lines", daemon=True).start()


@contextmanager
def hiding() -> Iterator[None]:
    """What is typed does not show on the terminal, if there is one."""
    if sys.platform == "win32" or not os.isatty(0):
        yield
        return
    import termios

    shown = termios.tcgetattr(0)
    hidden = termios.tcgetattr(0)
    hidden[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSADRAIN, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, shown)


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
