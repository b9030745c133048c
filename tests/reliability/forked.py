"""The session played in a process of its own, which says what its face has seen until it ends somehow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from nanodeck.contracts.events import Envelope
from nanodeck.engine.calls import confining
from tests.conftest import NO_SANDBOX
from tests.reliability import session
from tests.reliability.calls import Calls
from tests.reliability.figure import Score
from tests.reliability.session import STEPS, State
from tests.support.face import Face, options_for
from tests.support.trusting import trust_before


class Place(Struct, frozen=True):
    """Where a session works and where nanodeck keeps things."""

    base: Path

    @property
    def project(self) -> Path:
        """The folder that the session works in."""
        return self.base / "project"

    @property
    def home(self) -> Path:
        """Where nanodeck keeps everything."""
        return self.base / "home"


class Reached(Struct, frozen=True, tag=True):
    """So many steps are made; the project as it is then, the last event, and how many calls there were.

    `said` is what the person said in the conversation as it is then.
    """

    step: int
    state: State
    said: tuple[str, ...]
    n: int = 0
    calls: int = 0


class Seen(Struct, frozen=True, tag=True):
    """A face has seen an event that is kept."""

    envelope: Envelope


class Failed(Struct, frozen=True, tag=True):
    """The process gave up."""

    why: str


Said = Reached | Seen | Failed
Say = Callable[[Said], None]


class Heard(Struct):
    """What a process said before its end, and whether it was killed."""

    events: list[Envelope]
    reached: list[Reached]
    problem: str
    killed: bool


def scored(module: str, dice: Random, trials: int) -> Score:
    """The score of `module`, in a process of its own: only one without threads can be forked safely."""
    argv = (sys.executable, "-m", module, str(dice.randrange(1 << 30)), str(trials))
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(done.stdout, type=Score)


def forked(work: Callable[[Say], None]) -> Heard:
    """Do `work` in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        say = _saying(writing)
        try:
            work(say)
        except BaseException as error:
            say(Failed(f"{type(error).__name__}: {error}"))
        finally:
            os._exit(0)
    os.close(writing)
    heard = Heard([], [], "", killed=False)
    with open(reading, "rb") as lines:
        for line in lines:
            _hear(heard, line)
    heard.killed = os.waitpid(child, 0)[1] == signal.SIGKILL
    return heard


def _saying(descriptor: int) -> Say:
    write = os.write

    def say(said: Said) -> None:
        data = msgspec.json.encode(said) + b"\n"
        while data:
            data = data[write(descriptor, data) :]

    return say


def _hear(heard: Heard, line: bytes) -> None:
    if not line.endswith(b"\n"):
        return  # killed while it spoke
    match msgspec.json.decode(line, type=Said):
        case Seen(envelope=envelope):
            heard.events.append(envelope)
        case Reached() as reached:
            heard.reached.append(reached)
        case Failed(why=why):
            heard.problem = why


class Witness(Face):
    """A face that says of every event that it has seen it."""

    def __init__(self, project: Path, say: Say, resume: str = "") -> None:
        super().__init__(options_for(project, resume=resume))
        self._say = say
        self._told = 0

    def _drain(self) -> None:
        super()._drain()
        for envelope in self.saved[self._told :]:
            self._say(Seen(envelope))
        self._told = len(self.saved)


def played(place: Place, calls: Calls, say: Say) -> None:
    """Play the whole session."""
    confining.tried_here = lambda cache: NO_SANDBOX
    with session.model() as server:
        session.use(place.home, server.url)
        trust_before(place.project)
        calls.watch()
        with Witness(place.project, say) as face:
            for number, step in enumerate(STEPS, 1):
                step.make(face)
                project, said = session.state_of(place.project), session.said(face)
                say(Reached(number, project, said, face.saved[-1].n, calls.count))
            if calls.stays:
                # What could not be written is written with what comes next.
                calls.heal()
                session.settle(face)
