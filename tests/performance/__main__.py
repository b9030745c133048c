"""`python -m tests.performance`: every figure beside its budget and its floor, from one run."""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import sys
import tempfile
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

from tests.performance import (
    bus,
    checkpoints,
    headless,
    judging,
    keys,
    loop,
    panes,
    sandbox,
    sessions,
    sources,
    starting,
    stopping,
    streaming,
)
from tests.performance.bench import Bench, Figure
from tests.performance.rows import MISSED, Row, table
from tests.performance.server import Server

FIGURES: dict[str, Figure] = {
    "version": starting.version,
    "first-frame": starting.first_frame,
    "modules": starting.modules,
    "memory": starting.memory,
    "one-shot": headless.one_shot,
    "job": headless.job,
    "gap": headless.gap,
    "flood": streaming.flood,
    "cost": streaming.cost,
    "streams": streaming.streams,
    "frames": streaming.frames,
    "keys": keys.keys,
    "resume": sessions.resume,
    "long-session": sessions.long_session,
    "growth": sessions.growth,
    "turns": sessions.turns,
    "pauses": loop.pauses,
    "bus": bus.bus,
    "escape": stopping.escape,
    "diff": panes.diff,
    "sources": sources.sources,
    "checkpoints": checkpoints.checkpoints,
    "tasks": panes.tasks,
    "jobs": panes.jobs,
    "sandbox": sandbox.sandbox,
    "judge": judging.judging,
}


QUIET = 1.0
"""The load of a machine on which nothing else runs, at most."""


def main() -> int:
    """Measure what is asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=FIGURES, help=", ".join(FIGURES))
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    given = parser.parse_args()
    print(_machine(), flush=True)
    busy = os.getloadavg()[0] > QUIET
    for package in ("nanodeck", "nanodeck_widgets"):
        _compile(package)
    rows: list[Row] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="nanodeck-bench-") as folder, Server() as server:
        os.environ["NANODECK_HOME"] = str(Path(folder) / "unused")
        bench = Bench(Path(folder), server, quick=given.quick)
        for name in given.only or FIGURES:
            started = monotonic()
            try:
                rows += FIGURES[name](bench)
            except Exception as error:
                # The others cost minutes: they are not thrown away for this one.
                failed.append(f"{name} could not be measured: {type(error).__name__}: {error}")
            print(f"{name}: {monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    missed = [row.figure for row in rows if row.verdict == MISSED]
    print(f"load at the end: {_load()}; missed: {', '.join(missed) or 'nothing'}")
    if busy:
        print("the machine was busy: wall clocks say little, CPU and multiples of the floor more")
    for problem in failed:
        print(problem, file=sys.stderr)
    return 1 if failed or missed else 0


def _machine() -> str:
    packages = ", ".join(f"{name} {version_of(name)}" for name in ("textual", "httpx", "msgspec"))
    return (
        f"{platform.platform()}, {os.cpu_count()} cores, CPython {platform.python_version()}, {packages}\n"
        f"pty of 120x40; bytecode compiled first; load at the start: {_load()}"
    )


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _compile(package: str) -> None:
    """Some environments keep Python from writing bytecode: the start would be measured with a compiler."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        compileall.compile_dir(folder, quiet=1)


if __name__ == "__main__":
    raise SystemExit(main())
