"""A deck in a pseudo terminal: the real process, real bytes, a terminal emulator for eyes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nanodeck.store.places import Places
from tests.support.terminal import Terminal, deck_environment
from tests.support.trusting import trust_before

READY = "ready"
SKELETON_DRAWN = b"\x1b[?2026l"
ESCAPE = "\x1b[27u"
"""Esc as keyboards of kitty's protocol send it: no key that comes soon after can become one with it."""
DECK = "import sys; from nanodeck.cli import main; sys.exit(main())"


class DeckInPty(Terminal):
    """`with DeckInPty(home, ...) as deck`: the process is killed at the end if it has not left by itself.

    `script` replaces the command's own entry; `environment` is added to that of a fresh user at `home`.
    The folder was trusted before, unless this is its `first` start.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        script: str = DECK,
        size: tuple[int, int] = (120, 40),
        folder: Path | None = None,
        first: bool = False,
        **environment: str,
    ) -> None:
        if not first:
            trust_before(folder or Path.cwd(), Places.under(home / "nanodeck"))
        super().__init__(
            [sys.executable, "-c", script, *arguments],
            deck_environment(home, **{"NANODECK_DEMO_PACE": "0", **environment}),
            columns=size[0],
            rows=size[1],
            folder=folder,
        )

    def __enter__(self) -> DeckInPty:
        return self

    def kill(self, number: int) -> None:
        """Send the process a signal."""
        os.kill(self.pid, number)

    def have_planned(self, question: str) -> None:
        """Ask the demo, begun in plan mode, and stop it once its plan waits: a whole turn and no decision."""
        self.wait_for(READY)
        self.ask(question)
        self.wait_for("waiting for you")
        self.send(ESCAPE)
        self.wait_for("interrupted")
        self.wait_for(READY)

    def wait_for_bytes(self, data: bytes) -> None:
        """Read until `data` was written to the terminal."""
        self.wait_until(lambda: data in self.raw, repr(data))

    def rest(self) -> None:
        """Read until nothing more is drawn."""
        while self.read(0.1):
            pass

    def wait_for_stop(self) -> None:
        """Read until every thread of the process is stopped, and everything it wrote before is read.

        A signal to go on that comes earlier is lost: the stop that follows it is for good.
        """
        threads = Path(f"/proc/{self.pid}/task")

        def stopped() -> bool:
            try:
                stats = [(thread / "stat").read_text() for thread in threads.iterdir()]
            except OSError:  # one of them ended meanwhile
                return False
            return {stat.rpartition(")")[2].split()[0] for stat in stats} == {"T"}

        self.wait_until(stopped, "every thread stopped")
        while self.read(0):
            pass

    @property
    def mouse_is_taken(self) -> bool:
        """Whether the program last asked for reports of the mouse."""
        output = bytes(self.raw)
        return output.rfind(b"\x1b[?1003h") > output.rfind(b"1003l")

    def ask(self, text: str) -> None:
        """Send a prompt."""
        self.send(f"{text}\r")

    @property
    def left_behind(self) -> str:
        """What was written once the deck's own screen was left: the shell keeps it in its scrollback."""
        return bytes(self.raw).rpartition(b"\x1b[?1049l")[2].decode()

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: attributes, screen, cursor, paste and mouse modes."""
        output = bytes(self.raw)
        return (
            self.attributes_now() == self.attributes
            and output.count(b"\x1b[?1049h") == output.count(b"\x1b[?1049l") == 1
            and output.rfind(b"\x1b[?25h") > output.rfind(b"\x1b[?25l")
            and output.rfind(b"\x1b[?2004l") > output.rfind(b"\x1b[?2004h")
            and output.rfind(b"1003l") >= output.rfind(b"\x1b[?1003h")
        )
