"""Long sessions: taking one up, typing in it, what it keeps in memory."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter

from tests.performance.bench import LETTERS, Bench, happened, since
from tests.performance.children import memory_mib
from tests.performance.keys import KEY_SECONDS, PACED, typed
from tests.performance.material import FIRST_ROW, answer_text, make_session
from tests.performance.rows import Budget, Floor, Row

FEW, LONG, LONGEST = 10, 5_000, 10_000
TURNS = 200


def resume(bench: Bench) -> list[Row]:
    """`-c` with a long session: from exec until its last message is seen and a typed letter too."""
    found: dict[int, list[float]] = {FEW: [], LONGEST: []}
    parsed: list[float] = []
    for _ in bench.times(5):
        for past, values in found.items():
            home = bench.home()
            make_session(home / "nanodeck", bench.project.resolve(), past)
            last = answer_text(past // 2 - 1).rstrip().rsplit("\n", 1)[-1][:40]
            started = monotonic()
            with bench.deck("-c", home=home) as deck:
                deck.seen("nanodeck")
                deck.send(LETTERS[0])
                deck.seen(last)
                deck.seen(LETTERS[0])
                values.append(since(started))
        parsed.append(_parse(home))
    few, many = (tuple(values) for values in found.values())
    more = tuple(long - short for long, short in zip(many, few, strict=True))
    name = f"resume of {LONGEST:,} messages"
    return [
        Row(
            f"{name}: exec to a usable screen",
            "ms",
            many,
            (Floor(f"of {FEW} messages", few),),
            budget=Budget(500),
        ),
        Row(f"{name}: without the start", "ms", more, (Floor("json.loads of its lines", tuple(parsed)),)),
    ]


def _parse(home: Path) -> float:
    started = perf_counter()
    for journal in (home / "nanodeck" / "sessions").glob("*/events.jsonl"):
        for line in journal.read_bytes().splitlines():
            json.loads(line)
    return (perf_counter() - started) * 1000


def long_session(bench: Bench) -> list[Row]:
    """A session of 5,000 messages: memory, and the echo of keys while a reply streams."""
    echoes: dict[int, tuple[float, ...]] = {}
    memory: dict[int, float] = {}
    for past in (FEW, LONG):
        with bench.resumed(past, PACED) as deck:
            deck.send("go\r")
            deck.seen(FIRST_ROW)
            echoes[past] = tuple(typed(deck, len(bench.times(120)) * KEY_SECONDS))
            memory[past] = memory_mib(deck.pid)
    few = f"with {FEW} messages"
    return [
        Row(
            f"key echo while streaming after {LONG:,} messages (U2), p95",
            "ms",
            echoes[LONG],
            (Floor(few, echoes[FEW]),),
            percent=95.0,
            budget=Budget(50),
        ),
        Row(
            f"memory with {LONG:,} messages",
            "MiB",
            (memory[LONG],),
            (Floor(few, (memory[FEW],)),),
            budget=Budget(250),
        ),
    ]


def growth(bench: Bench) -> list[Row]:
    """Memory that 1,000 more messages of a session take."""
    values, files = [], []
    for _ in bench.times(3):
        memory = []
        for past in (FEW, LONGEST):
            with bench.resumed(past) as deck:
                memory.append(memory_mib(deck.pid))
        values.append((memory[1] - memory[0]) * 1000 / (LONGEST - FEW))
        files.append(make_session(bench.home() / "nanodeck", bench.project, 1000) / 2**20)
    floor = Floor("their lines on disk", tuple(files))
    return [Row("memory for 1,000 messages", "MiB", tuple(values), (floor,), budget=Budget(4))]


def turns(bench: Bench) -> list[Row]:
    """200 turns one after the other, each with a call and an answer: time and memory at the end."""
    home = bench.home()
    with bench.started(model="turn", home=home) as deck:
        at_rest = memory_mib(deck.pid)
        started = monotonic()
        for number in range(1, TURNS + 1):
            deck.send("go\r")
            deck.until(partial(_ended, home, number))
        seconds = monotonic() - started
        deck.rest()
        memory = memory_mib(deck.pid)
    floor = Floor("the same deck before the first", (at_rest,))
    note = f"{seconds * 1000 / TURNS:.0f} ms a turn"
    return [Row(f"memory after {TURNS} turns", "MiB", (memory,), (floor,), note=note, budget=Budget(80))]


def _ended(home: Path, turns: int) -> bool:
    return len(happened(home, "TurnEnded")) == turns
