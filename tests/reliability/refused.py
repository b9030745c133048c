"""F2: a session that does everything, in which the disk refuses one call, or all from one on."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope
from tests.reliability import session
from tests.reliability.aftermath import damages, left_behind, losses, opened_again
from tests.reliability.calls import Act, Calls, fill, refuse, write_half
from tests.reliability.figure import Figure, Score
from tests.reliability.forked import Heard, Place, forked, played, scored
from tests.reliability.session import STEPS

_MODULE = "tests.reliability.refused"


_HALF = "could not be taken back"
"""Where the disk refuses even what takes back: the next start finishes it."""


class _Fault(NamedTuple):
    what: str
    act: Act
    stays: bool = False


_FAULTS = (
    _Fault("no room", refuse(errno.ENOSPC)),
    _Fault("an error of the disk", refuse(errno.EIO)),
    _Fault("no room in the quota", refuse(errno.EDQUOT)),
    _Fault("too many files", refuse(errno.EMFILE)),
    _Fault("half written", write_half),
    _Fault("full from here on", fill, stays=True),
    _Fault("read-only from here on", refuse(errno.EROFS), stays=True),
)


def _trials(dice: Random, trials: int) -> Score:
    score = Score()
    with tempfile.TemporaryDirectory() as name:
        base = Path(os.path.realpath(name))
        whole, calls = _played(Place(base / "whole"), _FAULTS[0], 0)
        every = [(at, fault) for fault in _FAULTS for at in range(1, calls + 1)]
        for at, fault in every if trials >= len(every) else dice.sample(every, trials):
            place = Place(base / f"{at} {fault.what}")
            heard, _ = _played(place, fault, at)
            wrong = "; ".join(_wrong(place, heard, whole))
            score.add(wrong and f"call {at}, {fault.what}: {wrong}")
    return score


def _played(place: Place, fault: _Fault, at: int) -> tuple[Heard, int]:
    """What is heard of a session in which call `at` is refused, and how many calls there were."""
    session.furnish(place.project)
    heard = forked(lambda say: played(place, Calls(at, fault.act, stays=fault.stays), say))
    return heard, heard.reached[-1].calls if heard.reached else 0


def _wrong(place: Place, heard: Heard, whole: Heard) -> Iterator[str]:
    """What was lost of the session, was left half done, or went wrong unsaid."""
    if heard.problem:
        yield heard.problem
    if not _told(heard.events) and [r.state for r in heard.reached] != [r.state for r in whole.reached]:
        yield "nothing is said, and the project is another one"
    if not _told(heard.events) and _outline(heard) != _outline(whole):
        yield "nothing is said, and other things happened"
    half = [reached.step for reached in heard.reached if not _is_whole(reached.state, whole)]
    if half and not any(_HALF in text for text in _words(heard.events)):
        yield f"after step {half[0]} ({STEPS[half[0] - 1].what}) files are half changed, and it is not said"
    again = opened_again(place)
    if again.problem:
        yield f"opened again: {again.problem}"
    if any(not _is_whole(reached.state, whole) for reached in again.reached):
        yield "opened again: files are half changed"
    yield from losses(place, heard, again)
    yield from damages(place)
    yield from left_behind(place)


def _told(events: list[Envelope]) -> bool:
    """Whether anything was said of it."""
    for event in (envelope.event for envelope in events):
        match event:
            case ev.Noticed(level="error" | "warning") if not session.is_ours(event):
                return True
            case ev.ToolEnded(outcome=outcome) if outcome != "ok":
                return True
            case ev.ChangesetEnded(failure=failure) if failure:
                return True
            case ev.TurnEnded(end=end) if end != "done":
                return True
    return False


def _outline(heard: Heard) -> list[str]:
    """What happened, but for the answers that were waited for: one more where the disk was healed."""
    events = (envelope.event for envelope in heard.events)
    return sorted(
        type(event).__name__
        for event in events
        if not (isinstance(event, ev.Noticed) and session.is_ours(event))
    )


def _words(events: list[Envelope]) -> Iterator[str]:
    """What was said of trouble."""
    for event in (envelope.event for envelope in events):
        if isinstance(event, ev.Noticed):
            yield event.text
        elif isinstance(event, ev.ChangesetEnded):
            yield event.failure


def _is_whole(state: session.State, whole: Heard) -> bool:
    """Whether the files of the edits are all as at one time, and those of the command, too."""
    known = [reached.state for reached in whole.reached]
    parts = (session.EDITED, session.COMMANDED)
    return all(any(_part(state, part) == _part(other, part) for other in known) for part in parts)


def _part(state: session.State, paths: tuple[str, ...]) -> dict[str, str | None]:
    return {path: state.get(path) for path in paths}


def _run(dice: Random, trials: int) -> Score:
    return scored(_MODULE, dice, trials)


FIGURE = Figure("F2", "whatever the disk refuses is said, and nothing is lost or half done", _run, 1, 3_000)

if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_trials(Random(int(sys.argv[1])), int(sys.argv[2]))))
