"""What a tool call runs in, made as the engine makes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nanodeck.core.tasks import TaskGraph
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import OPEN, Walls
from nanodeck.tools.context import JobStarter, PlanAnswer, PlanDesk, TaskBoard, ToolContext
from nanodeck.tools.registry import Tool, ToolOutput
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.writing.staging import Staging


class NoTasks:
    """A board nobody writes to."""

    graph = TaskGraph()

    def replace(self, graph: TaskGraph) -> None:
        raise AssertionError(graph)


class NoJobs:
    """Nothing is started."""

    async def start(self, command: str, folder: Path, seconds: float, walls: Walls) -> str:
        raise AssertionError(command)

    async def stop(self, job: str, by: str) -> None:
        raise AssertionError(job)

    def describe(self, job: str) -> str:
        raise AssertionError(job)


class NoPlans:
    """Nobody decides on a plan."""

    async def take(self, agent: str, call: str, text: str) -> PlanAnswer:
        raise AssertionError(text)


def context_in(
    folder: Path,
    *,
    shell: ShellSession | None = None,
    tasks: TaskBoard | None = None,
    jobs: JobStarter | None = None,
    plans: PlanDesk | None = None,
    emit: Callable[[str], None] = lambda text: None,
) -> ToolContext:
    """A context in the workspace `folder`, with nothing read or staged yet."""
    ledger = ReadLedger()
    return ToolContext(
        "call",
        "main",
        Workspace(folder),
        ledger,
        Staging(ledger),
        shell or ShellSession(folder),
        tasks or NoTasks(),
        jobs or NoJobs(),
        plans or NoPlans(),
        OPEN,
        emit,
    )


async def call_tool(tool: Tool, context: ToolContext, arguments: dict[str, Any]) -> ToolOutput:
    """What the tool answers a model that calls it with `arguments`. Raises ToolError."""
    return await tool.run(tool.parse(json.dumps(arguments)), context)
