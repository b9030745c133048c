"""What a scene is: the real deck and engine and the demo model, led by keys and standing still."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input, TextArea

from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept, Preferences
from nanodeck.contracts.views import SessionView
from nanodeck.engine.composition import open_engine
from nanodeck.ui.app import DeckApp
from nanodeck.ui.gate import Gate
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck.ui.themes import show_theme
from screenshots.looks import Look, rows_on_screen
from screenshots.posing import NOW, Pose, PosedEngine, Stop, quiet_surroundings, unicode_signs
from screenshots.sheets import sheets_parsed_once

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((80, 24), (120, 40), (200, 60))
PATIENCE = 30.0
PUT_OFF = 1.0
"""Seconds up to which a timer is a drawing put off; whatever waits longer stands still."""
UNTIL_THE_END = 1e6


class PosedDeck(DeckApp):
    """The deck with its clocks stopped."""

    def __init__(self, options: Options, open_link: Callable[[], EngineLink], *, tips: bool) -> None:
        # Each reading of these clocks is later by far: no key is ever pressed too soon.
        quiet = itertools.count(0.0, 5.0)
        kept = Kept(Preferences(tips=tips), settings_path="/home/me/.config/nanodeck/settings.toml")
        super().__init__(options, open_link, kept=kept, gate=Gate(quiet.__next__), now=lambda: NOW)
        self.animation_level = "none"

    def notify(self, message: str, *, timeout: float | None = None, **others: Any) -> None:
        """What was said stays to be seen."""
        super().notify(message, timeout=UNTIL_THE_END, **others)


class Player:
    """Leads a deck by its keys and waits for what comes of them."""

    def __init__(self, app: DeckApp, pilot: Pilot[None], pose: Pose) -> None:
        self.app = app
        self.pilot = pilot
        self.pose = pose

    @property
    def deck(self) -> DeckScreen:
        """The deck's screen."""
        return self.app.deck

    @property
    def session(self) -> SessionView:
        """What the deck shows."""
        return self.app.deck.session

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)

    async def say(self, text: str) -> None:
        """Put a prompt in and send it."""
        self.app.post_message(events.Paste(text))
        await self.until(lambda: self.deck.area.prompt.text == text)
        await self.press("enter")

    async def until(self, ready: Callable[[], object]) -> None:
        """Wait for something to be so."""
        until = monotonic() + PATIENCE
        while not ready():
            if monotonic() > until:
                raise TimeoutError(f"the scene did not come about; on screen is:\n{self.text}")
            await self.pilot.pause(0.01)

    async def shows(self, text: str) -> None:
        """Wait for `text` on the screen."""
        await self.until(lambda: text in self.text)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(row.text for row in self.rows)

    @property
    def rows(self) -> list[Strip]:
        """The screen, row by row."""
        return rows_on_screen(self.app)

    async def settle(self) -> None:
        """Draw what was put off, and stop every cursor from blinking."""
        for field in self.app.screen.query("TextArea, Input"):
            if isinstance(field, TextArea | Input):
                field.cursor_blink = False
        await self.until(lambda: not self._put_off())
        for _ in range(3):
            await self._rest()

    async def _rest(self) -> None:
        """Let every widget, also of the screens below, deal with what it was told, then lay out and draw."""
        for pump in self._pumps():
            dealt = asyncio.Event()
            if pump.call_later(dealt.set):
                await dealt.wait()
        for screen in self.app.screen_stack:
            screen._on_timer_update()

    def _pumps(self) -> list[MessagePump]:
        screens = [screen.walk_children(with_self=True) for screen in self.app.screen_stack]
        return [self.app, *itertools.chain(*screens)]

    def _put_off(self) -> bool:
        return any(
            timer._repeat is not None
            and timer._interval < PUT_OFF
            and timer._task is not None
            and not timer._task.done()
            for pump in self._pumps()
            for timer in pump._timers
        )

    async def resize(self, size: Size) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(*size)
        await self.settle()

    async def put_on(self, look: Look) -> None:
        """Show the screen in another theme."""
        if self.app.theme != look.theme:
            show_theme(self.app, look.theme)
            await self.settle()


Act = Callable[[Player], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """`act` leads the deck to it; what the engine does after `stop` or `marker` is not seen.

    With `replay` no engine works: what it would say is said.
    """

    name: str
    act: Act
    stop: Stop | None = None
    marker: str = ""
    model: str | None = "demo"
    absent_server: bool = False
    replay: Callable[[], EngineLink] | None = None
    tips: bool = False


@contextmanager
def _port_without_a_server() -> Iterator[int]:
    """A port that nobody else can take and nobody answers on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@asynccontextmanager
async def playing(scene: Scene, size: Size) -> AsyncIterator[Player]:
    """The deck led to `scene` and standing still; its engine ends afterwards."""
    with ExitStack() as stack:
        pose = Pose(stop=scene.stop, marker=scene.marker)
        variables = {}
        if scene.absent_server:
            port = stack.enter_context(_port_without_a_server())
            variables["OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
            pose.shown[f":{port}/"] = ":8080/"
        stack.enter_context(unicode_signs())
        stack.enter_context(sheets_parsed_once())
        folder = stack.enter_context(quiet_surroundings(**variables))
        options = Options(folder=str(folder), model=scene.model, context_files=False, trust=True)
        open_link = scene.replay or (lambda: PosedEngine(open_engine(options), pose))
        app = PosedDeck(options, open_link, tips=scene.tips)
        stack.callback(app.close_link)
        async with app.run_test(size=size, notifications=True) as pilot:
            player = Player(app, pilot, pose)
            if scene.replay is None:
                # What confines commands is tried beside everything else.
                await player.until(lambda: player.session.sandbox is not None)
            await scene.act(player)
            await player.settle()
            yield player
