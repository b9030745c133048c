"""Answers that are given again, and what makes them be worked out anew."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.session import ShellSession
from nanodeck.tools.answers import LONGEST, MOST, Answers
from nanodeck.tools.bash import bash
from nanodeck.tools.context import ToolContext
from nanodeck.tools.glob import glob
from nanodeck.tools.grep import grep
from nanodeck.tools.ls import ls
from nanodeck.tools.read import read
from nanodeck.tools.registry import Tool, ToolOutput
from nanodeck.workspace.sight import GRACE
from tests.unit.tools.contexts import context_in

LOOKING = [
    (read, {"path": "a.py"}),
    (read, {"path": "."}),
    (ls, {"path": "."}),
    (glob, {"pattern": "*.py"}),
    (grep, {"pattern": "one"}),
    (grep, {"pattern": "one", "path": "a.py"}),
]


def later() -> float:
    """A clock by which everything changed long ago."""
    return time.time() + 2 * GRACE


class Questions:
    """Asks tools in a folder and counts how often they had to work."""

    def __init__(self, folder: Path, answers: Answers) -> None:
        self.worked = 0
        self.folder = folder
        self.answers = answers
        self.context = context_in(folder, shell=ShellSession(folder))

    async def ask(self, tool: Tool, **arguments: Any) -> str:
        async def run(given: Struct, context: ToolContext) -> ToolOutput:
            self.worked += 1
            return await tool.run(given, context)

        counted = replace(tool, run=run)
        output = await self.answers.give(counted, tool.parse(json.dumps(arguments)), self.context)
        return output.text


@pytest.fixture
def asked(tmp_path: Path) -> Questions:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("one\n")
    return Questions(folder, Answers(later))


@pytest.mark.parametrize(("tool", "arguments"), LOOKING)
async def test_the_same_question_is_worked_out_once(
    asked: Questions, tool: Tool, arguments: dict[str, Any]
) -> None:
    first = await asked.ask(tool, **arguments)
    assert [await asked.ask(tool, **arguments) for _ in range(3)] == [first] * 3
    assert asked.worked == 1


@pytest.mark.parametrize(("tool", "arguments"), LOOKING)
async def test_an_outside_change_is_seen(asked: Questions, tool: Tool, arguments: dict[str, Any]) -> None:
    first = await asked.ask(tool, **arguments)
    (asked.folder / "a.py").write_text("one\none\n")
    (asked.folder / "b.py").write_text("one\n")
    again = await asked.ask(tool, **arguments)
    assert asked.worked == 2
    assert again != first


async def test_a_change_of_a_moment_ago_is_not_trusted(asked: Questions) -> None:
    asked.answers = Answers(time.time)
    await asked.ask(read, path="a.py")
    await asked.ask(read, path="a.py")
    assert asked.worked == 2


@pytest.mark.parametrize("command", ["true", "exit 3"])
async def test_a_command_empties_it_also_one_that_fails(asked: Questions, command: str) -> None:
    await asked.ask(ls)
    await asked.ask(bash, command=command)
    await asked.ask(ls)
    assert asked.worked == 3


async def test_a_write_empties_it_also_under_a_call_that_runs(asked: Questions) -> None:
    async def run(given: Struct, context: ToolContext) -> ToolOutput:
        asked.answers.forget()
        return await ls.run(given, context)

    await asked.answers.give(replace(ls, run=run), ls.parse("{}"), asked.context)
    await asked.ask(ls)
    assert asked.worked == 1
    asked.answers.forget()
    await asked.ask(ls)
    assert asked.worked == 2


async def test_another_question_or_another_folder_is_worked_out(asked: Questions) -> None:
    (asked.folder / "inner").mkdir()
    await asked.ask(ls)
    await asked.ask(ls, depth=2)
    asked.context.shell.move(asked.folder / "inner")
    assert await asked.ask(ls) != ""
    assert asked.worked == 3


async def test_what_failed_is_tried_again(asked: Questions) -> None:
    for _ in range(2):
        with pytest.raises(ToolError):
            await asked.ask(read, path="nowhere.py")
    assert asked.worked == 2


async def test_only_some_answers_are_kept_and_only_short_ones(asked: Questions) -> None:
    for number in range(MOST + 1):
        await asked.ask(grep, pattern=f"one{number}")
    asked.worked = 0
    await asked.ask(grep, pattern=f"one{MOST}")
    assert asked.worked == 0
    await asked.ask(grep, pattern="one0")
    assert asked.worked == 1

    async def long(given: Struct, context: ToolContext) -> ToolOutput:
        return ToolOutput("x" * (LONGEST + 1))

    await asked.answers.give(replace(ls, run=long), ls.parse("{}"), asked.context)
    await asked.ask(ls)
    assert asked.worked == 2


async def test_calls_side_by_side_each_get_their_answer(asked: Questions) -> None:
    texts = await asyncio.gather(*(asked.ask(read, path="a.py") for _ in range(8)))
    assert len(set(texts)) == 1
