"""The real engine sitting for its portrait: whatever differs between runs has a fixed value."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import msgspec

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Command
from nanodeck.contracts.link import AnswerT, Delivery, EngineLink, Subscription
from nanodeck.contracts.model import ServerFound, Usage
from nanodeck.contracts.queries import (
    FindServers,
    ListModels,
    ListSessions,
    ModelList,
    Query,
    ReadBranch,
    RecallPrompts,
    SessionInfo,
)
from nanodeck.contracts.views import Snapshot
from nanodeck_widgets.glyphs import glyphs

NOW = 1_767_268_800.0
"""The time on every clock."""
BEGAN = {ev.TurnStarted: 42.0, ev.JobStarted: 24.0, ev.ToolStarted: 3.0}
"""How many seconds ago what still runs began."""
LASTED = {ev.ReplyEnded: 1.6, ev.ToolEnded: 0.1, ev.TurnEnded: 64.0}
AT_ONCE = 0.2
THOUGHT = 4.0
SPENT = {ev.ReplyEnded: Usage(6_480, 210), ev.TurnEnded: Usage(48_200, 1_920)}
FOLDER = "/tmp/nanodeck-demo/bistro"
SESSION = "20260101-120000-00000001"
SENT_BEFORE = ("add rate limiting to the login", "also cover /refresh", "why is test_retry flaky?")
SERVERS = (
    ServerFound("ollama", "Ollama", "http://127.0.0.1:11434/v1", ("qwen3-coder:30b", "gpt-oss:20b")),
    ServerFound(
        "openrouter", "OpenRouter", "https://openrouter.ai/api/v1", (), "OPENROUTER_API_KEY", kind="key"
    ),
)
MODELS = (
    ModelList("ollama", ("qwen3-coder:30b", "gpt-oss:20b"), "", "http://127.0.0.1:11434/v1"),
    ModelList("openrouter", (), "401: the key was refused; check the key", "https://openrouter.ai/api/v1"),
    ModelList("demo", ("demo",), "", "scripted, needs nothing"),
)
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")
ALL_COLOURS = {"COLORTERM": "truecolor"}
_TEST_TIME = re.compile(r"in \d+\.\d+s")

Stop = Callable[[ev.Event], bool]


@contextmanager
def quiet_surroundings(**variables: str) -> Iterator[Path]:
    """A home of its own and no variable of the person's; gives the folder that holds it."""
    kept, kept_place = dict(os.environ), tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="nanodeck-pictures-") as folder:
        os.environ.clear()
        os.environ.update({name: kept[name] for name in _KEPT_VARIABLES if name in kept})
        os.environ.update(
            {**ALL_COLOURS, **variables}, HOME=folder, NANODECK_HOME=folder, NANODECK_DEMO_PACE="0"
        )
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = kept_place
            os.environ.clear()
            os.environ.update(kept)


@contextmanager
def unicode_signs() -> Iterator[None]:
    """The signs of a terminal that can show them all, whatever this process writes to."""
    with patch("nanodeck_widgets.glyphs.ascii_alone", return_value=False):
        glyphs.cache_clear()
        try:
            yield
        finally:
            glyphs.cache_clear()


class PosedEngine:
    """An `EngineLink` in front of another, seen through `pose`."""

    def __init__(self, engine: EngineLink, pose: Pose) -> None:
        self._engine = engine
        self._pose = pose

    def send(self, command: Command) -> None:
        """Hand `command` on."""
        self._engine.send(command)

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Hand `query` on, unless its answer depends on the machine."""
        fixed = {FindServers: SERVERS, ReadBranch: "", ListModels: MODELS, ListSessions: _sessions()}
        fixed[RecallPrompts] = SENT_BEFORE
        if type(query) in fixed:
            return fixed[type(query)]  # type: ignore[return-value]  # the query's own type of answer
        return await self._engine.ask(query)

    def subscribe(self, wake: Callable[[bool], None]) -> Subscription:
        """Everything up to the stop."""
        return PosedSubscription(self._engine.subscribe(wake), self._pose)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()


def _sessions() -> tuple[SessionInfo, ...]:
    """Sessions as old as they always look, whatever the time is now."""
    now = time.time()
    return (
        SessionInfo("20260101-120000-0000000a", "The tests fail. Find out why.", FOLDER, now - 90.0, 3),
        SessionInfo("20260101-110000-0000000b", "Add rate limiting to the login", FOLDER, now - 7_250.0, 14),
    )


class PosedSubscription:
    """What the engine delivers, posed."""

    def __init__(self, subscription: Subscription, pose: Pose) -> None:
        self._subscription = subscription
        self._pose = pose

    def drain(self, seconds: float = 0.004) -> list[Delivery]:
        """What is buffered and may be seen; an empty list ends a drain, so all of it is looked at."""
        while deliveries := self._subscription.drain(seconds):
            if posed := [one for delivery in deliveries for one in self._pose.take(delivery)]:
                return posed
        return []

    @property
    def pending(self) -> bool:
        """Whether something is left to drain."""
        return self._subscription.pending

    def close(self) -> None:
        """Stop receiving."""
        self._subscription.close()


class Pose:
    """Decides what of the engine's events is seen, and how.

    Nothing after the event that `stop` knows is seen, nor anything a reply says after `marker`;
    `reached` says whether it came to that. `shown` maps texts to what is shown instead.
    """

    def __init__(self, *, stop: Stop | None = None, marker: str = "") -> None:
        self.reached = False
        self.shown: dict[str, str] = {}
        self._stop = stop
        self._marker = marker
        self._text = ""
        self._job = self._said = ""
        self._held: list[ev.Envelope] = []

    def take(self, delivery: Delivery) -> Iterator[Delivery]:
        """What `delivery` comes to."""
        if isinstance(delivery, Snapshot):
            state = delivery.state
            self.shown[state.folder] = FOLDER
            folder, cwd = self._fixed(state.folder), self._fixed(state.cwd)
            yield Snapshot(
                delivery.n, msgspec.structs.replace(state, session=SESSION, folder=folder, cwd=cwd)
            )
            return
        for envelope in self._in_order(delivery):
            if not self.reached and (cut := self._cut(envelope)) is not None:
                yield self._posed(cut)

    def _in_order(self, envelope: ev.Envelope) -> list[ev.Envelope]:
        """A job and the first line it says come together; the rest of what it says is not waited for."""
        event = envelope.event
        if isinstance(event, ev.JobStarted):
            self._job, self._held = event.job, [envelope]
            return []
        ours = self._job and getattr(event, "source", getattr(event, "job", "")) == self._job
        if not self._held:
            return [] if ours else [envelope]
        if not ours:
            self._held.append(envelope)
            return []
        self._said += event.text if isinstance(event, ev.OutputStreamed) else ""
        first, ended, _ = self._said.partition("\n")
        if not ended:
            return []
        line = ev.OutputStreamed(self._job, first + "\n")
        started, *others = self._held
        self._held = []
        return [started, msgspec.structs.replace(envelope, event=line), *others]

    def _cut(self, envelope: ev.Envelope) -> ev.Envelope | None:
        event = envelope.event
        if self._marker and isinstance(event, ev.TextStreamed):
            before, self._text = len(self._text), self._text + event.text
            if (at := self._text.find(self._marker)) >= 0:
                self.reached = True
                text = self._text[before : at + len(self._marker)]
                return msgspec.structs.replace(envelope, event=ev.TextStreamed(event.reply, text))
        elif self._stop is not None and self._stop(event):
            self.reached = True
        return envelope

    def _posed(self, envelope: ev.Envelope) -> ev.Envelope:
        event, kind = envelope.event, type(envelope.event)
        began = NOW - BEGAN.get(kind, 0.0)
        if isinstance(event, ev.ToolEnded):
            event = msgspec.structs.replace(event, seconds=LASTED[kind])
        if isinstance(event, ev.ReplyEnded | ev.TurnEnded):
            spent = SPENT[kind] if event.usage.input else event.usage
            seconds = LASTED[kind] if event.usage.input else AT_ONCE
            event = msgspec.structs.replace(event, usage=spent, seconds=seconds)
        if isinstance(event, ev.ReplyEnded) and event.message.reasoning:
            event = msgspec.structs.replace(event, thought=THOUGHT)
        if isinstance(event, ev.JobStarted):
            event = msgspec.structs.replace(event, started=began)
        posed = msgspec.structs.replace(envelope, t=began, event=event)
        text = _TEST_TIME.sub("in 0.002s", self._fixed(msgspec.json.encode(posed).decode()))
        return msgspec.json.decode(text, type=ev.Envelope)

    def _fixed(self, text: str) -> str:
        for each, instead in self.shown.items():
            text = text.replace(each, instead)
        return text
