"""The terminal as nanodeck found it: taken over before Textual loads, given back whatever happens.

The only module of the deck that knows POSIX terminals and signals. The first picture waits for what is
imported here.
"""

from __future__ import annotations

import os
import sys

try:
    # `signal` wraps this in enumerations, which take longer to load than the first picture to draw.
    import _signal as signal  # type: ignore[import-not-found]  # typeshed does not know it
except ImportError:
    import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    Skeleton = Callable[[int, int], str]

INPUT, SCREEN = 0, 2
ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?2004h"
REDRAW, DRAWN = b"\x1b[?2026h\x1b[H", b"\x1b[0m\x1b[?2026l"
QUIET = b"\x1b[?2026l\x1b[?2004l\x1b[?1000;1002;1003;1006;1015;1016;1004;2048l\x1b[?7h\x1b[0m"
LEAVE = b"\x1b[<u\x1b[23;2t\x1b[?1049l\x1b[?25h"
KEEP_TITLE, TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
OTHER_KEYS_ON, OTHER_KEYS_OFF = "\x1b[>4;1m", "\x1b[>4;0m"
ENDINGS = ("SIGTERM", "SIGHUP")
CANNOT_DRAW = ("dumb", "unknown")


class Terminal:
    """One process has one terminal; `held` says whether it shows our alternate screen now.

    `light`: its background is, as far as is known.
    """

    def __init__(self) -> None:
        self.light = False
        self.held = False
        self.adopted = False
        self.original: list[Any] | None = None
        self._skeleton: Skeleton | None = None

    @property
    def in_tmux(self) -> bool:
        """Whether tmux stands between us and the terminal."""
        return bool(os.environ.get("TMUX"))

    def refusal(self) -> str:
        """Why there can be no deck here, empty when there can."""
        if not os.isatty(INPUT):
            return "the deck needs a keyboard: standard input is not a terminal"
        if not os.isatty(SCREEN):
            return "the deck needs a screen: it draws on standard error, which is not a terminal"
        if (kind := os.environ.get("TERM", "")).lower() in CANNOT_DRAW:
            return f"the deck needs a terminal that can place its text; TERM says this one is {kind!r}"
        return ""

    def take_over(self, skeleton: Skeleton) -> None:
        """Show `skeleton(columns, rows)` on the alternate screen and keep typed keys unseen and in order."""
        self._skeleton = skeleton
        if sys.platform != "win32":
            for name in ENDINGS:
                signal.signal(getattr(signal, name), self._end_by_signal)
            signal.signal(signal.SIGWINCH, self._draw_again)
            self._go_raw()
        self.held = True
        _write(ENTER + self._frame())

    def give_back(self) -> None:
        """Leave the screen if it is still ours and restore the attributes found at the start."""
        if self.held:
            self.held = False
            _write(QUIET + (OTHER_KEYS_OFF.encode() if self.in_tmux else b"") + LEAVE)
        self._restore()

    def end_with(self, loop: asyncio.AbstractEventLoop, end: Callable[[int], None]) -> None:
        """From now on a signal that ends the process calls `end(128 + signal)` on `loop`."""
        if sys.platform == "win32":
            return
        for name in (*ENDINGS, "SIGINT"):
            number = getattr(signal, name)
            loop.add_signal_handler(number, end, 128 + number)

    def _go_raw(self) -> None:
        if sys.platform == "win32":
            return
        import termios

        try:
            original, raw = termios.tcgetattr(INPUT), termios.tcgetattr(INPUT)
            raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
            # Signals stay on until Textual takes over, so that Ctrl+C ends a start-up.
            raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            raw[6][termios.VMIN] = 1
            # Not TCSAFLUSH: that drops keys typed ahead.
            termios.tcsetattr(INPUT, termios.TCSANOW, raw)
        except termios.error:
            return
        self.original = original

    def _restore(self) -> None:
        if sys.platform == "win32" or self.original is None:
            return
        import termios

        try:
            termios.tcsetattr(INPUT, termios.TCSANOW, self.original)
        except termios.error:
            return

    def _frame(self) -> bytes:
        if self._skeleton is None:
            return b""
        return REDRAW + self._skeleton(*_size()).encode() + DRAWN

    def _draw_again(self, number: int, frame: FrameType | None) -> None:
        if self.held and not self.adopted:
            _write(b"\x1b[2J" + self._frame())

    def _end_by_signal(self, number: int, frame: FrameType | None) -> None:
        self.give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _size() -> tuple[int, int]:
    """Columns and rows of the screen."""
    try:
        return os.get_terminal_size(SCREEN)
    except OSError:
        return 80, 24


def _write(data: bytes) -> None:
    try:
        while data:
            data = data[os.write(SCREEN, data) :]
    except OSError:
        return


TERMINAL = Terminal()
