"""What the deck writes, on its way to the terminal: at once while that takes it, else by a thread."""

from __future__ import annotations

import os
import threading
from collections import deque

MOST_WAITING = 30


class Outlet:
    """Writes to one terminal. A terminal that is gone takes everything and shows nothing.

    A thread for every frame would cost a tenth of it in hand-overs: there is one only once a terminal has
    been slow. Writing waits itself while `MOST_WAITING` writes wait, so that a stopped terminal fills no
    memory.
    """

    def __init__(self, terminal: int, encoding: str = "utf-8") -> None:
        self._terminal = terminal
        self._encoding = encoding
        self._quick = _unblocked(terminal)
        self._waiting: deque[memoryview] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def write(self, text: str) -> None:
        """Write `text`, in the order of the calls."""
        data = memoryview(text.encode(self._encoding, "replace"))
        with self._changed:
            if not self._waiting:
                data = data[self._at_once(data) :]
            if data:
                self._changed.wait_for(lambda: len(self._waiting) < MOST_WAITING)
                self._waiting.append(data)
                self._changed.notify_all()
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="slow-terminal", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Write what waits, and no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._quick is not None:
            os.close(self._quick)
            self._quick = None

    def _at_once(self, data: memoryview) -> int:
        """How many bytes the terminal took without a wait."""
        if self._quick is None:
            return 0
        written = 0
        try:
            while written < len(data):
                written += os.write(self._quick, data[written:])
        except BlockingIOError:
            return written
        except OSError:
            return len(data)
        return written

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                data = self._waiting[0]
            try:
                while data:
                    data = data[os.write(self._terminal, data) :]
            except OSError:
                pass
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()


def _unblocked(terminal: int) -> int | None:
    """The same terminal opened once more, so that nobody else's writes stop waiting; None if it cannot be."""
    try:
        path = os.ttyname(terminal)
        opened = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if os.fstat(opened).st_rdev != os.fstat(terminal).st_rdev:
        os.close(opened)
        return None
    return opened
