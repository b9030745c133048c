"""Esc while a command runs: when the turn is over, when the command is dead."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from time import monotonic, time

from tests.performance.bench import Bench, happened, since
from tests.performance.children import PATIENCE, RawTerminal
from tests.performance.rows import Floor, Row
from tests.performance.server import SLEEP

ESC = "\x1b"


def escape(bench: Bench) -> list[Row]:
    """From the key's byte to TurnEnded (the time in the journal) and to the death of the command."""
    ended, dead, bare = [], [], []
    for _ in bench.times(6):
        home = bench.home()
        with bench.started("--accept-all", model="sleep", home=home) as deck:
            deck.send("go\r")
            pid = _sleeper(deck, bench.project / "sleeper.runs")
            deck.pause(0.3)
            pressed, started = time(), monotonic()
            deck.send(ESC)
            while _runs(pid):
                deck.read(0.0005)
            dead.append(since(started))
            ended.append((_turn_ended(deck, home) - pressed) * 1000)
        with bench.floor("bare_prompt.py") as program:
            program.seen("the mark")
            program.rest()
            started = monotonic()
            program.send(ESC)
            bare.append((program.seen("the end") - started) * 1000)
    floor = Floor("a bare Textual app, Esc to its answer on screen (same ESCDELAY)", tuple(bare))
    return [
        Row("Esc to TurnEnded, sleep running", "ms", tuple(ended), (floor,)),
        Row("Esc to the death of the process", "ms", tuple(dead), (floor,)),
    ]


def _sleeper(deck: RawTerminal, path: Path) -> int:
    """The process that sleeps, once it does: by its words, as in a sandbox it has another number."""
    until = monotonic() + PATIENCE
    while not path.exists() or not (pids := _sleeping()):
        if monotonic() > until:
            raise RuntimeError(f"the command never ran: {bytes(deck.raw[-600:])!r}")
        deck.read(0.02)
    path.unlink()
    return pids[0]


def _sleeping() -> list[int]:
    shown = subprocess.run(["ps", "-axo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = (line.strip().partition(" ") for line in shown.splitlines())
    return [int(pid) for pid, _, words in lines if words.strip() == SLEEP]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A dead child stays a zombie until its parent has asked for it.
    state = Path(f"/proc/{pid}/stat")
    if state.exists():
        try:
            return state.read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def _turn_ended(deck: RawTerminal, home: Path) -> float:
    deck.until(lambda: bool(happened(home, "TurnEnded")))
    ended: float = json.loads(happened(home, "TurnEnded")[0])["t"]
    return ended
