"""What every figure is measured with: temporary folders, the server, how often to repeat."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

from nanodeck.store.places import Places
from tests.performance.children import RawTerminal
from tests.performance.material import make_project, make_session
from tests.performance.rows import Row
from tests.performance.server import Server
from tests.support.terminal import deck_environment
from tests.support.trusting import trust_before

FLOORS = Path(__file__).with_name("floors")
COMMAND = str(Path(sys.executable).with_name("nanodeck"))
LETTERS = [chr(code) for code in range(0x100, 0x17F)]
"""Letters that nothing on any screen of the benchmark has: each is looked for when typed."""


class Bench:
    """One run of the benchmark."""

    def __init__(self, folder: Path, server: Server, *, quick: bool) -> None:
        self.server = server
        self.quick = quick
        self.project = folder / "project"
        make_project(self.project)
        self._folder = folder
        self._homes = count(1)

    def times(self, often: int) -> range:
        """How often to repeat what is worth `often` repetitions."""
        return range(max(1, often // 4) if self.quick else often)

    def home(self) -> Path:
        """A fresh home folder, of a person who trusts the project."""
        home = self._folder / f"home-{next(self._homes)}"
        home.mkdir()
        trust_before(self.project, Places.under(home / "nanodeck"))
        return home

    def environment(self, home: Path, model: str = "answer") -> dict[str, str]:
        """Variables with which nanodeck uses the server and nothing of this machine's user."""
        return deck_environment(home, OPENAI_BASE_URL=self.server.url, OPENAI_API_KEY="none", MODEL=model)

    @contextmanager
    def deck(self, *arguments: str, model: str = "answer", home: Path | None = None) -> Iterator[RawTerminal]:
        """The installed command in a pty of 120x40."""
        home = home or self.home()
        with RawTerminal(
            [COMMAND, *arguments], self.environment(home, model), folder=self.project
        ) as terminal:
            yield terminal

    @contextmanager
    def floor(self, program: str, *arguments: str) -> Iterator[RawTerminal]:
        """A program of `floors` in a pty of the same size."""
        command = [sys.executable, str(FLOORS / program), *arguments]
        environment = {**self.environment(self.home()), "TEXTUAL_FPS": "120", "ESCDELAY": "25"}
        with RawTerminal(command, environment, folder=self.project) as terminal:
            yield terminal

    @contextmanager
    def started(
        self, *arguments: str, model: str = "answer", home: Path | None = None
    ) -> Iterator[RawTerminal]:
        """A deck that is ready and at rest."""
        with self.deck(*arguments, model=model, home=home) as deck:
            deck.seen("ready")
            deck.rest()
            yield deck

    @contextmanager
    def resumed(self, past: int, model: str = "answer") -> Iterator[RawTerminal]:
        """A deck at rest that went on with a session of `past` messages."""
        home = self.home()
        make_session(home / "nanodeck", self.project.resolve(), past)
        with self.started("-c", "-m", model, home=home) as deck:
            yield deck


Figure = Callable[[Bench], list[Row]]


def happened(home: Path, event: str) -> list[bytes]:
    """The lines of `event` in the journals at `home`."""
    mark = f'"{event}"'.encode()
    journals = (home / "nanodeck" / "sessions").glob("*/events.jsonl")
    return [line for journal in journals for line in journal.read_bytes().splitlines() if mark in line]


def since(started: float) -> float:
    """Milliseconds since a monotonic time."""
    return (monotonic() - started) * 1000
