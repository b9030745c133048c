"""A reply that streams: how fast it is on screen, what it costs, what keys feel like meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from time import monotonic, process_time, time

from tests.performance.bench import FLOORS, LETTERS, Bench
from tests.performance.children import RawTerminal, cpu_ms, run
from tests.performance.material import FIRST_ROW, LAST_ROW, make_session, markdown
from tests.performance.rows import Budget, Floor, Row

FLOOD = 20_000
PACED = 1_000
PASTS = (10, 10_000)
KEY_SECONDS = 0.07
ERASE = "\x7f"


def flood(bench: Bench) -> list[Row]:
    """20,000 tokens as fast as they come: from the first byte sent to the last row painted."""
    values, cpu, raw = [], [], []
    for _ in bench.times(5):
        with bench.started(model=f"flood-{FLOOD}") as deck:
            bench.server.log()
            before = cpu_ms(deck.pid)
            deck.send("go\r")
            values.append(_since_first_byte(bench, deck))
            cpu.append(cpu_ms(deck.pid) - before)
        bench.server.log()
        with bench.floor("raw_requests.py", bench.server.url, f"flood-{FLOOD}", "1", "print") as program:
            raw.append(_since_first_byte(bench, program))
    floors = (
        Floor("httpx reading and printing the same", tuple(raw)),
        Floor("markdown-it parsing the same", _parsed(bench)),
    )
    name = f"{FLOOD:,} tokens of Markdown"
    return [
        Row(f"{name}: first byte to last row", "ms", tuple(values), floors, budget=Budget(1300, goal=900)),
        Row(f"{name}: CPU", "ms", tuple(cpu), floors[1:]),
    ]


def _since_first_byte(bench: Bench, terminal: RawTerminal) -> float:
    terminal.seen(LAST_ROW)
    painted = time()
    begun: float = bench.server.log()[0]["begun"]
    return (painted - begun) * 1000


def _parsed(bench: Bench) -> tuple[float, ...]:
    from markdown_it import MarkdownIt

    text, values = markdown(FLOOD), []
    for _ in bench.times(5):
        started = process_time()
        MarkdownIt("commonmark").enable("table").parse(text)
        values.append((process_time() - started) * 1000)
    return tuple(values)


def cost(bench: Bench) -> list[Row]:
    """CPU for 1,000 tokens at 200 a second, with few and with many messages before."""
    spent: dict[int, list[float]] = {past: [] for past in PASTS}
    for _ in bench.times(3):
        for past in PASTS:
            with _resumed(bench, past, f"paced-{PACED}") as deck:
                deck.send("go\r")
                deck.seen(FIRST_ROW)
                before = cpu_ms(deck.pid)
                deck.seen(LAST_ROW)
                spent[past].append((cpu_ms(deck.pid) - before) * 1000 / PACED)
    raw = [sys.executable, str(FLOORS / "raw_requests.py"), bench.server.url, f"paced-{PACED}", "1", "print"]
    ended = run(raw, bench.environment(bench.home()), bench.project)
    few, many = (tuple(spent[past]) for past in PASTS)
    httpx = Floor("a whole process of httpx reading the same", (ended.cpu * 1000 / PACED,))
    name, times = "CPU for 1,000 tokens at 200/s", Budget(1.2, of_floor=True)
    return [
        Row(f"{name}, {PASTS[0]} messages before", "ms", few, (httpx,), budget=Budget(500)),
        Row(f"{name}, {PASTS[1]:,} messages before", "ms", many, (Floor("with 10", few),), budget=times),
    ]


@contextmanager
def _resumed(bench: Bench, past: int, model: str) -> Iterator[RawTerminal]:
    home = bench.home()
    make_session(home / "nanodeck", bench.project.resolve(), past)
    with bench.started("-c", "-m", model, home=home) as deck:
        yield deck


def keys(bench: Bench) -> list[Row]:
    """From a key to its letter on the screen, at rest and while a reply streams."""
    often = len(bench.times(120))
    with bench.floor("bare_prompt.py") as program:
        program.seen("the mark")
        program.rest()
        bare = tuple(_typed(program, lambda count: count < often))
    with bench.started() as deck:
        rest = tuple(_typed(deck, lambda count: count < often))
    with bench.started(model=f"paced-{2 * PACED}") as deck:
        deck.send("go\r")
        deck.seen(FIRST_ROW)
        end = monotonic() + often * KEY_SECONDS
        streaming = tuple(_typed(deck, lambda count: monotonic() < end))
    floor = Floor("a bare Textual app with a TextArea, at rest", bare)
    return [
        *_echoes("at rest", rest, floor, Budget(10)),
        *_echoes("while streaming at 200 tokens/s", streaming, floor, Budget(25, goal=18)),
    ]


def _echoes(when: str, values: tuple[float, ...], floor: Floor, of_the_worst: Budget) -> list[Row]:
    return [
        Row(f"key echo {when}, p{percent:.0f}", "ms", values, (floor,), percent=percent, budget=budget)
        for percent, budget in ((50.0, None), (95.0, None), (99.0, of_the_worst))
    ]


def _typed(terminal: RawTerminal, more: Callable[[int], bool]) -> Iterator[float]:
    """Type letter after letter, taking each back, so that the next one is new on the screen."""
    for count, letter in enumerate(cycle(LETTERS)):
        if not more(count):
            return
        yield terminal.echo(letter)
        terminal.pause(KEY_SECONDS / 2)
        terminal.send(ERASE)
        terminal.pause(KEY_SECONDS / 2)
