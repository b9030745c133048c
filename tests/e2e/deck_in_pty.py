"""A deck in a pseudo terminal: the real process, real bytes, a terminal emulator for eyes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

import pyte

PATIENCE = 60.0
ROWS, COLUMNS = 40, 120
DECK = "import sys; from nanodeck.cli import main; sys.exit(main())"


class DeckInPty:
    """`with DeckInPty(...) as deck`: the process is killed at the end if it has not left by itself."""

    def __init__(self, home: Path, *arguments: str, script: str = DECK, **environment: str) -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.attributes = termios.tcgetattr(self.slave)
        self.output = b""
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        inherited = {name: value for name, value in os.environ.items() if name not in ("TMUX", "NO_COLOR")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            env={**inherited, "TERM": "xterm-256color", "NANODECK_HOME": str(home), **environment},
            preexec_fn=self._take_terminal,
        )

    def _take_terminal(self) -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self) -> DeckInPty:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def type(self, data: bytes) -> None:
        """Send bytes as a keyboard does."""
        os.write(self.master, data)

    def wait_for(self, words: str) -> None:
        """Read until `words` are on the screen."""
        self._read_until(lambda: words in self.text, words)

    def wait_for_bytes(self, data: bytes) -> None:
        """Read until `data` was written to the terminal."""
        self._read_until(lambda: data in self.output, repr(data))

    def leave(self) -> int:
        """Wait for the end of the process; returns its code, negative for a signal."""
        self._read_until(lambda: self.process.poll() is not None, "the end")
        while self._read(0.0):
            pass
        return self.process.returncode

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.screen.display)

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: attributes, screen, cursor, paste and mouse modes."""
        output = self.output
        return (
            self.attributes_now() == self.attributes
            and output.count(b"\x1b[?1049h") == output.count(b"\x1b[?1049l") == 1
            and output.rfind(b"\x1b[?25h") > output.rfind(b"\x1b[?25l")
            and output.rfind(b"\x1b[?2004l") > output.rfind(b"\x1b[?2004h")
            and output.rfind(b"1003l") >= output.rfind(b"\x1b[?1003h")
        )

    def attributes_now(self) -> list[Any]:
        """The terminal's attributes."""
        return termios.tcgetattr(self.slave)

    def _read_until(self, done: Callable[[], bool], what: str) -> None:
        deadline = monotonic() + PATIENCE
        while not done():
            assert monotonic() < deadline, f"waited for {what}; on the screen:\n{self.text}"
            self._read(0.05)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += data
        self._stream.feed(data)
        return bool(data)
