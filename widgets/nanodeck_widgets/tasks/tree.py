"""Tasks in the order and shape of their dependencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple

from nanodeck.contracts.tasks import Task

DEEPEST = 8
"""Levels that are drawn; deeper ones show only the nearest, so that a long chain keeps its text."""

State = Literal["done", "running", "ready", "blocked"]


BY_ITSELF: dict[str, State] = {"completed": "done", "in_progress": "running"}
"""States that do not depend on other tasks."""


class Place(NamedTuple):
    """A task in the tree. `shape` is drawn before it, one character a level: '|', ' ', then '+' or
    '`' for the last of its siblings; '~' first when levels are left out. `waits` are the blockers
    still open, without the one it hangs under.
    """

    task: Task
    shape: str
    state: State
    waits: tuple[str, ...]


def arrange(tasks: Sequence[Task]) -> list[Place]:
    """Each task under its first blocker, siblings in the order they were made."""
    known = {task.id for task in tasks}
    unfinished = {task.id for task in tasks if task.status != "completed"}
    children: defaultdict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        first = task.blocked_by[0] if task.blocked_by else ""
        children[first if first in known else ""].append(task)
    places: list[Place] = []
    # An explicit stack: a chain of thousands of tasks would overflow a recursive walk.
    stack = [(task, "", "", "") for task in reversed(children.get("", []))]
    while stack:
        task, parent, shape, below = stack.pop()
        waits: tuple[str, ...] = ()
        state = BY_ITSELF.get(task.status)
        if task.blocked_by:
            blockers = [each for each in task.blocked_by if each in unfinished]
            state = state or ("blocked" if blockers else None)
            if blockers != [parent]:
                waits = tuple([each for each in blockers if each != parent])
        places.append(Place(task, shape, state or "ready", waits))
        if under := children.get(task.id):
            # A long chain shows its nearest levels only, so that it keeps room for its text.
            above = below if len(below) < DEEPEST else "~" + below[2 - DEEPEST :]
            stack.append((under[-1], task.id, above + "`", above + " "))
            stack += [(child, task.id, above + "+", above + "|") for child in reversed(under[:-1])]
    return places
