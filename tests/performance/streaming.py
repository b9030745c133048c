"""A reply that streams: how fast it is on screen, what it costs."""

from __future__ import annotations

import sys
from time import monotonic, process_time, time

from tests.performance.bench import FLOORS, Bench, since
from tests.performance.children import KIB, RawTerminal, cpu_ms, run
from tests.performance.keys import typed
from tests.performance.material import FIRST_ROW, LAST_ROW, markdown
from tests.performance.rows import Budget, Floor, Row
from tests.performance.server import TOKENS_A_SECOND
from tests.support.frames import sent_again

FLOOD = 20_000
PACED = 1_000
PASTS = (10, 10_000)
STREAM_SECONDS = PACED / TOKENS_A_SECOND - 0.5


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
            with bench.resumed(past, f"paced-{PACED}") as deck:
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


def frames(bench: Bench) -> list[Row]:
    """What a streamed turn writes to the terminal, and how much of it was on the screen already."""
    with bench.started(model=f"paced-{PACED}") as deck:
        before = bytes(deck.raw)
        deck.send("go\r")
        deck.seen(LAST_ROW)
        deck.rest()
        streamed = bytes(deck.raw[len(before) :])
    again = sent_again(before, streamed)
    text = Floor("the text alone", (len(markdown(PACED).encode()) / KIB,))
    note = "" if not again else f"the first: {again[0]!r}"
    return [
        Row(f"written for {PACED:,} tokens at 200/s", "KiB", (len(streamed) / KIB,), (text,)),
        Row("rows of that sent again unchanged", "", (float(len(again)),), note=note, budget=Budget(0)),
    ]


def streams(bench: Bench) -> list[Row]:
    """A reply and three background jobs at 200 tokens a second each, while keys are typed."""
    shares: list[float] = []
    echoes: list[float] = []
    with bench.floor("bare_prompt.py") as program:
        program.seen("the mark")
        program.rest()
        bare = tuple(typed(program, STREAM_SECONDS))
    for _ in bench.times(3):
        with bench.started("--accept-all", model=f"streams-{PACED}") as deck:
            deck.send("go\r")
            deck.seen(FIRST_ROW)
            before, started = cpu_ms(deck.pid), monotonic()
            echoes += typed(deck, STREAM_SECONDS)
            shares.append((cpu_ms(deck.pid) - before) / since(started) * 100)
    area = Floor("a bare Textual app with a TextArea, at rest", bare)
    name, note = "4 streams at 200 tokens/s (U3)", f"{len(echoes)} keys, none lost"
    return [
        Row(f"{name}: share of a core", "%", tuple(shares), note=note, budget=Budget(60)),
        Row(f"{name}: key echo, p95", "ms", tuple(echoes), (area,), percent=95.0),
    ]
