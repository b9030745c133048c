"""The approval layer on a stage, with a clock that only tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from rich.style import Style
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from nanodeck.contracts.requests import CommandDetail, EnvironmentChanges, Request, RequestDetail, Writes
from nanodeck.contracts.rules import Why
from nanodeck.shell.reading import read_command
from nanodeck_widgets.approval.layer import ApprovalLayer
from nanodeck_widgets.prompt.area import PromptArea

LEFT_TO_APP = ("pageup", "pagedown", "f6", "ctrl+p", "ctrl+x", "shift+tab", "ctrl+c")


def request(id: str, detail: RequestDetail | str = "make", agent: str = "main") -> Request:  # noqa: A002
    """A request for `detail`, or for a command."""
    if isinstance(detail, str):
        detail = CommandDetail(detail, "/home/me/api")
    return Request(id, agent, f"call-{id}", detail, Why("ask", "bash asks in normal mode", "mode.normal"))


def described(command: str, writes: Writes) -> CommandDetail:
    """What is known about `command`, which touches `writes`."""
    reading = read_command(command)
    return CommandDetail(
        command,
        "/home/me/api",
        parts=reading.parts,
        script=reading.script,
        environment=EnvironmentChanges(("A_KEY",), ("PAGER=cat",)),
        sandbox="none: it can do all",
        writes=writes,
    )


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class StageScreen(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding(key, f"app.arrived('{key}')") for key in LEFT_TO_APP]


class ApprovalStage(App[None]):
    """A deck's bottom: something above, the layer below it, then the prompt."""

    CSS = "Screen { layout: vertical; } #body { height: 1fr; } #above { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.layer = ApprovalLayer(clock=self.clock)
        self.area = PromptArea()
        self.said: list[Message] = []
        self.arrived: list[str] = []

    def get_default_screen(self) -> Screen[None]:
        return StageScreen()

    def compose(self) -> ComposeResult:
        with Container(id="body"):
            yield Static("line\n" * 40 + "last line", id="above")
            yield self.layer
        yield self.area

    def action_arrived(self, key: str) -> None:
        self.arrived.append(key)

    @on(ApprovalLayer.Answered)
    @on(ApprovalLayer.Left)
    @on(ApprovalLayer.ReviewWanted)
    @on(ApprovalLayer.ReviewShown)
    @on(ApprovalLayer.Rewritten)
    @on(ApprovalLayer.RuleWritten)
    @on(ApprovalLayer.DraftReturned)
    def _record(self, message: Message) -> None:
        self.said.append(message)

    @property
    def answers(self) -> list[tuple[str, str, str, str]]:
        """Request, choice, message, command of every answer."""
        given = [said for said in self.said if isinstance(said, ApprovalLayer.Answered)]
        return [
            (said.request, said.answer.choice, said.answer.message, said.answer.command) for said in given
        ]

    @property
    def rules(self) -> list[tuple[str, str, str]]:
        """Request, choice, rule of every answer."""
        given = [said for said in self.said if isinstance(said, ApprovalLayer.Answered)]
        return [(said.request, said.answer.choice, said.answer.rule) for said in given]

    def offer(self, *requests: Request) -> None:
        self.layer.offer(requests, {"main": "main", "tests-1": "main ▸ tests-1"})

    async def later(self, pilot: Pilot[None], *keys: str, seconds: float = 1.1) -> None:
        """Press each key after `seconds` of quiet."""
        for key in keys:
            await pilot.pause()
            self.clock.now += seconds
            await pilot.press(key)

    def style_of(self, text: str) -> Style | None:
        """How the first piece that begins with `text` is drawn."""
        strips = self.screen._compositor.render_strips()
        pieces = (segment for strip in strips for segment in strip if segment.text.startswith(text))
        return next(pieces).style

    def drawn(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def approval_stage(
    width: int = 80, height: int = 24
) -> AsyncIterator[tuple[ApprovalStage, Pilot[None]]]:
    """The stage with the focus in the prompt."""
    app = ApprovalStage()
    async with app.run_test(size=(width, height)) as pilot:
        app.area.prompt.focus()
        await pilot.pause()
        yield app, pilot
