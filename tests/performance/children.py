"""Programs as the benchmark runs them: what they cost, what they draw, never left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.terminal import Terminal

PATIENCE = 20.0
KIB = 1024


@dataclass(frozen=True)
class Ended:
    """A program that ended: `wall` and `cpu` (children it waited for included) in ms, what it printed."""

    wall: float
    cpu: float
    output: bytes


def run(command: Sequence[str], environment: dict[str, str], folder: Path) -> Ended:
    """Run `command` to its end. Raises RuntimeError when it fails."""
    started = time.monotonic()
    with subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        output = process.stdout.read()
        problems = process.stderr.read()
        # Popen would throw away what the kernel counted.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {problems.decode()[-800:]}")
    return Ended(wall * 1000, (used.ru_utime + used.ru_stime) * 1000, output)


def cpu_ms(pid: int) -> float:
    """CPU time of all threads of a running process."""
    if sys.platform == "linux":
        # The kernel's clock of another process (clock_getcpuclockid).
        return time.clock_gettime((~pid << 3) | 2) * 1000
    shown = _ps("time", pid)
    seconds = 0.0
    for part in re.split(r"[:-]", shown):
        seconds = seconds * 60 + float(part)
    return seconds * 1000


def memory_mib(pid: int) -> float:
    """Resident memory of a running process."""
    return int(_ps("rss", pid)) / KIB


def _ps(column: str, pid: int) -> str:
    shown = subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return shown.stdout.strip()


class RawTerminal(Terminal):
    """A pty whose output is only kept: an emulator here would take CPU from what is measured."""

    def __enter__(self) -> RawTerminal:
        return self

    def draw(self, data: bytes) -> None:
        """Nothing is drawn."""

    def seen(self, mark: str, since: int = 0) -> float:
        """Read until `mark` was written after byte `since`; the monotonic time of that."""
        wanted = mark.encode()
        until = time.monotonic() + PATIENCE
        at = since
        while self.raw.find(wanted, at) < 0:
            if time.monotonic() > until:
                raise RuntimeError(f"{mark!r} never came; the last bytes: {bytes(self.raw[-600:])!r}")
            at = max(since, len(self.raw) - len(wanted))
            self.read(0.1)
        return time.monotonic()

    def echo(self, key: str) -> float:
        """Type `key`, which must not be on the screen yet; ms until it is."""
        since, started = len(self.raw), time.monotonic()
        self.send(key)
        return (self.seen(key, since) - started) * 1000

    def until(self, happened: Callable[[], bool]) -> None:
        """Read until `happened`."""
        until = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > until:
                raise RuntimeError(f"it never happened; the last bytes: {bytes(self.raw[-600:])!r}")
            self.read(0.01)

    def rest(self, seconds: float = 0.4) -> None:
        """Read until nothing was written for `seconds`."""
        while self.read(seconds):
            pass

    def pause(self, seconds: float) -> None:
        """Read for `seconds`."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)
