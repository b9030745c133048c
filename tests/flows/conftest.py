"""The real app over a fake engine, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from tests.flows.fake_engine import FakeEngine
from textual.pilot import Pilot

from nanodeck.contracts.commands import Command
from nanodeck.contracts.events import Event
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ReadBranch, RecallPrompts
from nanodeck.ui.app import DeckApp
from nanodeck.ui.gate import Gate

SIZES = [(80, 24), (120, 40), (200, 60)]


class Clock:
    """A clock that tests move, for rules about when keys were pressed."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A running deck: `press` keys, `publish` events, see the `rows` of the screen."""

    def __init__(self, app: DeckApp, engine: FakeEngine, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.deck = app.deck
        self.engine = engine
        self.pilot = pilot
        self.clock = clock

    async def settle(self) -> None:
        """Let everything that was sent arrive and be drawn."""
        await self.pilot.pause()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text."""
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def publish(self, *events: Event) -> None:
        """Let the engine say something; it is on screen afterwards."""
        self.engine.publish(*events)
        self.app.bridge.flush()
        await self.settle()

    @property
    def rows(self) -> list[str]:
        """The text on the screen, row by row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows)

    def commands(self, kind: type[Command]) -> list[Command]:
        """What was asked of the engine, of one kind."""
        return [command for command in self.engine.commands if isinstance(command, kind)]


Stager = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stager:
    """`async with stage(...) as deck`: a deck whose engine is there."""
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "home"))

    @asynccontextmanager
    async def start(
        engine: FakeEngine | None = None, size: tuple[int, int] = (120, 40), prompt: str = ""
    ) -> AsyncIterator[Stage]:
        engine = engine or FakeEngine()
        engine.answers.setdefault(RecallPrompts, lambda query: ())
        engine.answers.setdefault(ReadBranch, lambda query: "main")
        clock = Clock()
        app = DeckApp(Options(folder="/p", prompt=prompt), lambda: engine, gate=Gate(clock))
        async with app.run_test(size=size, notifications=True) as pilot:
            await app.linked.wait()
            running = Stage(app, engine, pilot, clock)
            await running.settle()
            yield running

    return start
