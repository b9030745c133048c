"""The bash tool as a model sees it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import Walls
from nanodeck.tools.bash import bash
from nanodeck.tools.registry import Effect, ToolOutput, find_tool
from tests.unit.tools.contexts import call_tool, context_in


@dataclass
class Starts:
    """Records the jobs that are started."""

    started: list[tuple[str, Path, float]] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)

    async def start(self, command: str, folder: Path, seconds: float, walls: Walls) -> str:
        self.started.append((command, folder, seconds))
        return "job-1"

    async def stop(self, job: str, by: str) -> None:
        if job != "job-1":
            raise NanodeckError(f"there is no job {job!r}")
        self.stopped.append((job, by))

    def describe(self, job: str) -> str:
        return f"where {job} is"


class Desk:
    """A context and what comes out of it."""

    def __init__(self, folder: Path) -> None:
        self.live: list[str] = []
        self.jobs = Starts()
        self.shell = ShellSession(folder, outputs=folder / "outputs")
        self.context = context_in(folder, shell=self.shell, jobs=self.jobs, emit=self.live.append)

    async def call(self, **arguments: Any) -> ToolOutput:
        return await call_tool(bash, self.context, arguments)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    await desk.shell.close()


async def test_the_exit_code_is_always_told(desk: Desk) -> None:
    assert await desk.call(command="echo hi") == ToolOutput("hi\n(exit code 0)", "ok")
    assert await desk.call(command="true") == ToolOutput("(no output)\n(exit code 0)", "ok")
    failed = await desk.call(command="printf oops; exit 7")
    assert failed == ToolOutput("oops\n(exit code 7)", "exit code 7", ok=False)


async def test_live_output_is_emitted(desk: Desk) -> None:
    await desk.call(command="echo hi")
    assert "".join(desk.live) == "hi\n"


async def test_a_new_folder_is_told_and_kept(desk: Desk) -> None:
    (desk.shell.folder / "sub").mkdir()
    moved = await desk.call(command="cd sub")
    assert moved.text == f"(no output)\n(exit code 0)\n(folder is now {desk.shell.folder})"
    assert desk.context.folder.name == "sub"
    assert "folder is now" not in (await desk.call(command="true")).text


async def test_a_timeout_is_told_in_seconds(desk: Desk) -> None:
    result = await desk.call(command="exec sleep 300", timeout=0.2)
    assert result.text == "(no output)\n(timed out after 0.2 s; everything it started was killed)"
    assert not result.ok


@pytest.mark.parametrize("seconds", [0, -1, 86_401, 600_000])
async def test_a_timeout_that_cannot_be_meant_is_refused(desk: Desk, seconds: float) -> None:
    with pytest.raises(ToolError, match="timeout is in seconds"):
        await desk.call(command="true", timeout=seconds)


async def test_an_empty_command_is_refused(desk: Desk) -> None:
    with pytest.raises(ToolError, match="empty"):
        await desk.call(command=" \n")


async def test_in_the_background_it_is_a_job(desk: Desk) -> None:
    result = await desk.call(command="npm run dev", run_in_background=True)
    assert desk.jobs.started == [("npm run dev", desk.shell.folder, 86_400)]
    assert result.text.startswith("job-1 runs in the background (where job-1 is)")


async def test_a_job_is_stopped_and_that_asks_nobody(desk: Desk) -> None:
    assert bash.effect_of(bash.parse('{"stop": "job-1"}')) is Effect.STATE
    assert bash.effect_of(bash.parse('{"stop": "job-1", "command": "ls"}')) is Effect.EXECUTE
    assert (await desk.call(stop="job-1")).text == "job-1 is stopped"
    assert desk.jobs.stopped == [("job-1", "you")]
    with pytest.raises(ToolError, match="no job 'job-7'"):
        await desk.call(shell_id="job-7")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Bash", {"command": "ls", "description": "List files", "timeout": 30}),
        ("execute_bash", {"command": "ls"}),
        ("run_shell_command", {"command": "ls", "is_background": False}),
        ("shell", {"cmd": "ls", "timeout": "30"}),
    ],
)
def test_names_of_other_agents_are_understood(name: str, arguments: dict[str, Any]) -> None:
    tool = find_tool(name)
    assert tool is bash
    assert getattr(tool.parse(json.dumps(arguments)), "command", "") == "ls"


def test_an_argument_that_would_change_the_meaning_is_refused() -> None:
    with pytest.raises(ToolError, match="no argument 'directory'"):
        bash.parse('{"command": "make", "directory": "sub"}')


def test_what_is_sent_with_every_call_is_short() -> None:
    assert len(msgspec.json.encode(bash.spec)) <= 510
