"""The demo model: scripted, deterministic, needs nothing, works through the real engine and tools."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

from nanodeck.contracts.messages import AssistantMessage, CallPart, Message, Origin, ReasoningPart, TextPart
from nanodeck.contracts.model import (
    CallDelta,
    ModelCall,
    ModelEvent,
    ReasoningDelta,
    Reply,
    TextDelta,
    Usage,
)
from nanodeck.providers.demo_script import Line, next_line
from nanodeck.providers.retry import Sleep

PACE_SECONDS = 0.03
PACE_VARIABLE = "NANODECK_DEMO_PACE"
"""Seconds between two pieces, instead of the usual."""
_PIECE = 24
_PROJECT = Path(__file__).parent / "demo_project"


def make_demo_folder() -> Path:
    """A fresh copy of the sample project in a temporary folder of its own, for `remove_demo_folder`."""
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="nanodeck-demo-"))) / "bistro"
    shutil.copytree(_PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def remove_demo_folder(folder: Path) -> None:
    """Remove what `make_demo_folder` made; what cannot be removed stays."""
    shutil.rmtree(folder.parent, ignore_errors=True)


class DemoModel:
    """Plays its script, a word at a time with `pace` seconds between the pieces."""

    def __init__(self, *, pace: float | None = None, sleep: Sleep = asyncio.sleep) -> None:
        self.pace = _usual_pace() if pace is None else pace
        self._sleep = sleep

    async def stream(self, call: ModelCall) -> AsyncGenerator[ModelEvent, None]:
        """The next line of the script; ends with `Reply`."""
        line = next_line(call.messages, [tool.name for tool in call.tools])
        message = _message(line, call)
        for delta in _deltas(message):
            await self._sleep(self.pace)
            yield delta
        yield Reply(message, _usage(call, message))

    async def close(self) -> None:
        """Nothing is open."""


def _usual_pace() -> float:
    try:
        return max(0.0, float(os.environ[PACE_VARIABLE]))
    except (KeyError, ValueError):
        return PACE_SECONDS


def _message(line: Line, call: ModelCall) -> AssistantMessage:
    """The whole reply; ids count the replies so far, so they are the same in every run."""
    number = sum(isinstance(message, AssistantMessage) for message in call.messages) + 1
    calls = [
        CallPart(f"demo-{number}-{place}", name, json.dumps(arguments, ensure_ascii=False))
        for place, (name, arguments) in enumerate(line.calls, 1)
    ]
    thought = [ReasoningPart(line.reasoning)] if line.reasoning else []
    origin = Origin(call.model.provider, call.model.name, "demo")
    return AssistantMessage((*thought, TextPart(line.text), *calls), "calls" if calls else "stop", origin)


def _deltas(message: AssistantMessage) -> Iterator[ModelEvent]:
    for part in message.parts:
        if isinstance(part, CallPart):
            for start in range(0, len(part.arguments), _PIECE):
                yield CallDelta(part.id, part.name, part.arguments[start : start + _PIECE])
            continue
        kind = ReasoningDelta if isinstance(part, ReasoningPart) else TextDelta
        for word in re.findall(r"\S+\s*|\s+", part.text):
            yield kind(word)


def _usage(call: ModelCall, message: AssistantMessage) -> Usage:
    """Tokens as a real server might count them: four characters each."""
    before = len(call.system) + sum(_size(item) for item in call.messages)
    return Usage(input=before // 4, output=_size(message) // 4)


def _size(message: Message) -> int:
    if isinstance(message, AssistantMessage):
        return len(message.text) + len(message.reasoning) + sum(len(call.arguments) for call in message.calls)
    return len(message.text)
