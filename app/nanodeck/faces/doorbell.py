"""Waking a main thread that waits, from another thread and from a signal."""

from __future__ import annotations

import select
import signal
import socket
from contextlib import suppress


class Doorbell:
    """Rung by threads and by every signal that arrives.

    A lock cannot do this: a signal that comes just before the wait begins is only looked at once the
    wait is over. The interpreter writes to this socket the moment a signal arrives.
    """

    def __init__(self) -> None:
        self._inner, self._outer = socket.socketpair()
        self._inner.setblocking(False)
        self._outer.setblocking(False)
        signal.set_wakeup_fd(self._outer.fileno(), warn_on_full_buffer=False)

    def ring(self) -> None:
        """Wake the waiter; any thread."""
        with suppress(OSError):  # full: it is awake anyway
            self._outer.send(b"\0")

    def wait(self) -> None:
        """Wait until it was rung since the last wait; handlers of signals have run by then."""
        select.select([self._inner], [], [])
        with suppress(BlockingIOError):
            self._inner.recv(4096)

    def close(self) -> None:
        """Let go of the signals."""
        signal.set_wakeup_fd(-1)
        self._inner.close()
        self._outer.close()
