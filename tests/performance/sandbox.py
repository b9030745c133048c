"""What the sandbox costs each command, beside the same command in plain bash."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import monotonic

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.launch import confined
from tests.performance.bench import Bench, since
from tests.performance.rows import Budget, Floor, Row

_COMMAND = ("bash", "-c", "true")
_NAMES: dict[Level, str] = {2: "bubblewrap", 1: "Landlock"}


def sandbox(bench: Bench) -> list[Row]:
    """How much longer a command takes at each level that works here."""
    temp = bench.home()
    place = Confinement(bench.project.resolve(), temp, home=Path.home())
    return [row for level in _NAMES for row in _rows(bench, place, level)]


def _rows(bench: Bench, place: Confinement, level: Level) -> list[Row]:
    plain, more = [], []
    try:
        _started(place, level)
    except (ToolError, OSError, subprocess.CalledProcessError):
        return []
    for _ in bench.times(60):
        alone = _started(place, 0)
        plain.append(alone)
        more.append(_started(place, level) - alone)
    floor = Floor("plain bash", tuple(plain))
    budget = Budget(10) if level == 2 else None
    return [Row(f"a command in {_NAMES[level]}: longer by", "ms", tuple(more), (floor,), budget=budget)]


def _started(place: Confinement, level: Level) -> float:
    """Milliseconds from asking how to start it to the command's end."""
    started = monotonic()
    launch = confined(_COMMAND, place, folder=place.root, environment=os.environ, level=level)
    launch.run(place.root).check_returncode()
    return since(started)
