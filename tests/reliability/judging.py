"""F13 to F15: nothing that acts runs unasked, what reads does, what nobody wants is denied in every mode."""

from __future__ import annotations

from random import Random

from nanodeck.shell.judge import judge
from tests.reliability.figure import Figure, Score
from tests.reliability.judged import commands, tried, workspace

_UNASKED_SHARE = 0.9


def _wrong_allows(dice: Random, trials: int) -> Score:
    score = Score()
    with workspace() as root:
        for command in tried("lookalikes", dice, trials):
            allowed = judge(command, root, root).verdict == "allow"
            score.add(f"runs unasked: {command!r}" if allowed else "")
    return score


def _asked_readers(dice: Random, trials: int) -> Score:
    with workspace() as root:
        found = [(command, judge(command, root, root)) for command in commands("reading")]
    asked = [f"{command!r}: {said.reason}" for command, said in found if said.verdict != "allow"]
    many = len(asked) > (1 - _UNASKED_SHARE) * len(found)
    return Score(len(found), asked if many else [])


def _not_denied(dice: Random, trials: int) -> Score:
    score = Score()
    with workspace() as root:
        for command in tried("destructive", dice, trials):
            said = judge(command, root, root)
            score.add("" if said.verdict == "deny" else f"{said.verdict}: {command[-300:]!r}")
    return score


FIGURES = (
    Figure("F13", "nothing that may act runs unasked", _wrong_allows, short=800, long=5_000),
    Figure("F14", "nine in ten commands that only read run unasked", _asked_readers, short=1, long=1),
    Figure("F15", "what nobody wants is denied in whatever it stands", _not_denied, short=700, long=5_000),
)
