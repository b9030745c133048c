"""Key presses as the terminal's driver reports them, and a clock that only tests move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from nanodeck.ui.app import DeckApp

PATIENCE = 60.0
LOOK_AGAIN = 0.01
_CHARACTERS = {"enter": "\r", "tab": "\t", "escape": "\x1b", "space": " "}


def key_event(key: str) -> events.Key:
    """The event of one key, by its name or its character."""
    if len(key) == 1:
        return events.Key(key if key.isalnum() else _character_to_key(key), key)
    return events.Key(key, _CHARACTERS.get(key))


def send(app: App[None], event: events.Event) -> None:
    """Hand `event` to the application, as its driver does; nothing that is sent later overtakes it."""
    app.post_message(event)


async def settle(pilot: Pilot[None]) -> None:
    """Let everything that was sent arrive and be drawn, without waiting for an idle processor."""
    for _ in range(3):
        await pilot.pause(0)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each after the last one was dealt with."""
    for key in keys:
        send(pilot.app, key_event(key))
        await settle(pilot)


async def reach(app: App[None]) -> None:
    """Wait until what was sent so far got to whatever has the focus; nothing is drawn, so it is quick."""
    for pump in (app, app.screen, app.screen.focused or app.screen):
        reached = asyncio.Event()
        pump.call_later(reached.set)
        await reached.wait()


async def tap(app: App[None], key: str) -> None:
    """Press a key and wait until what has the focus dealt with it."""
    send(app, key_event(key))
    await reach(app)


async def until(
    pilot: Pilot[None], happened: Callable[[], bool], what: str, screen: Callable[[], str] = str
) -> None:
    """Wait until `happened`; after PATIENCE fail, saying `what` never came and what is on the screen."""
    give_up = monotonic() + PATIENCE
    await settle(pilot)
    while not happened():
        assert monotonic() < give_up, f"never came: {what}; on the screen:\n{screen()}"
        await pilot.pause(LOOK_AGAIN)


def letters(text: str) -> list[str]:
    """The keys that write `text`."""
    return ["space" if letter == " " else letter for letter in text]


@dataclass
class Timed:
    """Something that happens at `due` unless it is stopped."""

    due: float
    action: Callable[[], None]
    stopped: bool = False

    def stop(self) -> None:
        """Let it not happen."""
        self.stopped = True


class Clock:
    """Monotonic seconds that pass when a test says so, and the timers that hang on them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._timers: list[Timed] = []

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, action: Callable[[], None]) -> Timed:
        """Do `action` once `seconds` have passed."""
        self._timers.append(Timed(self.now + seconds, action))
        return self._timers[-1]

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass; what falls due in them happens in its order."""
        until = self.now + seconds
        while due := [timer for timer in self._timers if timer.due <= until and not timer.stopped]:
            first = min(due, key=lambda timer: timer.due)
            self._timers.remove(first)
            self.now = max(self.now, first.due)
            first.action()
        self.now = until


def obey(app: DeckApp, clock: Clock) -> None:
    """Hang the review's timers on `clock`, which the app's gate reads, as soon as there is a diff pane."""
    furnish = app.deck.furnish

    async def furnish_obeying() -> None:
        await furnish()
        setattr(app.deck.diff, "later", clock.later)  # noqa: B010 (a method, in mypy's eyes)

    setattr(app.deck, "furnish", furnish_obeying)  # noqa: B010 (a method, in mypy's eyes)
