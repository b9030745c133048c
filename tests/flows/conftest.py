"""Decks on a stage: with a scripted engine (`stage`), or with the real one (`live`)."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from nanodeck.contracts.commands import Command
from nanodeck.contracts.events import ChangesetProposed, Event, JobStarted, TasksChanged
from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept
from nanodeck.contracts.queries import ReadBranch, RecallPrompts
from nanodeck.contracts.tasks import Task
from nanodeck.core.review import ProposedFile, propose
from nanodeck.providers.catalogue import KNOWN
from nanodeck.ui.app import DeckApp
from nanodeck.ui.gate import Gate
from tests.flows import keyboard
from tests.flows.fake_engine import FakeEngine, reply, said
from tests.flows.keyboard import Clock, obey
from tests.flows.live_deck import LiveDeck, live_deck
from tests.support.model_server import ModelServer

SIZES = [(80, 24), (120, 40), (200, 60)]


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
        await keyboard.settle(self.pilot)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await keyboard.press(self.pilot, *keys)

    async def type(self, text: str) -> None:
        """Type text."""
        await self.press(*keyboard.letters(text))

    async def publish(self, *events: Event) -> None:
        """Let the engine say something; it is on screen afterwards."""
        self.engine.publish(*events)
        self.app.bridge.flush()
        await self.settle()

    async def until(self, happened: Callable[[], bool], what: str) -> None:
        """Wait for what a worker or a timer of the deck brings about."""
        await keyboard.until(self.pilot, happened, what, lambda: self.text)

    @property
    def rows(self) -> list[str]:
        """The text on the screen, row by row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows)

    async def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the button at a cell of the screen, move, let it go at another."""
        await self.pilot.mouse_down(offset=start)
        await self.pilot.hover(offset=end)
        await self.pilot.mouse_up(offset=end)
        await self.settle()

    async def fill(self) -> None:
        """Put something into every pane; the turn goes on."""
        change = propose("c1", ["call-1"], [ProposedFile("a.py", b"one\n", b"two\n")]).changeset
        text = "\n\n".join(f"line {number}, see https://a.b/{number}." for number in range(40))
        await self.publish(
            *said("work"),
            *reply(text, ends=False),
            TasksChanged((Task("T1", "read"),)),
            JobStarted("job-1", "make", "/p", 0.0),
            ChangesetProposed(change),
        )

    def hear(self) -> list[str]:
        """What is said in toasts from now on: on the screen they go by the real clock."""
        heard: list[str] = []
        notify = self.app.notify

        def recorded(message: str, **how: Any) -> None:
            heard.append(message)
            notify(message, **how)

        setattr(self.app, "notify", recorded)  # noqa: B010 (a method, in mypy's eyes)
        return heard

    def at(self, place: str) -> bool:
        """Whether the focus is there."""
        return self.deck.place == place

    @property
    def bare(self) -> bool:
        """Whether no other screen stands over the deck."""
        return self.app.screen is self.deck

    def commands(self, kind: builtins.type[Command]) -> list[Command]:
        """What was asked of the engine, of one kind."""
        return [command for command in self.engine.commands if isinstance(command, kind)]


Stager = Callable[..., AbstractAsyncContextManager[Stage]]
LiveStager = Callable[..., AbstractAsyncContextManager[LiveDeck]]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stager:
    """`async with stage(...) as deck`: a deck whose engine is there."""
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "home"))

    @asynccontextmanager
    async def start(
        engine: FakeEngine | None = None,
        size: tuple[int, int] = (120, 40),
        prompt: str = "",
        kept: Kept = Kept(),  # noqa: B008 (a tuple)
    ) -> AsyncIterator[Stage]:
        engine = engine or FakeEngine()
        engine.answers.setdefault(RecallPrompts, lambda query: ())
        engine.answers.setdefault(ReadBranch, lambda query: "main")
        clock = Clock()
        options = Options(folder="/p", prompt=prompt)
        app = DeckApp(options, lambda: engine, kept=kept, gate=Gate(clock))
        obey(app, clock)
        async with app.run_test(size=size, notifications=True) as pilot:
            await app.linked.wait()
            running = Stage(app, engine, pilot, clock)
            await running.settle()
            yield running

    return start


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project; nothing of this machine's user counts."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NANODECK_DEMO_PACE", "0")
    keys = [provider.key_variable for provider in KNOWN.values() if provider.key_variable]
    for name in ("OPENAI_BASE_URL", "MODEL", *keys):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def live(project: Path, monkeypatch: pytest.MonkeyPatch) -> LiveStager:
    """`async with live(...) as deck`: a deck with the real engine, in `project`; it may talk to `server`."""

    def start(
        server: ModelServer | None = None,
        size: tuple[int, int] = (120, 40),
        *,
        first: bool = False,
        **options: object,
    ) -> AbstractAsyncContextManager[LiveDeck]:
        if server is not None:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setenv("MODEL", "scripted")
        chosen = Options(folder=str(project), **options)  # type: ignore[arg-type] # its fields
        return live_deck(chosen, size, first=first)

    return start
