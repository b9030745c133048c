"""F21: many turns with stops, a provider that fails and commands in the sandbox leave nothing behind."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import msgspec

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.modes import Mode
from tests.reliability import session
from tests.reliability.aftermath import damages, left_behind, unpaired
from tests.reliability.figure import Figure, Score
from tests.reliability.forked import Place, scored
from tests.support.agents import start_agent
from tests.support.face import PATIENCE, Face, options_for
from tests.support.model_server import ModelServer, Reply, cut

_MODULE = "tests.reliability.soaked"
_TURNS = 5
"""How many turns there are before nanodeck is closed and opened again."""
_ONCE = 4
"""Descriptors and threads that may be opened once, at whatever start, and stay: what leaks goes on."""
_SETTLED = 10
"""After so many starts everything is loaded that stays: memory is compared from there on."""
_GROWTH = 16 << 20
"""Bytes that memory may grow in all of a long run: what the allocator keeps, not what is forgotten."""
_STOPPED_AT: tuple[type, ...] = (
    ev.ModelCallStarted,
    ev.TextStreamed,
    ev.ToolStarted,
    ev.OutputStreamed,
    ev.RetryScheduled,
)


class _Model(ModelServer):
    """Says what it is told to say next, and looks at every request as a strict provider does."""

    def __init__(self) -> None:
        super().__init__()
        self.coming: deque[Reply] = deque()
        self.refused: list[str] = []
        self._number = 0

    def take(self, body: bytes, key: str) -> tuple[int, Reply]:
        with self._lock:
            self.refused += unpaired(json.loads(body)["messages"])
            self._number += 1
            return self._number, self.coming.popleft() if self.coming else Reply(["fine"])


def _bash(command: str, **more: Any) -> Reply:
    return Reply(["I run it."], calls=[("bash", {"command": command, **more})])


def _replies(dice: Random, number: int) -> list[Reply]:
    """What a model does in a turn; of ten, one finds the provider down."""
    down = (
        Reply(status=401, error="who are you"),
        Reply(["half a"], before_end=cut),
        Reply(status=503, headers={"retry-after": "0.1"}),
    )
    work = (
        [_bash(f"echo {number} >> log; mkdir -p d{number % 7}; touch d{number % 7}/{number}")],
        [Reply(calls=[("write", {"path": f"new{number}.txt", "content": "x\n" * number})])],
        [_bash("echo started; sleep 1000 & setsid sleep 1000 & sleep 0.01")],
        [_bash("echo started; sleep 1000", background=True)],
        [Reply(calls=[("read", {"path": "a.py"})]), _bash("seq 3000")],
        [_bash("rm -f log; exit 3"), Reply(["a few words "] * 50)],
    )
    return [dice.choice(down), Reply(["again"])] if dice.random() < 0.1 else dice.choice(work)


def _turn(dice: Random, face: Face, model: _Model, number: int) -> None:
    """One turn, which may be stopped at any of its events."""
    model.coming.extend(_replies(dice, number))
    at = dice.choice(_STOPPED_AT) if dice.random() < 0.3 else ev.TurnEnded
    if dice.random() < 0.1:
        start_agent(face.link, f"helper{number}")
    face.link.send(cmd.Send(f"go on {number}"))
    event = face.wait(object, lambda event: isinstance(event, at | ev.TurnEnded))
    if not isinstance(event, ev.TurnEnded):
        face.link.send(cmd.Cancel())
    session.settle(face)
    _until(lambda: _at_rest(face), "a turn is stuck")
    model.coming.clear()


def _at_rest(face: Face) -> bool:
    face._drain()
    return not any(view.turn for view in face.state.agents.values())


def _between(dice: Random, face: Face, number: int) -> None:
    """What a person does between two turns."""
    commands: tuple[tuple[cmd.Command, ...], ...] = (
        (cmd.Undo(),),
        (cmd.Undo(), cmd.Redo()),
        (cmd.CreateCheckpoint(f"c{number}"), cmd.LoadCheckpoint(f"c{number}")),
        (cmd.StopJob("job-1"),),
        (),
    )
    for command in dice.choice(commands):
        face.link.send(command)
    session.settle(face)


def _start(dice: Random, place: Place, model: _Model, turns: int, *, again: bool) -> Iterator[str]:
    """A start of nanodeck and its turns, each of which yields what went wrong in it."""
    options = options_for(place.project, mode=Mode.YOLO, resume="last" if again else "")
    with Face(options) as face:
        session.settle(face)
        for number in range(turns):
            wrong = ""
            try:
                _turn(dice, face, model, number)
                _between(dice, face, number)
            except AssertionError as error:
                wrong = str(error)
            yield "; ".join([*([wrong] if wrong else []), *model.refused])
            model.refused.clear()
            face.events.clear()
            face.saved.clear()
            face._seen = 0


def _trials(dice: Random, trials: int) -> Score:
    score = Score()
    model = _Model()
    with tempfile.TemporaryDirectory() as name, model:
        place = Place(Path(os.path.realpath(name)))
        session.furnish(place.project)
        session.use(place.home, model.url)
        held, size = -1, 0
        for start in range(max(2, trials // _TURNS)):
            for wrong in _start(dice, place, model, _TURNS, again=start > 0 and dice.random() < 0.5):
                score.add(wrong and f"start {start}: {wrong}")
            score.add("; ".join((*damages(place), *left_behind(place), *_running(place))))
            gc.collect()
            held = _descriptors() + _ONCE if held < 0 else held
            score.add(_waited(partial(_holds_no_more_than, held), "descriptors stay open"))
            size = _memory() if start == _SETTLED else size
        score.add(f"{_memory() - size} bytes more" if size and _memory() - size > _GROWTH else "")
    return score


def _running(place: Place) -> Iterator[str]:
    if left := _waited(lambda: not _processes(place.base), "still running"):
        yield f"{left}: {_processes(place.base)}"


def _processes(base: Path) -> list[str]:
    """What runs in a folder, but for this process."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(process / "cwd").startswith(str(base)) and process.name != str(os.getpid()):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def _holds_no_more_than(descriptors: int) -> bool:
    return _descriptors() <= descriptors


def _descriptors() -> int:
    """Open files and threads."""
    return len(os.listdir("/proc/self/fd")) + threading.active_count()


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def _waited(condition: Callable[[], bool], what: str) -> str:
    """`what` where something does not become true."""
    try:
        _until(condition, what)
    except AssertionError as error:
        return str(error)
    return ""


def _until(condition: Callable[[], bool], what: str) -> None:
    until = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < until, what
        sleep(0.005)


def _run(dice: Random, trials: int) -> Score:
    return scored(_MODULE, dice, trials)


FIGURE = Figure("F21", "many turns, stops and failures leave no turn, process or descriptor", _run, 10, 4_000)

if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_trials(Random(int(sys.argv[1])), int(sys.argv[2]))))
