"""The bus: events from the engine's thread to a subscriber in another."""

from __future__ import annotations

import threading
from collections import deque
from time import perf_counter, sleep

from nanodeck.contracts.events import Envelope, TextStreamed
from nanodeck.contracts.views import SessionView, Snapshot
from nanodeck.engine.bus import Buffer, Bus
from tests.performance.bench import Bench
from tests.performance.rows import Budget, Floor, Row

EVENTS = 200_000


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
