"""Plays the demo model's script with stand-ins for the tools and real reviews of its edits."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.messages import (
    AssistantMessage,
    CallPart,
    Message,
    ToolMessage,
    UserKind,
    UserMessage,
)
from nanodeck.contracts.model import ModelCall, ModelEvent, ModelRef, Reply, ToolSpec
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.providers.demo import DemoModel, make_demo_folder

TOOLS = tuple(ToolSpec(name, name, {}) for name in ("bash", "edit", "ls", "plan", "read", "task"))
Intercept = Callable[[CallPart], ToolMessage | None]


class Tour:
    """A conversation with the demo model in a fresh copy of its project.

    `reject` are pieces of hunks the person rejects, `message` what they say with the review;
    `change` is what else they do; `intercept` may answer a call in the tools' place.
    """

    def __init__(
        self,
        *,
        reject: Collection[str] = (),
        message: str = "",
        intercept: Intercept | None = None,
        change: Callable[[Review], Review] = lambda review: review,
    ) -> None:
        self.folder: Path = make_demo_folder()
        self.messages: list[Message] = [UserMessage("folder: /x", "context")]
        self.commands: list[str] = []
        self.reject = reject
        self.message = message
        self.intercept = intercept
        self.change = change

    def say(self, text: str, kind: UserKind = "prompt") -> AssistantMessage:
        """Send `text` and play until the model has nothing more to do; its last reply."""
        self.messages.append(UserMessage(text, kind))
        while (reply := self.step()).calls:
            pass
        return reply

    def step(self) -> AssistantMessage:
        """One model call and its tools."""
        reply = ask(self.messages)
        self.messages.append(reply)
        edits = [call for call in reply.calls if call.name == "edit"]
        reports = self._review(edits) if edits else {}
        for call in reply.calls:
            answer = self.intercept(call) if self.intercept else None
            self.messages.append(answer or self._answer(call, reports))
        return reply

    def _answer(self, call: CallPart, reports: dict[str, str]) -> ToolMessage:
        given = json.loads(call.arguments)
        if call.name == "edit":
            text = reports[given["path"]]
        elif call.name == "read":
            text = (self.folder / given["path"]).read_text()
        elif call.name == "bash":
            text = self._bash(given)
        else:
            text = "done"
        return ToolMessage(call.id, call.name, text)

    def _bash(self, given: dict[str, Any]) -> str:
        self.commands.append(given["command"])
        if given.get("background"):
            return "job-1 runs in the background"
        argv = [sys.executable if word == "python3" else word for word in given["command"].split()]
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, text=True, check=False)
        return f"{done.stdout}{done.stderr}\n(exit code {done.returncode})"

    def _review(self, calls: list[CallPart]) -> dict[str, str]:
        """What the review of these edits tells the model, by path; what is accepted is written."""
        proposed = []
        for call in calls:
            given = json.loads(call.arguments)
            old = (self.folder / given["path"]).read_text()
            new = old
            for pair in given["edits"]:
                assert old.count(pair["old_string"]) == 1
                new = new.replace(pair["old_string"], pair["new_string"])
            proposed.append(ProposedFile(given["path"], old.encode(), new.encode()))
        if self.intercept and any(self.intercept(call) for call in calls):
            return {}
        review = propose("c1", tuple(call.id for call in calls), proposed)
        marks = [
            HunkMark(
                file.path, hunk.id, "rejected" if any(bit in hunk.body for bit in self.reject) else "accepted"
            )
            for file in review.changeset.files
            for hunk in file.hunks
        ]
        review = self.change(review.mark(marks))
        for target in review.targets():
            assert target.new is not None
            (self.folder / target.path).write_bytes(target.new)
        return {file.path: review.report(self.message, [file.path]) for file in proposed}


def ask(messages: list[Message], tools: tuple[ToolSpec, ...] = TOOLS) -> AssistantMessage:
    """The demo model's reply to these messages."""
    reply = play(messages, tools)[-1]
    assert isinstance(reply, Reply)
    return reply.message


def play(
    messages: list[Message],
    tools: tuple[ToolSpec, ...] = TOOLS,
    waits: list[float] | None = None,
    pace: float = 0.0,
) -> list[ModelEvent]:
    """Every event of one model call; `waits` takes the pauses."""

    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    async def run() -> list[ModelEvent]:
        call = ModelCall(ModelRef("demo", "demo"), "be brief", tools, tuple(messages))
        return [event async for event in DemoModel(pace=pace, sleep=sleep).stream(call)]

    return asyncio.run(run())
