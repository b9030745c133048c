"""The scenes that are pictured and compared: the real deck and engine and the demo model, led by keys."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import monotonic

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from nanodeck.contracts import events as ev
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.views import SessionView
from nanodeck.engine.composition import open_engine
from nanodeck.ui.app import DeckApp
from nanodeck.ui.gate import Gate
from nanodeck.ui.screens.deck import DeckScreen
from screenshots.picture import self_contained
from screenshots.posing import NOW, Pose, PosedEngine, Stop, quiet_surroundings, unicode_signs

SIZES = ((80, 24), (120, 40), (200, 60))
PROMPT = "The tests fail. Find out why and fix it."
PATIENCE = 30.0
SETTLED = 0.25
"""Seconds after which nothing that was put off is left to draw."""


class PosedDeck(DeckApp):
    """The deck with its clocks stopped, pictured without fonts from elsewhere."""

    def __init__(self, options: Options, open_link: Callable[[], EngineLink]) -> None:
        # Each reading of these clocks is later by far: no key is ever pressed too soon.
        quiet = itertools.count(0.0, 5.0)
        super().__init__(options, open_link, gate=Gate(quiet.__next__), now=lambda: NOW)
        self.theme = "textual-dark"
        self.deck.diff.clock = self.deck.approval.clock = quiet.__next__

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """As everywhere, and opening it fetches nothing."""
        return self_contained(super().export_screenshot(title=title, simplify=simplify))


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
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def settle(self) -> None:
        """Draw what was put off, and stop every cursor from blinking."""
        for field in self.app.screen.query("TextArea, Input"):
            if isinstance(field, TextArea | Input):
                field.cursor_blink = False
        await self.pilot.pause(SETTLED)


Act = Callable[[Player], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """`act` leads the deck to it; what the engine does after `stop` or `marker` is not seen."""

    name: str
    act: Act
    stop: Stop | None = None
    marker: str = ""
    model: str | None = "demo"
    absent_server: bool = False


async def _ask(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say(PROMPT)


async def _answer_command(player: Player) -> None:
    """Let the command that waits run once."""
    await player.shows("no key is pre-selected")
    asked = player.session.requests[0]
    await player.press("y")
    await player.until(lambda: asked not in player.session.requests)


async def _to_proposal(player: Player) -> None:
    await _ask(player)
    await _answer_command(player)


async def _to_review(player: Player) -> None:
    await _to_proposal(player)
    await player.until(lambda: player.session.requests)
    await player.press("ctrl+x", "d")
    await player.until(lambda: player.deck.place == "diff")


async def _to_tests(player: Player) -> None:
    await _to_review(player)
    await player.press("y", "y", "y", "n", "enter", "enter")
    await player.until(lambda: len(player.session.requests) and not player.deck.diff.asking)
    await player.press("escape")


async def _chat(player: Player) -> None:
    await _to_proposal(player)
    await player.until(lambda: player.pose.reached)


async def _review(player: Player) -> None:
    await _to_review(player)
    await player.press("y", "n", "k")


async def _side_by_side(player: Player) -> None:
    await _review(player)
    await player.press("z")
    if player.app.size.width < 100:
        await player.press("t", "t")


async def _approval(player: Player) -> None:
    await _to_tests(player)
    await player.shows("no key is pre-selected")


async def _tasks(player: Player) -> None:
    await _to_tests(player)
    await _answer_command(player)
    await player.until(lambda: player.pose.reached)
    await player.press("ctrl+x", "t", "enter")


async def _jobs(player: Player) -> None:
    await _to_tests(player)
    await _answer_command(player)
    await player.until(lambda: player.pose.reached)
    await player.press("ctrl+x", "j")


async def _welcome(player: Player) -> None:
    await player.shows("Use Ollama")


async def _error(player: Player) -> None:
    await _ask(player)
    await player.shows("cannot connect")


async def _help(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("f1")


async def _provider(player: Player) -> None:
    await _welcome(player)
    await player.press("end", "up", "up", "up", "enter")
    await player.shows("URL")


async def _models(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/model")
    await player.shows("gpt-oss")


async def _sessions(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/resume")
    await player.shows("rate limiting")


async def _history(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("ctrl+r")
    await player.shows("rate limiting")


async def _status(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/status")
    await player.until(lambda: player.app.screen is not player.deck)


async def _quit(player: Player) -> None:
    await _approval(player)
    await player.press("ctrl+q")
    await player.until(lambda: player.app.screen is not player.deck)


def _tests_run(event: ev.Event) -> bool:
    return isinstance(event, ev.ToolStarted) and "unittest" in event.title


SCENES = (
    Scene("chat", _chat, marker="one line for each"),
    Scene("review", _review),
    Scene("side-by-side", _side_by_side),
    Scene("approval", _approval),
    Scene("tasks", _tasks, stop=_tests_run),
    Scene("jobs", _jobs, stop=_tests_run),
    Scene("welcome", _welcome, model=None),
    Scene("error", _error, model="qwen3-coder", absent_server=True),
    Scene("help", _help),
    Scene("provider", _provider, model=None),
    Scene("models", _models),
    Scene("sessions", _sessions),
    Scene("history", _history),
    Scene("status", _status),
    Scene("quit", _quit),
)


@dataclass(frozen=True)
class Stage:
    """A deck that has not started yet, and what leads it to its scene once it runs."""

    app: DeckApp
    lead: Callable[[Pilot[None]], Awaitable[None]]


@contextmanager
def _port_without_a_server() -> Iterator[int]:
    """A port that nobody else can take and nobody answers on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def staged(scene: Scene) -> Iterator[Stage]:
    """The deck of `scene`, its engine ended afterwards."""
    with ExitStack() as stack:
        pose = Pose(stop=scene.stop, marker=scene.marker)
        variables = {}
        if scene.absent_server:
            port = stack.enter_context(_port_without_a_server())
            variables["OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
            pose.shown[f":{port}/"] = ":8080/"
        stack.enter_context(unicode_signs())
        folder = stack.enter_context(quiet_surroundings(**variables))
        options = Options(folder=str(folder), model=scene.model, context_files=False)
        app = PosedDeck(options, lambda: PosedEngine(open_engine(options), pose))
        stack.callback(app.close_link)

        async def lead(pilot: Pilot[None]) -> None:
            player = Player(app, pilot, pose)
            await scene.act(player)
            await player.settle()

        yield Stage(app, lead)
