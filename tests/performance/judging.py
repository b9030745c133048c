"""What the judge takes for a command, over all those it is tried on."""

from __future__ import annotations

from time import monotonic

from nanodeck.shell.judge import judge
from tests.performance.bench import Bench, since
from tests.performance.rows import Budget, Row
from tests.reliability.judged import commands, workspace

_LISTS = ("reading", "lookalikes", "destructive", "wanted")


def judging(bench: Bench) -> list[Row]:
    """Milliseconds a command, each in the middle of some runs."""
    listed = [command for name in _LISTS for command in commands(name)]
    with workspace() as root:
        judge("ls", root, root)
        took = []
        for _ in bench.times(5):
            for command in listed:
                started = monotonic()
                judge(command, root, root)
                took.append(since(started))
    return [
        Row("a command judged", "ms", tuple(took), budget=Budget(1)),
        Row("a command judged, 99th percentile", "ms", tuple(took), percent=99),
    ]
