"""F1: a session that does everything is killed before each of its writes, and at any other moment."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Timer
from time import monotonic

import msgspec

from nanodeck.store.journal import read_journal
from tests.reliability import session
from tests.reliability.aftermath import damages, left_behind, losses, opened_again, session_of
from tests.reliability.calls import Calls, kill
from tests.reliability.figure import Figure, Score
from tests.reliability.forked import Heard, Place, Reached, Say, forked, played, scored
from tests.reliability.session import COMMAND, REWIND, REWOUND, STEPS, State, is_between

_MODULE = "tests.reliability.killed"


def _trials(dice: Random, trials: int) -> Score:
    score = Score()
    with tempfile.TemporaryDirectory() as name:
        base = Path(os.path.realpath(name))
        began = monotonic()
        states, calls = _whole(Place(base / "whole"))
        seconds = monotonic() - began
        every = range(1, calls + 1)
        for at in every if trials >= calls else sorted(dice.sample(every, trials)):
            wrong = "; ".join(_wrong(Place(base / str(at)), states, at=at))
            score.add(wrong and f"killed before call {at}: {wrong}")
        for number in range(score.tried + 1, trials + 1):
            after = dice.uniform(0, seconds)
            wrong = "; ".join(_wrong(Place(base / str(number)), states, after=after))
            score.add(wrong and f"killed after {after:.3f} s: {wrong}")
    return score


def _whole(place: Place) -> tuple[list[State], int]:
    """The states of the project from step to step, and how many calls it takes to get there."""
    session.furnish(place.project)
    states = [session.state_of(place.project)]
    heard = forked(lambda say: played(place, Calls(0, kill), say))
    assert not heard.problem, heard.problem
    assert len(heard.reached) == len(STEPS)
    return [*states, *(reached.state for reached in heard.reached)], heard.reached[-1].calls


def _wrong(place: Place, states: list[State], *, at: int = 0, after: float = 0) -> Iterator[str]:
    """What is wrong once the session is killed and opened again."""
    session.furnish(place.project)

    def work(say: Say) -> None:
        if after:
            timer = Timer(after, lambda: kill("", kill, ()))
            timer.daemon = True
            timer.start()
        played(place, Calls(at, kill), say)

    heard = forked(work)
    if heard.problem:
        yield heard.problem
    yield from losses(place, heard)
    again = opened_again(place)
    if again.problem:
        yield f"opened again: {again.problem}"
    if again.reached:
        yield from _misplaced(place, heard, again.reached[0], states)
    yield from losses(place, heard, again)
    yield from damages(place)
    yield from left_behind(place)


def _misplaced(place: Place, heard: Heard, again: Reached, states: list[State]) -> Iterator[str]:
    """Whether the project is as it was before the step that was cut short or after it, and that is known."""
    made, now = len(heard.reached), again.state
    if made >= REWIND and (now == states[REWIND + 1]) == (REWOUND in again.said):
        yield f"in step {made + 1}: of files and conversation only one went back"
    if made == len(STEPS):
        return
    old, new, step = states[made], states[made + 1], STEPS[made]
    folder, last = session_of(place), heard.reached[-1].n if made else 0
    told = [one.event for one in read_journal(folder).envelopes if one.n > last] if folder else []
    if now not in (old, new) and not (made == COMMAND and is_between(now, old, new)):
        yield f"in step {made + 1} ({step.what}): the project is neither as before nor as after it"
    elif now != old and not any(isinstance(event, step.told) for event in told):
        yield f"in step {made + 1} ({step.what}): the project is as after it, and nothing says so"


def _run(dice: Random, trials: int) -> Score:
    return scored(_MODULE, dice, trials)


FIGURE = Figure("F1", "killed before any write and at any moment, a session is whole", _run, 2, 1_000)

if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_trials(Random(int(sys.argv[1])), int(sys.argv[2]))))
