"""The session's task list: the graph and the event that every change of it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nanodeck.contracts.events import TasksChanged
from nanodeck.contracts.tasks import Task
from nanodeck.core.tasks import TaskGraph


class Board:
    """Holds the tasks and publishes each change."""

    def __init__(self, graph: TaskGraph, publish: Callable[[TasksChanged], None]) -> None:
        self._graph = graph
        self._publish = publish

    @property
    def graph(self) -> TaskGraph:
        """The present tasks."""
        return self._graph

    def reset(self, tasks: Iterable[Task]) -> None:
        """Make `tasks` the present ones, as everybody knows already."""
        self._graph = TaskGraph.of(tasks, self._graph.last)

    def replace(self, graph: TaskGraph) -> None:
        """Make `graph` the present tasks."""
        self._graph = graph
        self._publish(TasksChanged(tuple(graph.tasks)))
