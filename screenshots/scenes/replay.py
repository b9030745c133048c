"""Scenes without an engine: what it would say is said, so that any state can be shown at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.contracts.messages import AssistantMessage, TextPart, ToolMessage, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ReadBranch, RecallPrompts
from nanodeck.contracts.requests import CommandDetail, EnvironmentChanges, Request, Writes
from nanodeck.contracts.rules import Why
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.contracts.views import SessionView
from nanodeck.shell.reading import read_command
from nanodeck.shell.writing import touched_by
from screenshots.posing import FOLDER, NOW, SENT_BEFORE, SESSION
from screenshots.scenes.scene import Player, Scene
from tests.flows.fake_engine import FakeEngine

MODEL = ModelRef("ollama", "qwen3-coder:30b")
BEGAN = NOW - 42.0
SPENT = Usage(48_200, 1_920, 31_000)

Answers = Mapping[type, Any]
Then = Callable[[Player], Awaitable[None]]


async def never(query: object) -> None:
    """The answer of an engine that is still busy with it."""
    await asyncio.Event().wait()


def replayed(
    name: str,
    *events: ev.Event,
    answers: Answers | None = None,
    then: Then | None = None,
    model: ModelRef | None = MODEL,
    mode: Mode = Mode.NORMAL,
    tips: bool = False,
) -> Scene:
    """A scene after `events`, led on by `then`; `answers` maps query types to what they give."""

    def open_link() -> FakeEngine:
        engine = FakeEngine(SessionView(session=SESSION, folder=FOLDER, cwd=FOLDER, model=model, mode=mode))
        engine.now = BEGAN
        engine.answers = {RecallPrompts: lambda query: SENT_BEFORE, ReadBranch: lambda query: "main"}
        engine.answers.update(answers or {})
        return engine

    async def act(player: Player) -> None:
        await player.until(lambda: player.session.session)
        engine = player.app.link
        assert isinstance(engine, FakeEngine)
        engine.publish(*events)
        player.app.bridge.flush()
        await player.settle()
        if then is not None:
            await then(player)

    return Scene(name, act, replay=open_link, tips=tips)


def said(text: str = "add rate limiting to the login") -> tuple[ev.Event, ...]:
    """The person said something: a turn runs."""
    return ev.TurnStarted("t1"), ev.MessageSent("m1", UserMessage(text))


def replied(text: str, name: str = "r1") -> tuple[ev.Event, ...]:
    """The model said something, whole."""
    message = AssistantMessage((TextPart(text),))
    return ev.ModelCallStarted(name), ev.ReplyEnded(name, message, Usage(6_480, 210), 1.6)


def called(
    call: str, name: str, title: str, text: str = "", *, outcome: ev.ToolOutcome = "ok", summary: str = ""
) -> tuple[ev.Event, ...]:
    """A tool call, from its start to its result."""
    result = ToolMessage(call, name, text, outcome == "ok")
    return (
        ev.ToolStarted(call, name, title),
        ev.ToolEnded(call, name, title, result, outcome, summary, 0.1),
    )


def ended(end: ev.TurnEnd = "done", detail: str = "") -> tuple[ev.Event, ...]:
    """The turn is over."""
    return (ev.TurnEnded("t1", end, SPENT, 64.0, detail),)


HUNKS = (
    Hunk(
        1, 12, 3, 12, 4, "import time", " import time\n+from api.limits import TokenBucket\n \n import json"
    ),
    Hunk(
        2,
        41,
        3,
        42,
        5,
        "def login(request)",
        " def login(request):\n-    limit = None\n+    limit = TokenBucket(rate=5, per=60)\n"
        "+    if not limit.take(request.ip):\n+        raise TooMany(retry_after=limit.wait)\n"
        "     user = authenticate(request)",
    ),
)
CHANGES = Changeset("s1", ("c2",), (FileDiff("api/handler.py", "modified", HUNKS, 4, 1),))


def command(text: str, call: str = "c1", reason: str = "shell commands are asked about") -> ev.RequestOpened:
    """A command asks."""
    parts = read_command(text).parts
    touched = touched_by(parts)
    detail = CommandDetail(
        text,
        FOLDER,
        parts=parts,
        environment=EnvironmentChanges(("OPENAI_API_KEY",), ("PAGER=cat", "TERM=dumb")),
        sandbox=SandboxState().words,
        writes=Writes(
            tuple(place.word.text for place in touched.written),
            tuple(place.word.text for place in touched.deleted),
            ", ".join(touched.unknown),
        ),
    )
    return ev.RequestOpened(Request(f"q-{call}", "main", call, detail, Why("ask", reason, "effect.execute")))
