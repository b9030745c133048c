"""Big changes, many tasks, many jobs: CPU of the real deck in this process, from event to painted frame."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from statistics import mean
from time import process_time
from typing import TYPE_CHECKING

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import ChangeKind, Changeset, FileDiff, Hunk
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import RecallPrompts
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.rules import Why
from nanodeck.contracts.tasks import Task
from tests.flows.fake_engine import FakeEngine
from tests.performance.bench import Bench
from tests.performance.children import PATIENCE
from tests.performance.pauses import Pauses
from tests.performance.rows import Budget, Floor, Row, pause_row

if TYPE_CHECKING:
    from nanodeck.ui.app import DeckApp

DIFF_LINES = 100_000
HUNK_LINES = 25
FILE_MEGABYTES = 5
FILE_LINE = "+    total = total + price(dish, guests)\n"
TASKS = 10_000
JOBS = 50
PAGES = 40


class Stage:
    """A running deck over a fake engine; costs are CPU in ms."""

    def __init__(self, app: DeckApp, engine: FakeEngine) -> None:
        self.app = app
        self.engine = engine
        self.pauses = Pauses("all")

    @property
    def pause(self) -> tuple[float, float]:
        """The longest time the loop did not turn and its own thread's part of it, in ms."""
        return self.pauses.longest["all"], self.pauses.work["all"]

    async def painted(self) -> None:
        """Return once what changed is on the screen."""
        done = asyncio.Event()
        self.app.deck.call_after_refresh(done.set)
        async with asyncio.timeout(PATIENCE):
            await done.wait()

    async def cost(self, change: Callable[[], object]) -> float:
        """What `change` costs, its frame included."""
        started = process_time()
        change()
        await self.painted()
        return (process_time() - started) * 1000

    async def publish(self, *events: ev.Event) -> float:
        """What these events cost."""

        def deliver() -> None:
            self.engine.publish(*events)
            self.app.bridge.flush()

        return await self.cost(deliver)

    async def bare_frame(self) -> float:
        """What the smallest frame costs: one line of the title."""
        costs = [await self.cost(self.app.deck.title_bar.refresh) for _ in range(20)]
        return mean(costs)


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """A deck of 120x40 whose engine says what the benchmark says."""
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from nanodeck.ui.app import DeckApp

    engine = FakeEngine()
    engine.answers[RecallPrompts] = lambda query: ()
    app = DeckApp(Options(folder="/p"), lambda: engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.linked.wait()
        await pilot.pause()
        stage = Stage(app, engine)
        yield stage
        stage.pauses.stop()


def diff(bench: Bench) -> list[Row]:
    """A changeset of 100,000 diff lines in one file, and a file of 5 MB."""
    return asyncio.run(_diff(bench))


async def _diff(bench: Bench) -> list[Row]:
    opened: dict[str, list[float]] = {"of 250": [], "long": [], "one": []}
    steps: dict[str, list[float]] = {"line": [], "page": [], "beside": []}
    floor, pauses = [], []
    reviews: dict[str, Callable[[], tuple[ev.Event, ...]]] = {
        "of 250": partial(_review, 10 * HUNK_LINES),
        "long": partial(_review, DIFF_LINES),
        "one": _file,
    }
    for _ in bench.times(4):
        for name, review in reviews.items():
            events = review()
            async with staged() as stage:
                opened[name].append(await stage.publish(*events))
                await stage.painted()
                if name == "long":
                    await _scroll(stage, steps)
                    pauses.append(stage.pause)
                    await _scroll_beside(stage, steps["beside"])
                    floor.append(await stage.bare_frame())
    long, frame = f"diff of {DIFF_LINES:,} lines", Floor("a frame of one line in the same app", tuple(floor))
    small = Floor("of 250", tuple(opened["of 250"]))
    return [
        Row(f"{long}: open", "CPU ms", tuple(opened["long"]), (small,), budget=Budget(100, 40)),
        Row(f"{long}: a line", "CPU ms", tuple(steps["line"]), (frame,), budget=Budget(3)),
        Row(f"{long}: a page", "CPU ms", tuple(steps["page"]), (frame,), budget=Budget(10)),
        Row(f"{long}: a page side by side", "CPU ms", tuple(steps["beside"]), (frame,), budget=Budget(15)),
        _paused(long, pauses),
        Row(f"new file of {FILE_MEGABYTES} MB: open", "CPU ms", tuple(opened["one"]), budget=Budget(100)),
    ]


async def _scroll(stage: Stage, steps: dict[str, list[float]]) -> None:
    """Through the diff by lines and by pages."""
    diff = stage.app.deck.diff
    steps["line"] += [await stage.cost(diff.action_down) for _ in range(PAGES)]
    steps["page"] += [await stage.cost(diff.action_page_down) for _ in range(PAGES)]


async def _scroll_beside(stage: Stage, pages: list[float]) -> None:
    """Through it by pages side by side."""
    diff = stage.app.deck.diff
    for _ in range(2):  # automatic, unified, side by side
        diff.action_split_view()
    await stage.painted()
    pages += [await stage.cost(diff.action_page_down) for _ in range(PAGES)]


def _paused(name: str, pauses: list[tuple[float, float]]) -> Row:
    longest, work = zip(*pauses, strict=True)
    return pause_row(f"{name}: longest pause of the loop", longest, work)


def _review(lines: int) -> tuple[ev.Event, ...]:
    return _asked("modified", tuple(_hunk(number) for number in range(lines // HUNK_LINES)))


def _file() -> tuple[ev.Event, ...]:
    """A new file, which is one hunk."""
    lines = FILE_MEGABYTES * 1_000_000 // len(FILE_LINE)
    return _asked("created", (Hunk(1, 0, 0, 1, lines, "", (FILE_LINE * lines).removesuffix("\n")),))


def _asked(kind: ChangeKind, hunks: tuple[Hunk, ...]) -> tuple[ev.Event, ...]:
    counted = sum(hunk.added for hunk in hunks), sum(hunk.removed for hunk in hunks)
    changeset = Changeset("changeset-1", ("call-1",), (FileDiff("src/big.py", kind, hunks, *counted),))
    detail = ReviewDetail("changeset-1", 1, len(hunks))
    request = Request("request-1", "main", "call-1", detail, Why("ask", "edits ask", "mode.normal"))
    return ev.TurnStarted("turn-1"), ev.ChangesetProposed(changeset), ev.RequestOpened(request)


def _hunk(number: int) -> Hunk:
    start = number * 40 + 1
    same = [f"     value_{number}_{line} = compute({line}, 'text {line}')" for line in range(9)]
    old = [f"-    old_{number}_{line} = read(path, {line})" for line in range(8)]
    new = [f"+    new_{number}_{line} = read(path, limit={line})" for line in range(8)]
    body = "\n".join([*same[:5], *old, *new, *same[5:]])
    return Hunk(number + 1, start, 17, start, 17, f"def step_{number}():", body)


def tasks(bench: Bench) -> list[Row]:
    """10,000 tasks at once."""
    return asyncio.run(_tasks(bench))


async def _tasks(bench: Bench) -> list[Row]:
    opened: list[float] = []
    few: list[float] = []
    scrolled, floor, pauses = [], [], []
    for _ in bench.times(6):
        for many, found in ((10, few), (TASKS, opened)):
            graph = ev.TasksChanged(_graph(many))
            async with staged() as stage:
                found.append(await stage.publish(graph))
                if many == TASKS:
                    scroll = partial(stage.app.deck.tasks.scroll_rows, 5)
                    scrolled += [await stage.cost(scroll) for _ in range(PAGES)]
                    pauses.append(stage.pause)
                    floor.append(await stage.bare_frame())
    frame = Floor("a frame of one line in the same app", tuple(floor))
    return [
        Row(
            f"{TASKS:,} tasks: open",
            "CPU ms",
            tuple(opened),
            (Floor("10 tasks", tuple(few)),),
            budget=Budget(50),
        ),
        Row(f"{TASKS:,} tasks: scroll by five", "CPU ms", tuple(scrolled), (frame,)),
        _paused(f"{TASKS:,} tasks", pauses),
    ]


def _graph(count: int) -> tuple[Task, ...]:
    return tuple(
        Task(
            str(n),
            f"Teach the reader form {n}",
            status="completed" if n < count // 3 else "pending",
            blocked_by=(str(n - n % 10),) if n % 10 and n > 10 else (),
        )
        for n in range(1, count + 1)
    )


def jobs(bench: Bench) -> list[Row]:
    """50 jobs, each with a line of output in every frame."""
    return asyncio.run(_jobs(bench))


async def _jobs(bench: Bench) -> list[Row]:
    costs: dict[int, list[float]] = {1: [], JOBS: []}
    pauses = []
    for count, found in costs.items():
        async with staged() as stage:
            started = [ev.JobStarted(f"job-{n}", f"make part-{n}", "/p", 0.0) for n in range(count)]
            await stage.publish(*started)
            for frame in range(len(bench.times(120))):
                lines = [ev.OutputStreamed(f"job-{n}", f"line {frame} of {n}\n") for n in range(count)]
                found.append(await stage.publish(*lines))
            pauses.append(stage.pause)
    name, one = f"{JOBS} streaming jobs", Floor("one job", tuple(costs[1]))
    return [
        Row(f"{name}, a frame", "CPU ms", tuple(costs[JOBS]), (one,), budget=Budget(8)),
        _paused(name, pauses[1:]),
    ]
