"""The task tool: what is to be done, in which order."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.tasks import Task
from nanodeck.core.tasks import StatusChange, TaskDraft, TaskGraph, shown_id
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool

Action = Literal["create", "update", "get", "list"]


class TaskArguments(Struct, frozen=True):
    """One action on one task, or the whole list."""

    action: Action | None = None
    id: str = ""
    subject: str | None = None
    description: str | None = None
    status: StatusChange | None = None
    active_form: str | None = None
    owner: str | None = None
    add_blocks: list[str] = []
    add_blocked_by: list[str] = []
    metadata: dict[str, Any] | None = None
    # The lines are described in words: their schema would cost more bytes than the rest.
    tasks: Annotated[
        list[dict[str, Any]] | None,
        Meta(description="instead of an action: the whole new list of {subject, status, blocked_by}"),
    ] = None


def _title(arguments: TaskArguments) -> str:
    if arguments.tasks is not None:
        return f"task list of {len(arguments.tasks)}"
    about = shown_id(arguments.id) if arguments.id else ""
    return " ".join(word for word in ("task", _action(arguments), about, arguments.subject or "") if word)


@tool(
    "task",
    "Keep the task list of work that takes several steps; the user watches it.",
    effect=Effect.STATE,
    title=_title,
    names=(
        "TaskCreate",
        "TaskUpdate",
        "TaskGet",
        "TaskList",
        "TodoWrite",
        "write_tasks",
        "write_todos",
        "todo",
    ),
    arguments={
        "task_id": "id",
        "taskId": "id",
        "title": "subject",
        "activeForm": "active_form",
        "todos": "tasks",
        "blocks": "add_blocks",
        "addBlocks": "add_blocks",
        "blocked_by": "add_blocked_by",
        "addBlockedBy": "add_blocked_by",
    },
    items={
        "tasks": {
            "title": "subject",
            "content": "subject",
            "activeForm": "active_form",
            "blockedBy": "blocked_by",
            "depends_on": "blocked_by",
            "dependencies": "blocked_by",
        }
    },
)
async def task(arguments: TaskArguments, context: ToolContext) -> ToolOutput:
    """Carry out one action on the session's tasks."""
    graph = context.tasks.graph
    if arguments.tasks is not None:
        return _changed(context, graph.replace_all(_drafts(arguments.tasks)), None)
    action = _action(arguments)
    if action == "list":
        return ToolOutput(_listing(graph), _count(graph))
    if action == "create":
        return _created(arguments, context)
    if not arguments.id:
        raise ToolError(f"{action} needs the id of a task")
    if action == "get":
        found = graph.get(arguments.id)
        return ToolOutput(_whole(found, graph), shown_id(found.id))
    updated = graph.update(
        arguments.id,
        subject=arguments.subject,
        description=arguments.description,
        status=arguments.status,
        active_form=arguments.active_form,
        owner=arguments.owner,
        add_blocks=arguments.add_blocks,
        add_blocked_by=arguments.add_blocked_by,
        metadata=arguments.metadata,
    )
    return _changed(context, updated, graph.get(arguments.id))


def _drafts(lines: list[dict[str, Any]]) -> list[TaskDraft]:
    try:
        return msgspec.convert(lines, list[TaskDraft], strict=False)
    except msgspec.ValidationError as error:
        raise ToolError(f"wrong line in tasks: {error}") from None


def _created(arguments: TaskArguments, context: ToolContext) -> ToolOutput:
    if arguments.status == "deleted":
        raise ToolError("a new task cannot be deleted")
    grown = context.tasks.graph.create(
        arguments.subject or "",
        description=arguments.description or "",
        status=arguments.status or "pending",
        active_form=arguments.active_form or "",
        owner=arguments.owner or "",
        add_blocks=arguments.add_blocks,
        add_blocked_by=arguments.add_blocked_by,
        metadata=arguments.metadata,
    )
    return _changed(context, grown, grown.tasks[-1])


def _action(arguments: TaskArguments) -> Action:
    """The action asked for, or else the one the arguments can only mean."""
    if arguments.action:
        return arguments.action
    if not arguments.id:
        return "list" if arguments.subject is None else "create"
    plain = TaskArguments(id=arguments.id)
    return "get" if arguments == plain else "update"


def _changed(context: ToolContext, graph: TaskGraph, about: Task | None) -> ToolOutput:
    context.tasks.replace(graph)
    if about is None:
        return ToolOutput(_listing(graph), _count(graph))
    kept = next((task for task in graph.tasks if task.id == about.id), None)
    lines = [_line(kept, graph) if kept else f"{shown_id(about.id)} deleted", _ready_line(graph)]
    if kept and kept.status != "pending" and graph.open_blockers(kept.id):
        waits = ", ".join(map(shown_id, graph.open_blockers(kept.id)))
        lines.insert(1, f"note: it still waits for {waits}")
    return ToolOutput("\n".join(lines), _count(graph))


def _listing(graph: TaskGraph) -> str:
    if not graph.tasks:
        return "there are no tasks"
    return "\n".join([*(_line(each, graph) for each in graph.tasks), _ready_line(graph)])


def _line(task: Task, graph: TaskGraph) -> str:
    waits = ", ".join(map(shown_id, graph.open_blockers(task.id))) if task.status != "completed" else ""
    owner = f" ({task.owner})" if task.owner else ""
    return (
        f"{shown_id(task.id)} [{task.status}] {task.subject}{owner}{f' waits for {waits}' if waits else ''}"
    )


def _ready_line(graph: TaskGraph) -> str:
    return f"ready: {', '.join(map(shown_id, graph.ready())) or 'none'}"


def _whole(task: Task, graph: TaskGraph) -> str:
    blocks = [each.id for each in graph.tasks if task.id in each.blocked_by]
    fields = (
        ("", _line(task, graph)),
        ("active form: ", task.active_form),
        ("blocked by: ", ", ".join(map(shown_id, task.blocked_by))),
        ("blocks: ", ", ".join(map(shown_id, blocks))),
        ("metadata: ", str(task.metadata) if task.metadata else ""),
        ("", task.description),
    )
    return "\n".join(name + value for name, value in fields if value)


def _count(graph: TaskGraph) -> str:
    done = sum(each.status == "completed" for each in graph.tasks)
    return f"{done}/{len(graph.tasks)} done"
