"""F17: escapes tried at each level, as the one who runs this and, where that is root, as nobody."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from random import Random
from subprocess import TimeoutExpired

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.probe import probe
from tests.reliability.escapes import ALL, FORKING, Escape
from tests.reliability.figure import Figure, Score
from tests.reliability.sandboxes import Ground

_NOBODY = 65534
_LEVELS: tuple[Level, ...] = (2, 1)


def _run(dice: Random, trials: int) -> Score:
    score = Score()
    users = (None, _NOBODY) if os.geteuid() == 0 else (None,)
    each = trials // (len(users) * len(_LEVELS))
    for user in users:
        with ExitStack() as stack:
            ground = stack.enter_context(closing(Ground(user)))
            works = [level for level in _LEVELS if ground.works(level)]
            if user is None:
                score.add(_level_shown(ground, max(works, default=0)))
            for level in works:
                for escape in dice.sample(known := _tried(level, user), min(each, len(known))):
                    failure = _outcome(ground, escape, level)
                    score.add(failure and f"level {level}, user {user}: {escape.name}: {failure}")
                    if failure:
                        ground = stack.enter_context(closing(Ground(user)))
    return score


def _tried(level: Level, user: int | None) -> list[Escape]:
    # The limit of processes holds for everybody but root.
    forking = level == 2 and (user or os.geteuid()) != 0
    return [escape for escape in (*ALL, *[FORKING] * forking) if escape.level <= level]


def _outcome(ground: Ground, escape: Escape, level: Level) -> str:
    try:
        printed = ground.run(escape.script, level)
    except (ToolError, TimeoutExpired) as error:
        return str(error)
    return ground.damage(printed, level)


def _level_shown(ground: Ground, works: Level) -> str:
    """The level that is shown is the one that works."""
    shown = probe(ground.place / "cache").level
    return "" if shown == works else f"level {shown} is shown, level {works} works"


FIGURE = Figure("F17", "a confined command stays where it is confined to", _run, short=20, long=1_000)
