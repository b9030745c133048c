"""The whole deck in one process: real application, real engine, real tools; only the clock is ours."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from textual.pilot import Pilot

from nanodeck.contracts.events import Envelope
from nanodeck.contracts.options import Options
from nanodeck.contracts.requests import Request, RequestDetail
from nanodeck.contracts.views import SessionView
from nanodeck.engine.composition import open_engine
from nanodeck.store.journal import read_journal
from nanodeck.store.places import Places
from nanodeck.ui.app import DeckApp
from nanodeck.ui.dialogs.comment import CommentScreen
from nanodeck.ui.gate import Gate
from tests.flows import keyboard
from tests.flows.keyboard import Clock, obey
from tests.support.trusting import trust_before

EventT = TypeVar("EventT")


class LiveDeck:
    """A person at the deck: types, waits for what must appear, looks at the screen and at the disk."""

    def __init__(self, app: DeckApp, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.deck = app.deck
        self.pilot = pilot
        self.clock = clock

    async def press(self, *keys: str) -> None:
        """Press keys, each a good second after the last."""
        for key in keys:
            self.clock.advance(1.0)
            await keyboard.press(self.pilot, key)

    async def type(self, text: str) -> None:
        """Type text, fast."""
        await keyboard.press(self.pilot, *keyboard.letters(text))

    async def say(self, text: str) -> None:
        """Send a prompt."""
        await self.type(text)
        await self.press("enter")

    async def command(self, text: str) -> None:
        """Give a slash command, its completion left aside."""
        await self.type(text)
        await self.press("escape", "enter")

    async def settle(self) -> None:
        """Let everything that was sent arrive and be drawn."""
        await keyboard.settle(self.pilot)

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(*size)
        await self.settle()

    async def until(self, happened: Callable[[], bool], what: str) -> None:
        """Wait until `happened`."""
        await keyboard.until(self.pilot, happened, what, lambda: self.text)

    async def sees(self, words: str) -> None:
        """Wait until `words` are on the screen."""
        await self.until(lambda: words in self.text, words)

    async def rests(self) -> None:
        """Wait until no turn runs."""
        await self.until(lambda: not self.deck.turn_runs, "the end of the turn")

    async def asked(self, kind: builtins.type[RequestDetail]) -> Request:
        """Wait for a request of this kind to be the oldest one."""
        await self.until(
            lambda: any(isinstance(one.detail, kind) for one in self.state.requests[:1]), kind.__name__
        )
        return self.state.requests[0]

    async def open_request(self) -> None:
        """Let a quiet second pass, so that what waits comes up by itself, and then its dead time."""
        self.clock.advance(1.0)
        self.deck.attention.consider()
        await self.until(lambda: self.at("approval"), "the approval layer")
        self.clock.advance(1.0)

    async def review(self) -> None:
        """Go to the review that asks, and let its dead time pass."""
        await self.until(lambda: bool(self.state.requests), "the review")
        await self.press("ctrl+x", "d")
        self.clock.advance(5.0)

    async def comment(self, text: str) -> None:
        """Write a comment on what is under the cursor."""
        await self.press("c")
        await self.until(lambda: isinstance(self.app.screen, CommentScreen), "the comment box")
        await self.type(text)
        await self.press("enter")
        await self.until(lambda: any(one.text == text for one in self.state.comments), text)

    async def send_review(self) -> None:
        """Send what was decided, deliberately."""
        await self.press("enter", "enter")
        self.clock.advance(1.0)

    def at(self, place: str) -> bool:
        """Whether the focus is there."""
        return self.deck.place == place

    @property
    def state(self) -> SessionView:
        """The folded state the deck shows."""
        return self.app.bridge.state

    @property
    def rows(self) -> list[str]:
        """The text on the screen, row by row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows)

    @property
    def folder(self) -> Path:
        """Where the session works."""
        return Path(self.state.folder)

    @property
    def journal(self) -> list[Envelope]:
        """Everything that is on disk of this session."""
        return read_journal(Places.from_environment().sessions / self.state.session).envelopes

    def recorded(self, kind: builtins.type[EventT]) -> list[EventT]:
        """The events of one kind that are on disk."""
        return [one.event for one in self.journal if isinstance(one.event, kind)]


@asynccontextmanager
async def live_deck(options: Options, size: tuple[int, int], *, first: bool) -> AsyncIterator[LiveDeck]:
    """Start everything, end everything. The folder was trusted before, unless this is its `first` start."""
    if not first:
        trust_before(options.folder)
    clock = Clock()
    app = DeckApp(options, lambda: open_engine(options), gate=Gate(clock))
    obey(app, clock)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            await app.linked.wait()
            running = LiveDeck(app, pilot, clock)
            await running.until(lambda: bool(running.state.session), "the session")
            yield running
    finally:
        app.close_link()
