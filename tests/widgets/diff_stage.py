"""A diff pane on a stage: an app of its own, a clock in hand, what the pane posted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from nanodeck.contracts.changes import Changeset, HunkMark
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck_widgets.diff.messages import ColoursWanted, LinesWanted
from nanodeck_widgets.diff.pane import DiffPane

PATIENCE = 30.0
LINES = [f"value_{n} = {n}" for n in range(1, 61)]


def source(*changes: tuple[int, str]) -> bytes:
    """Sixty lines; `changes` replace some, by line number."""
    lines = list(LINES)
    for number, text in changes:
        lines[number - 1] = text
    return ("\n".join(lines) + "\n").encode()


def three_hunks(path: str = "src/a.py") -> ProposedFile:
    """A file changed in three places far from each other."""
    return ProposedFile(path, source(), source((5, "value_5 = five"), (30, "value_30 = 0"), (55, "changed")))


def changeset(*files: ProposedFile, id: str = "c1") -> Changeset:  # noqa: A002
    return propose(id, ["call-1"], files or [three_hunks()]).changeset


def asking(*files: ProposedFile, id: str = "c1", marks: tuple[HunkMark, ...] = ()) -> ReviewView:  # noqa: A002
    return ReviewView(changeset(*files, id=id), "asking", "main", request=f"request-{id}", marks=marks)


@dataclass
class Timed:
    """A timer in a test's hand."""

    action: Callable[[], None]
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


class HeldPane(DiffPane):
    """Its clock stands still and its timers wait until they are fired."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[Timed] = []
        super().__init__(clock=lambda: self.now)

    def later(self, seconds: float, action: Callable[[], None]) -> Timed:
        self.timers.append(Timed(action))
        return self.timers[-1]

    def fire_timers(self) -> None:
        """What is due after a pause without keys."""
        timers, self.timers = self.timers, []
        for timer in timers:
            if not timer.stopped:
                timer.action()


class DiffStage(App[None]):
    """Records what the pane posts; an input beside it can take the focus."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Input { dock: bottom; height: 1; border: none; }"

    def __init__(self) -> None:
        super().__init__()
        self.pane = HeldPane()
        self.said: list[Message] = []
        self.read: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.pane
        yield Input()

    @on(DiffPane.Marked)
    @on(DiffPane.SplitWanted)
    @on(DiffPane.StepWanted)
    @on(DiffPane.EditWanted)
    @on(DiffPane.CommentWanted)
    @on(DiffPane.CommentsWanted)
    @on(DiffPane.Sent)
    @on(DiffPane.Decided)
    @on(DiffPane.MarkFileWanted)
    @on(DiffPane.FilesWanted)
    @on(DiffPane.SourceWanted)
    @on(DiffPane.TakeBackWanted)
    def record(self, message: Message) -> None:
        self.said.append(message)

    @on(LinesWanted)
    @on(ColoursWanted)
    def record_reading(self, message: Message) -> None:
        self.read.append(message)


@dataclass
class Stage:
    """What a test holds: the pane and the keyboard."""

    app: DiffStage
    pilot: Pilot[None]
    pane: HeldPane = field(init=False)

    def __post_init__(self) -> None:
        self.pane = self.app.pane

    @property
    def marks(self) -> list[tuple[str, int, str]]:
        """Every mark told so far, in order."""
        told = [message for message in self.app.said if isinstance(message, DiffPane.Marked)]
        return [(mark.path, mark.hunk, mark.mark) for message in told for mark in message.marks]

    @property
    def sent(self) -> list[str]:
        """The requests ended so far."""
        return [message.request for message in self.app.said if isinstance(message, DiffPane.Sent)]

    async def show(self, view: ReviewView | None) -> None:
        self.pane.show(view)
        await self.pilot.pause()

    async def press(self, *keys: str, every: float = 1.0) -> None:
        """Keys with a pause before each."""
        for key in keys:
            self.pane.now += every
            await self.pilot.press(key)
        await self.pilot.pause()

    async def until(self, ready: Callable[[], object]) -> None:
        """Wait for something to be so, as what comes after the first frame."""
        async with asyncio.timeout(PATIENCE):
            while not ready():
                await self.pilot.pause(0.01)

    async def settle(self) -> None:
        """Let the moment pass in which a held key would show itself."""
        self.pane.fire_timers()
        await self.pilot.pause()

    def screen(self) -> list[str]:
        """The pane as text, a row a line."""
        width, height = self.pane.outer_size
        return [strip.text for strip in self.pane.render_lines(Region(0, 0, width, height))]

    def row(self, text: str) -> str:
        """The first row on the screen that holds `text`."""
        return next(row for row in self.screen() if text in row)


@asynccontextmanager
async def stage(view: ReviewView | None = None, width: int = 80, height: int = 25) -> AsyncIterator[Stage]:
    """A focused pane of `width` times `height - 1` cells that shows `view`, long enough to be decided on."""
    app = DiffStage()
    async with app.run_test(size=(width, height)) as pilot:
        on_stage = Stage(app, pilot)
        on_stage.pane.focus()
        await on_stage.show(view)
        on_stage.pane.now += 1.0
        yield on_stage
