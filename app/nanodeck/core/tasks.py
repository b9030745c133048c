"""Tasks and their dependencies: an immutable graph that can never hold a cycle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.tasks import Task, TaskStatus

StatusChange = Literal["pending", "in_progress", "completed", "deleted"]


class TaskDraft(Struct, frozen=True, omit_defaults=True):
    """One line of a whole list. `id` is a present task's id, or a name other lines may refer to."""

    subject: str
    status: TaskStatus = "pending"
    blocked_by: tuple[str, ...] = ()
    description: str = ""
    active_form: str = ""
    owner: str = ""
    id: str = ""


def shown_id(task: str) -> str:
    """A task's id as people and models read it: 'T3'."""
    return f"T{task}"


class TaskGraph(Struct, frozen=True):
    """Tasks in the order they were made; `last` is the highest id ever given, so none returns."""

    tasks: tuple[Task, ...] = ()
    last: int = 0

    @classmethod
    def of(cls, tasks: Iterable[Task], last: int = 0) -> TaskGraph:
        """The graph a journal recorded."""
        kept = tuple(tasks)
        return cls(kept, max([last, *(int(task.id) for task in kept if task.id.isdecimal())]))

    def get(self, task: str) -> Task:
        """The task with this id, also written 'T3' or '#3'. Raises ToolError."""
        wanted = self._known([task])[0]
        return next(found for found in self.tasks if found.id == wanted)

    def open_blockers(self, task: str) -> tuple[str, ...]:
        """Ids of the tasks that must still be completed before this one."""
        found = self.get(task)
        done = {other.id for other in self.tasks if other.status == "completed"}
        return tuple(blocker for blocker in found.blocked_by if blocker not in done)

    def ready(self) -> tuple[str, ...]:
        """Ids of pending tasks that wait for nothing."""
        done = {task.id for task in self.tasks if task.status == "completed"}
        return tuple(
            task.id for task in self.tasks if task.status == "pending" and done.issuperset(task.blocked_by)
        )

    def create(
        self,
        subject: str,
        *,
        description: str = "",
        status: TaskStatus = "pending",
        active_form: str = "",
        owner: str = "",
        add_blocks: Sequence[str] = (),
        add_blocked_by: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> TaskGraph:
        """A graph with one more task at its end. Raises ToolError."""
        made = Task(
            str(self.last + 1),
            _subject(subject),
            description,
            status,
            active_form,
            owner,
            metadata=dict(metadata or {}),
        )
        grown = TaskGraph((*self.tasks, made), self.last + 1)
        return grown._linked(made.id, add_blocks, add_blocked_by)

    def update(
        self,
        task: str,
        *,
        subject: str | None = None,
        description: str | None = None,
        status: StatusChange | None = None,
        active_form: str | None = None,
        owner: str | None = None,
        add_blocks: Sequence[str] = (),
        add_blocked_by: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> TaskGraph:
        """A graph with this task changed; metadata is merged, None removes a key. Raises ToolError."""
        found = self.get(task)
        if status == "deleted":
            return self._without(found.id)
        given = {
            "subject": None if subject is None else _subject(subject),
            "description": description,
            "status": status,
            "active_form": active_form,
            "owner": owner,
            "metadata": None if metadata is None else _merged(found.metadata, metadata),
        }
        changed = msgspec.structs.replace(
            found, **{field: value for field, value in given.items() if value is not None}
        )
        tasks = tuple(changed if other.id == found.id else other for other in self.tasks)
        return TaskGraph(tasks, self.last)._linked(found.id, add_blocks, add_blocked_by)

    def replace_all(self, drafts: Sequence[TaskDraft]) -> TaskGraph:
        """A graph of exactly these tasks. One named by id, or else with the same subject, keeps its id."""
        present = {task.id: task for task in self.tasks}
        ids, last = _assigned(drafts, self)
        names: dict[str, str] = {}
        for draft, each in zip(drafts, ids, strict=True):
            name = _bare(draft.id)
            if name and names.setdefault(name, each) != each:
                raise ToolError(f"two tasks of the list have the id {name!r}")
        names = {each: each for each in ids} | names
        tasks = [
            _from_draft(draft, each, present.get(each), names)
            for draft, each in zip(drafts, ids, strict=True)
        ]
        return TaskGraph(tuple(tasks), last)._checked()

    def _linked(self, task: str, blocks: Sequence[str], blocked_by: Sequence[str]) -> TaskGraph:
        """With edges added on both sides of `task`."""
        if not blocks and not blocked_by:
            return self
        later, earlier = set(self._known(blocks)), self._known(blocked_by)
        tasks = []
        for each in self.tasks:
            more = [*(earlier if each.id == task else ()), *([task] if each.id in later else ())]
            edges = tuple(dict.fromkeys((*each.blocked_by, *more)))
            tasks.append(
                each if edges == each.blocked_by else msgspec.structs.replace(each, blocked_by=edges)
            )
        return TaskGraph(tuple(tasks), self.last)._checked()

    def _without(self, task: str) -> TaskGraph:
        kept = (
            msgspec.structs.replace(each, blocked_by=tuple(edge for edge in each.blocked_by if edge != task))
            for each in self.tasks
            if each.id != task
        )
        return TaskGraph(tuple(kept), self.last)

    def _known(self, given: Sequence[str]) -> list[str]:
        present = {task.id for task in self.tasks}
        bare = [_bare(each) for each in given]
        if unknown := [name for name in bare if name not in present]:
            there = ", ".join(shown_id(task.id) for task in self.tasks[-20:]) or "none"
            raise ToolError(f"no task {', '.join(map(repr, unknown))}; the tasks are: {there}")
        return bare

    def _checked(self) -> TaskGraph:
        if cycle := find_cycle({task.id: task.blocked_by for task in self.tasks}):
            path = " -> ".join(shown_id(each) for each in cycle)
            raise ToolError(f"these tasks would wait for each other: {path}; nothing was changed")
        return self


def find_cycle(edges: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A path through `edges` that ends where it began, the first one found; empty when there is none."""
    finished: set[str] = set()
    for start in edges:
        if start in finished:
            continue
        # An explicit stack: a chain of thousands of tasks would overflow a recursive walk.
        path, place, ways = [start], {start: 0}, [iter(edges[start])]
        while path:
            step = next(ways[-1], None)
            if step is None:
                finished.add(path[-1])
                del place[path.pop()]
                ways.pop()
            elif step in place:
                return (*path[place[step] :], step)
            elif step not in finished:
                place[step] = len(path)
                path.append(step)
                ways.append(iter(edges[step]))
    return ()


def _assigned(drafts: Sequence[TaskDraft], graph: TaskGraph) -> tuple[list[str], int]:
    """The id of each line of a whole list, and the highest id given so far."""
    present = {task.id for task in graph.tasks}
    named = {_bare(draft.id) for draft in drafts} & present
    same = {task.subject: task.id for task in reversed(graph.tasks) if task.id not in named}
    ids: list[str] = []
    last = graph.last
    for draft in drafts:
        name = _bare(draft.id)
        kept = name if name in named else same.pop(_subject(draft.subject), "")
        named.discard(name)
        if not kept:
            last += 1
            kept = str(last)
        ids.append(kept)
    return ids, last


def _from_draft(draft: TaskDraft, task: str, before: Task | None, names: Mapping[str, str]) -> Task:
    wanted = [_bare(name) for name in draft.blocked_by]
    if unknown := [name for name in wanted if name not in names]:
        told = ", ".join(map(repr, unknown))
        raise ToolError(f"{draft.subject!r} waits for {told}, which is not in the list")
    old = before or Task(task, draft.subject)
    # A line that names no edges leaves those that still exist: a status update must not cut the graph.
    edges = [names[name] for name in wanted] or [edge for edge in old.blocked_by if names.get(edge) == edge]
    return Task(
        task,
        _subject(draft.subject),
        draft.description or old.description,
        draft.status,
        draft.active_form or old.active_form,
        draft.owner or old.owner,
        tuple(dict.fromkeys(edges)),
        old.metadata,
    )


def _bare(given: str) -> str:
    """'T3', '#3' and ' 3 ' as '3'."""
    text = given.strip()
    return text[1:] if text[:1] in ("T", "t", "#") and text[1:].isdecimal() else text


def _subject(given: str) -> str:
    if not (subject := given.strip()):
        raise ToolError("a task needs a subject")
    return subject


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**old, **new}.items() if value is not None}
