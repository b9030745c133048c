"""The real program in a pseudo-terminal, its screen kept by a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import NoReturn

import pyte

PATIENCE = 60.0


class Terminal:
    """Runs a command in a pty of `columns` x `rows`; use as a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        *,
        columns: int = 120,
        rows: int = 40,
        folder: Path | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.raw = bytearray()
        self.exit_code: int | None = None
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.descriptor, self._inner = os.openpty()
        self._set_size()
        self.attributes = termios.tcgetattr(self._inner)
        self.pid = self._start(command, environment, folder)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.descriptor)
        os.close(self._inner)

    @property
    def lines(self) -> list[str]:
        """The screen, without trailing blanks."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def send(self, keys: str | bytes) -> None:
        """Type `keys`."""
        os.write(self.descriptor, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self.columns, self.rows = columns, rows
        self._screen.resize(rows, columns)
        self._set_size()

    def hang_up(self) -> None:
        """Take the terminal away, as closing its window does."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, self.descriptor)
        os.close(nothing)

    def wait_for(self, text: str) -> str:
        """Read until `text` is on the screen; answers the screen."""
        return self.wait_until(lambda: text in self.text, text)

    def wait_until(self, happened: Callable[[], bool], what: str) -> str:
        """Read until `happened`; answers the screen."""
        until = monotonic() + PATIENCE
        while not happened():
            assert monotonic() < until, f"never came: {what}\n{self.text}"
            self.read(0.05)
        return self.text

    def wait_for_exit(self) -> int:
        """Read until the program has ended; answers its exit code, 128 + n for signal n."""
        until = monotonic() + PATIENCE
        while self.exit_code is None:
            assert monotonic() < until, f"still running:\n{self.text}"
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self.exit_code = code if code >= 0 else 128 - code
        while self.read(0.05):
            pass
        return self.exit_code

    def read(self, seconds: float) -> bytes:
        """What the program writes within `seconds`."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.descriptor, 65536)
        except OSError:
            return b""
        self.raw += data
        self.draw(data)
        return data

    def draw(self, data: bytes) -> None:
        """Put what the program wrote on the screen."""
        self._stream.feed(data)

    def attributes_now(self) -> list[object]:
        """The terminal's attributes as they are now."""
        return termios.tcgetattr(self._inner)

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(self._inner, termios.TIOCSWINSZ, size)

    def _start(self, command: Sequence[str], environment: dict[str, str], folder: Path | None) -> int:
        pid = os.fork()
        if pid == 0:
            self._become(command, environment, folder)
        return pid

    def _become(self, command: Sequence[str], environment: dict[str, str], folder: Path | None) -> NoReturn:
        os.setsid()
        fcntl.ioctl(self._inner, termios.TIOCSCTTY, 0)
        for number in (0, 1, 2):
            os.dup2(self._inner, number)
        os.closerange(3, 256)
        if folder:
            os.chdir(folder)
        os.execvpe(command[0], list(command), environment)


def deck_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment for the deck in which nothing of this machine's user counts."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "NANODECK_HOME": str(home / "nanodeck"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def nanodeck(*arguments: str) -> list[str]:
    """The command line of the deck."""
    return [sys.executable, "-m", "nanodeck", *arguments]
