"""The engine's own figures: the bus, taking up a long session, the longest pause of the deck's loop."""

from __future__ import annotations

import json
import sys
import threading
from collections import deque
from pathlib import Path
from time import monotonic, perf_counter, sleep

from nanodeck.contracts.events import Envelope, TextStreamed
from nanodeck.contracts.views import SessionView, Snapshot
from nanodeck.engine.bus import Buffer, Bus
from tests.performance.bench import Bench
from tests.performance.children import RawTerminal
from tests.performance.material import LAST_ROW, answer_text, make_session
from tests.performance.rows import Budget, Floor, Row

EVENTS = 200_000
PASTS = (10, 10_000)
PROBED = Path(__file__).with_name("probed_deck.py")


def bus(bench: Bench) -> list[Row]:
    """Events from one thread to a subscriber in another that drains all the time."""
    runs = [_through_bus() for _ in bench.times(8)]
    bare = [_through_deque() for _ in bench.times(8)]
    floor = Floor("a deque between the same two threads", tuple(bare))
    values = tuple(speed for speed, _ in runs)
    note = f"{sum(lost for _, lost in runs):,} events gave way to a snapshot"
    budget = Budget(200_000)
    return [Row("bus", "events/s", values, (floor,), more_is_better=True, note=note, budget=budget)]


def _through_bus() -> tuple[float, int]:
    """Events a second, and how many of them a subscriber that fell behind did not get."""
    hub = Bus()
    buffer = Buffer(hub, lambda urgent: None)
    state = SessionView()
    hub.add(buffer, Snapshot(0, state))
    events = [Envelope(0, 0.0, "s", "main", TextStreamed(f"r{n % 8}", "word")) for n in range(EVENTS)]
    text = 0
    published = threading.Event()

    def drain() -> None:
        nonlocal text
        while buffer.pending or not published.is_set():
            for delivery in buffer.drain():
                if isinstance(delivery, Envelope) and isinstance(delivery.event, TextStreamed):
                    text += len(delivery.event.text)
            sleep(0.001)

    drainer = threading.Thread(target=drain)
    started = perf_counter()
    drainer.start()
    for event in events:
        hub.publish(event, state, 0)
    published.set()
    drainer.join()
    return EVENTS / (perf_counter() - started), EVENTS - text // 4


def _through_deque() -> float:
    items: deque[int] = deque()
    taken = 0

    def drain() -> None:
        nonlocal taken
        while taken < EVENTS:
            while items:
                items.popleft()
                taken += 1
            sleep(0.001)

    drainer = threading.Thread(target=drain)
    started = perf_counter()
    drainer.start()
    for number in range(EVENTS):
        items.append(number)
    drainer.join()
    return EVENTS / (perf_counter() - started)


def resume(bench: Bench) -> list[Row]:
    """`-c` with a long session: from exec to its last message on the screen."""
    values: dict[int, list[float]] = {past: [] for past in PASTS}
    parsed: list[float] = []
    for _ in bench.times(5):
        for past, found in values.items():
            home = bench.home()
            make_session(home / "nanodeck", bench.project.resolve(), past)
            last = answer_text(past // 2 - 1).rstrip().rsplit("\n", 1)[-1][:40]
            started = monotonic()
            with bench.deck("-c", home=home) as deck:
                found.append((deck.seen(last) - started) * 1000)
        parsed.append(_parse(home))
    few, many = (tuple(values[past]) for past in PASTS)
    more = tuple(long - short for long, short in zip(many, few, strict=True))
    floors = (Floor("json.loads of its lines", tuple(parsed)),)
    return [
        Row("exec to the end of a session of 10,000 messages", "ms", many, (Floor("of 10 messages", few),)),
        Row("that without the start: resume of 10,000 messages", "ms", more, floors),
    ]


def _parse(home: Path) -> float:
    started = perf_counter()
    for journal in (home / "nanodeck" / "sessions").glob("*/events.jsonl"):
        for line in journal.read_bytes().splitlines():
            json.loads(line)
    return (perf_counter() - started) * 1000


def loop_gap(bench: Bench) -> list[Row]:
    """The longest time the deck's loop did not turn, as a ticker in a deck in one process sees it."""
    found: dict[str, list[float]] = {"flood-20000": [], "paced-1000": [], "rest": []}
    for _ in bench.times(4):
        for model in ("flood-20000", "paced-1000"):
            home = bench.home()
            report = home / "gaps.json"
            environment = bench.environment(home, model)
            command = [sys.executable, str(PROBED), str(report)]
            with RawTerminal(command, environment, folder=bench.project) as deck:
                deck.seen("ready")
                deck.pause(1.0)
                deck.send("go\r")
                deck.seen(LAST_ROW)
                deck.rest()
                deck.send("/exit\r")
                deck.wait_for_exit()
            gaps = json.loads(report.read_text())
            found[model].append(gaps["working"])
            found["rest"].append(gaps["rest"])
    name, floor = (
        "longest pause of the deck's loop",
        Floor("the same deck at rest for a second", tuple(found["rest"])),
    )
    return [
        Row(f"{name}, 200 tokens/s", "ms", tuple(found["paced-1000"]), (floor,), budget=Budget(80)),
        Row(f"{name}, flood", "ms", tuple(found["flood-20000"]), (floor,), budget=Budget(80)),
    ]
