"""A prompt on a stage: an app of its own, keys as a terminal sends them, what it posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar, TypeVar

from textual import on
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from nanodeck_widgets.prompt.area import PromptArea
from nanodeck_widgets.prompt.keys import LEFT_TO_APP
from nanodeck_widgets.prompt.prompt import Prompt
from nanodeck_widgets.prompt.tokens import Item

MessageT = TypeVar("MessageT", bound=Message)
COMMANDS = (Item("model", "another model"), Item("mode", "who decides"), Item("help", "keys"))


class StageScreen(Screen[None]):
    """Where the deck has its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"app.arrived('{key}')") for key in sorted({*LEFT_TO_APP, "escape", "pageup"})
    ]


class PromptStage(App[None]):
    """Records the prompt's messages and the keys that reached the app."""

    CSS = "Screen { layout: vertical; } #above { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, commands: Sequence[Item] = COMMANDS) -> None:
        super().__init__()
        self.area = PromptArea(commands)
        self.prompt = self.area.prompt
        self.said: list[Message] = []
        self.arrived: list[str] = []

    def get_default_screen(self) -> Screen[None]:
        return StageScreen()

    def compose(self) -> ComposeResult:
        yield Container(id="above")
        yield self.area

    def action_arrived(self, key: str) -> None:
        self.arrived.append(key)

    @on(Prompt.Submitted)
    @on(Prompt.Queued)
    @on(Prompt.CommandGiven)
    @on(Prompt.ShellGiven)
    @on(Prompt.Refused)
    @on(Prompt.CompletionWanted)
    def _record(self, message: Message) -> None:
        self.said.append(message)

    def send_bytes(self, text: str) -> None:
        """Everything `text` means to a terminal, in one chunk."""
        parser = XTermParser()
        for event in parser.feed(text):
            self.post_message(event)

    def told(self, kind: type[MessageT]) -> list[MessageT]:
        """Messages of one kind, in order."""
        return [message for message in self.said if isinstance(message, kind)]

    def drawn(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def prompt_stage(width: int = 80, height: int = 24) -> AsyncIterator[tuple[PromptStage, Pilot[None]]]:
    """The stage with the focus in the prompt."""
    app = PromptStage()
    async with app.run_test(size=(width, height)) as pilot:
        app.prompt.focus()
        await pilot.pause()
        yield app, pilot
