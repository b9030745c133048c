"""An engine link that does what a test says: it delivers events and remembers commands."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from nanodeck.contracts.commands import MAIN_AGENT, Command
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import (
    PASSING,
    URGENT,
    Envelope,
    Event,
    MessageSent,
    ModelCallStarted,
    ReplyEnded,
    TextStreamed,
    TurnEnded,
    TurnStarted,
)
from nanodeck.contracts.link import Delivery
from nanodeck.contracts.messages import AssistantMessage, TextPart, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.queries import Query
from nanodeck.contracts.views import SessionView, Snapshot

MODEL = ModelRef("local", "scripted")


class FakeSubscription:
    """The buffer of one face."""

    def __init__(self, wake: Callable[[bool], None]) -> None:
        self.items: deque[Delivery] = deque()
        self.wake = wake

    def drain(self, seconds: float = 0.004) -> list[Delivery]:
        """Everything that is buffered."""
        items = list(self.items)
        self.items.clear()
        return items

    @property
    def pending(self) -> bool:
        """Whether something is left."""
        return bool(self.items)

    def close(self) -> None:
        """Nothing to do."""


class FakeEngine:
    """`publish` events as the engine would; `commands` is what was asked; `answers` maps query types.

    `now` is when everything happens, in seconds since the epoch.
    """

    def __init__(self, state: SessionView | None = None) -> None:
        self.state = state or SessionView(session="s1", folder="/p", cwd="/p", model=MODEL)
        self.commands: list[Command] = []
        self.queries: list[Query[Any]] = []
        self.answers: dict[type, Callable[[Any], Any]] = {}
        self.closed = False
        self.now = 0.0
        self._faces: list[FakeSubscription] = []
        self._n = 0

    def send(self, command: Command) -> None:
        """Remember what was asked."""
        self.commands.append(command)

    async def ask(self, query: Query[Any]) -> Any:
        """Answer as the test said, else fail as an engine does."""
        self.queries.append(query)
        answer = self.answers.get(type(query))
        if answer is None:
            raise NanodeckError("the fake engine has no answer")
        answered = answer(query)
        return await answered if isawaitable(answered) else answered

    def subscribe(self, wake: Callable[[bool], None]) -> FakeSubscription:
        """A snapshot first, then what is published."""
        face = FakeSubscription(wake)
        face.items.append(Snapshot(self._n, self.state))
        self._faces.append(face)
        wake(True)
        return face

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    def publish(self, *events: Event, agent: str = MAIN_AGENT) -> None:
        """Deliver `events` to every face."""
        for event in events:
            durable = not isinstance(event, PASSING)
            self._n += durable
            envelope = Envelope(self._n if durable else 0, self.now, self.state.session, agent, event)
            for face in self._faces:
                was_empty = not face.items
                face.items.append(envelope)
                if was_empty or isinstance(event, URGENT):
                    face.wake(isinstance(event, URGENT))

    def snapshot(self, state: SessionView) -> None:
        """Start every face again from `state`."""
        for face in self._faces:
            face.items.append(Snapshot(self._n, state))
            face.wake(True)


def said(text: str, number: int = 1) -> list[Event]:
    """A turn begins with what the person said."""
    return [TurnStarted(f"t{number}"), MessageSent(f"m{number}", UserMessage(text))]


def reply(text: str, number: int = 1, *, ends: bool = True) -> list[Event]:
    """The model's reply, whole; with `ends` the turn is over after it."""
    events: list[Event] = [
        ModelCallStarted(f"r{number}"),
        TextStreamed(f"r{number}", text),
        ReplyEnded(f"r{number}", AssistantMessage((TextPart(text),)), Usage(1200, 80), 0.5),
    ]
    if ends:
        events.append(TurnEnded(f"t{number}", "done", Usage(1200, 80), 0.6))
    return events
