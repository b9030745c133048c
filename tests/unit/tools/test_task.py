"""The task tool as a model sees it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.core.tasks import TaskGraph
from nanodeck.tools.registry import find_tool
from nanodeck.tools.task import task
from tests.unit.tools.contexts import call_tool, context_in


@dataclass
class Board:
    """A task board and how often it changed."""

    folder: Path
    graph: TaskGraph = field(default_factory=TaskGraph)
    changes: int = 0

    def replace(self, graph: TaskGraph) -> None:
        self.graph = graph
        self.changes += 1

    def call(self, **arguments: Any) -> str:
        """The text a call with these arguments is answered with."""
        return asyncio.run(call_tool(task, context_in(self.folder, tasks=self), arguments)).text


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_tasks_are_created_updated_shown_and_listed(board: Board) -> None:
    assert board.call(action="create", subject="read") == "T1 [pending] read\nready: T1"
    created = board.call(action="create", subject="write", owner="main", add_blocked_by=["1"])
    assert created == "T2 [pending] write (main) waits for T1\nready: T1"
    assert board.call(action="update", id="1", status="completed") == "T1 [completed] read\nready: T2"
    assert board.call(action="list") == "T1 [completed] read\nT2 [pending] write (main)\nready: T2"
    board.call(action="update", id="T2", description="all of it", metadata={"size": 3})
    shown = board.call(action="get", id="2")
    assert "blocked by: T1" in shown
    assert "all of it" in shown
    assert "size" in shown
    assert board.call(action="update", id="2", status="deleted") == "T2 deleted\nready: none"


def test_a_whole_list_replaces_what_was_there(board: Board) -> None:
    lines = [{"subject": "read", "status": "completed"}, {"subject": "write", "blocked_by": ["1"]}]
    assert board.call(tasks=lines) == "T1 [completed] read\nT2 [pending] write\nready: T2"
    assert board.call(tasks=[]) == "there are no tasks"


def test_a_task_that_starts_too_early_is_noted(board: Board) -> None:
    board.call(subject="read")
    board.call(subject="write", add_blocked_by=["1"])
    assert "note: it still waits for T1" in board.call(id="2", status="in_progress")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"action": "update", "id": "1", "add_blocks": ["1"]}, "T1 -> T1"),
        ({"action": "update", "id": "7"}, "no task '7'; the tasks are: T1"),
        ({"action": "get"}, "get needs the id"),
        ({"action": "create"}, "needs a subject"),
        ({"action": "create", "subject": "x", "status": "deleted"}, "cannot be deleted"),
        ({"action": "update", "id": "1", "status": "done"}, "wrong arguments for task"),
        ({"tasks": [{"status": "pending"}]}, "wrong line in tasks: .*subject"),
        ({"tasks": [{"subject": "x", "blocked_by": ["9"]}]}, "not in the list"),
    ],
)
def test_a_wrong_call_is_answered_with_what_to_correct_and_changes_nothing(
    board: Board, arguments: dict[str, Any], message: str
) -> None:
    board.call(subject="read")
    with pytest.raises(ToolError, match=message):
        board.call(**arguments)
    assert board.changes == 1


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("TaskCreate", {"subject": "b", "description": "x", "activeForm": "doing b"}, "T2 [pending] b"),
        ("TaskUpdate", {"taskId": "1", "status": "in_progress"}, "T1 [in_progress] a"),
        ("TaskUpdate", {"task_id": "1", "addBlocks": []}, "T1 [pending] a"),
        ("TaskGet", {"taskId": "1"}, "T1 [pending] a"),
        ("TaskList", {}, "T1 [pending] a"),
        (
            "TodoWrite",
            {"todos": [{"content": "b", "status": "pending", "activeForm": "b"}]},
            "T2 [pending] b",
        ),
        (
            "write_tasks",
            {"tasks": [{"title": "b", "status": "completed", "description": "x"}]},
            "T2 [completed]",
        ),
    ],
)
def test_calls_of_other_agents_are_understood(
    board: Board, name: str, arguments: dict[str, Any], answer: str
) -> None:
    assert find_tool(name) is task
    board.call(subject="a")
    assert board.call(**arguments).startswith(answer)


def test_what_is_sent_with_every_call_is_short() -> None:
    assert len(msgspec.json.encode(task.spec)) <= 700
