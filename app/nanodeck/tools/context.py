"""What a running tool call may use. The engine makes one for each call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from nanodeck.core.tasks import TaskGraph
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import Walls
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.writing.staging import Staging


class TaskBoard(Protocol):
    """Where the session's tasks live."""

    @property
    def graph(self) -> TaskGraph:
        """The present tasks."""
        ...

    def replace(self, graph: TaskGraph) -> None:
        """Make `graph` the present tasks and publish the change."""
        ...


class JobStarter(Protocol):
    """Starts and stops background commands."""

    async def start(self, command: str, folder: Path, seconds: float, walls: Walls) -> str:
        """Start `command` within `walls` and return its job id; it is killed after `seconds`."""
        ...

    async def stop(self, job: str, by: str) -> None:
        """End a job, as `by` wants it, and wait until it has. Raises NanodeckError for an unknown one."""
        ...

    def describe(self, job: str) -> str:
        """How a job is ended and where its output goes, for the model."""
        ...


class PlanAnswer(Struct, frozen=True):
    """What became of a plan, for the model and in a word or two; `refused` by a person."""

    text: str
    summary: str
    refused: bool = False


class PlanDesk(Protocol):
    """Where plans are begun and decided on."""

    async def take(self, agent: str, call: str, text: str) -> PlanAnswer:
        """Have a person decide on the plan `text`; without one go into plan mode. Raises ToolError.

        In plan mode already, the plan is what its file holds.
        """
        ...


class ToolContext(Struct, frozen=True):
    """Everything a tool touches. `emit` publishes live output; cancelling the task stops the call.

    `walls` are around the commands of the call; `barred` tells files that a rule keeps from being read
    unasked.
    """

    call_id: str
    agent: str
    workspace: Workspace
    ledger: ReadLedger
    staging: Staging
    shell: ShellSession
    tasks: TaskBoard
    jobs: JobStarter
    plans: PlanDesk
    walls: Walls
    emit: Callable[[str], None]
    barred: Callable[[Path], bool] = lambda path: False

    @property
    def folder(self) -> Path:
        """Relative paths of tool calls start here: the shell's folder."""
        return self.shell.folder
