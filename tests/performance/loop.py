"""The longest time the deck's loop did not turn, as a ticker in the deck's own process sees it."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from tests.performance.bench import Bench
from tests.performance.children import RawTerminal
from tests.performance.material import LAST_ROW, make_session
from tests.performance.rows import Floor, Row, pause_row
from tests.performance.server import ROOT

PROBED = Path(__file__).with_name("probed_deck.py")
PAST = 10_000


def pauses(bench: Bench) -> list[Row]:
    """While the engine opens, at rest, while a reply streams, with a long session."""
    found: dict[str, list[float]] = defaultdict(list)
    work: dict[str, list[float]] = defaultdict(list)
    for _ in bench.times(4):
        for model, past in (("paced-1000", 0), ("flood-20000", 0), ("paced-1000", PAST)):
            report = _report(bench, model, past)
            for values, name in ((found, "longest"), (work, "work")):
                for kind, pause in report[name].items():
                    values[f"{kind} {model if kind == 'working' else ''} {past}"].append(pause)
    floor = Floor("the same deck at rest", tuple(found["rest  0"]))
    named = {
        "while the engine opens": "opening  0",
        "200 tokens/s": "working paced-1000 0",
        "flood": "working flood-20000 0",
        f"resume of {PAST:,} messages": f"opening  {PAST}",
        f"200 tokens/s after {PAST:,} messages": f"working paced-1000 {PAST}",
    }
    return [
        pause_row(f"longest pause of the loop: {when}", found[key], work[key], floor)
        for when, key in named.items()
    ]


def _report(bench: Bench, model: str, past: int) -> dict[str, dict[str, float]]:
    home = bench.home()
    report = home / "pauses.json"
    command = [sys.executable, str(PROBED), str(report)]
    if past:
        make_session(home / "nanodeck", bench.project.resolve(), past)
        command += ["-c", "-m", model]
    environment = {**bench.environment(home, model), "PYTHONPATH": str(ROOT)}
    with RawTerminal(command, environment, folder=bench.project) as deck:
        deck.seen("ready")
        # Opening is measured for a second from here, being at rest for another one.
        deck.pause(2.0)
        deck.send("go\r")
        deck.seen(LAST_ROW)
        deck.rest()
        deck.send("/exit\r")
        deck.wait_for_exit()
    pauses: dict[str, dict[str, float]] = json.loads(report.read_text())
    return pauses
