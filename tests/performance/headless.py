"""Runs without a screen: one question, a job of twenty calls, the pause between a tool and the model."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from time import monotonic

from tests.performance.bench import COMMAND, FLOORS, Bench, since
from tests.performance.children import run
from tests.performance.rows import Budget, Floor, Row

CALLS = 20
RECORD = b"x" * 300 + b"\n"


def one_shot(bench: Bench) -> list[Row]:
    """A question and its one-word answer."""
    wall, cpu = _compared(bench, "headless one-shot", "answer", 1, 8)
    return [replace(wall, budget=Budget(250, goal=170)), cpu]


def job(bench: Bench) -> list[Row]:
    """Twenty calls of read, ls and grep, a model call before each and one after the last."""
    wall, cpu = _compared(bench, f"headless job of {CALLS} calls", f"job-{CALLS}", CALLS + 1, 6)
    return [wall, replace(cpu, budget=Budget(450, goal=300))]


def _compared(bench: Bench, name: str, model: str, requests: int, often: int) -> tuple[Row, Row]:
    """The wall clock of a run and its CPU."""
    environment = bench.environment(bench.home(), model)
    raw = [
        sys.executable,
        str(FLOORS / "raw_requests.py"),
        bench.server.url,
        "answer",
        str(requests),
        "print",
    ]
    ours, floor = [], []
    for _ in bench.times(often):
        ours.append(run([COMMAND, "-p", "go", "--quiet"], environment, bench.project))
        floor.append(run(raw, environment, bench.project))
    of_what = f"httpx alone, {requests} request{'s' * (requests > 1)}"
    return (
        Row(f"{name}: wall", "ms", _of(ours, "wall"), (Floor(of_what, _of(floor, "wall")),)),
        Row(f"{name}: CPU", "ms", _of(ours, "cpu"), (Floor(of_what, _of(floor, "cpu")),)),
    )


def _of(ended: Sequence[object], field: str) -> tuple[float, ...]:
    return tuple(getattr(one, field) for one in ended)


def gap(bench: Bench) -> list[Row]:
    """From a tool's end (the time in its event) to the moment the server has the whole next request."""
    environment = bench.environment(bench.home(), f"job-{CALLS}")
    command = [COMMAND, "-p", "go", "--quiet", "--output-format", "stream-json"]
    values: list[float] = []
    for _ in bench.times(4):
        bench.server.log()
        events = [json.loads(line) for line in run(command, environment, bench.project).output.splitlines()]
        ends = [event["t"] for event in events if event["event"]["type"] == "ToolEnded"]
        calls = [entry["whole"] for entry in bench.server.log()[1:]]
        values += [(call - end) * 1000 for end, call in zip(ends, calls, strict=True)]
    raw = [sys.executable, str(FLOORS / "raw_requests.py"), bench.server.url, "answer", str(CALLS)]
    bench.server.log()
    run(raw, environment, bench.project)
    log = bench.server.log()
    bare = [(after["whole"] - before["ended"]) * 1000 for before, after in pairwise(log)]
    floors = (
        Floor("httpx alone, from a reply's last byte to the next request", tuple(bare)),
        Floor("fdatasync of a 300-byte record on the same disk", _syncs(bench)),
    )
    name = "gap between a tool's end and the next model call"
    return [Row(name, "ms", tuple(values), floors, budget=Budget(5, goal=3))]


def _syncs(bench: Bench) -> tuple[float, ...]:
    """What the disk takes for one record of a journal."""
    sync = getattr(os, "fdatasync", os.fsync)
    values = []
    descriptor = os.open(bench.home() / "records", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in bench.times(50):
            os.write(descriptor, RECORD)
            started = monotonic()
            sync(descriptor)
            values.append(since(started))
    finally:
        os.close(descriptor)
    return tuple(values)
