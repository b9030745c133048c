"""The task graph keeps its promises under any sequence of operations."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ToolError
from nanodeck.core.tasks import StatusChange, TaskDraft, TaskGraph, find_cycle

IDS = st.integers(1, 8).map(str)
EDGES = st.lists(IDS, max_size=3)
STATUS = st.sampled_from(["pending", "in_progress", "completed"])
DRAFTS = st.builds(
    TaskDraft,
    subject=st.sampled_from("abcdef"),
    status=STATUS,
    blocked_by=EDGES.map(tuple),
    id=st.one_of(st.just(""), IDS),
)
Operation = Callable[[TaskGraph], TaskGraph]


def creation(blocks: list[str], blocked_by: list[str]) -> Operation:
    return lambda graph: graph.create("task", add_blocks=blocks, add_blocked_by=blocked_by)


def link(task: str, blocks: list[str], blocked_by: list[str]) -> Operation:
    return lambda graph: graph.update(task, add_blocks=blocks, add_blocked_by=blocked_by)


def status_change(task: str, status: StatusChange) -> Operation:
    return lambda graph: graph.update(task, status=status)


def replacement(drafts: list[TaskDraft]) -> Operation:
    return lambda graph: graph.replace_all(drafts)


OPERATIONS = st.one_of(
    st.builds(creation, EDGES, EDGES),
    st.builds(link, IDS, EDGES, EDGES),
    st.builds(status_change, IDS, STATUS),
    st.builds(status_change, IDS, st.just("deleted")),
    st.builds(replacement, st.lists(DRAFTS, max_size=6)),
)


def chain(*subjects: str) -> TaskGraph:
    """Tasks in a row, each waiting for the one before."""
    graph = TaskGraph()
    for number, subject in enumerate(subjects):
        graph = graph.create(subject, add_blocked_by=[str(number)] if number else [])
    return graph


@settings(max_examples=200, deadline=None)
@given(st.lists(OPERATIONS, max_size=25))
def test_any_sequence_of_operations_leaves_a_sound_graph(operations: list[Operation]) -> None:
    graph, given_ids = TaskGraph(), set[str]()
    for operation in operations:
        before = {task.id for task in graph.tasks}
        with suppress(ToolError):
            graph = operation(graph)
        now = [task.id for task in graph.tasks]
        assert len(now) == len(set(now))
        assert not (set(now) - before) & given_ids, "an id came back"
        given_ids |= set(now)
        assert all(set(task.blocked_by) <= set(now) for task in graph.tasks)
        assert not find_cycle({task.id: task.blocked_by for task in graph.tasks})
        done = {task.id for task in graph.tasks if task.status == "completed"}
        ready = set(graph.ready())
        for task in graph.tasks:
            waits = not set(task.blocked_by) <= done
            assert (task.id in ready) == (task.status == "pending" and not waits)
        if now and len(done) < len(now):
            assert ready or any(task.status == "in_progress" for task in graph.tasks)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(IDS, EDGES))
def test_a_reported_cycle_is_a_path_of_real_edges(edges: dict[str, list[str]]) -> None:
    whole = {each: edges.get(each, []) for each in map(str, range(1, 9))}
    cycle = find_cycle(whole)
    if cycle:
        assert cycle[0] == cycle[-1]
        assert all(after in whole[before] for before, after in pairwise(cycle))
    else:
        left = dict(whole)
        while free := [each for each, waits in left.items() if not set(waits) & left.keys()]:
            for each in free:
                del left[each]
        assert not left


def test_a_cycle_is_refused_and_named_as_a_path() -> None:
    graph = chain("read", "write", "test")
    with pytest.raises(ToolError, match="T1 -> T3 -> T2 -> T1"):
        graph.update("1", add_blocked_by=["3"])
    with pytest.raises(ToolError, match="T2 -> T2"):
        graph.update("2", add_blocks=["2"])


def test_edges_can_be_added_from_both_sides() -> None:
    graph = TaskGraph().create("a").create("b").create("c", add_blocks=["1"], add_blocked_by=["T2"])
    assert graph.get("1").blocked_by == ("3",)
    assert graph.get("#3").blocked_by == ("2",)
    assert graph.ready() == ("2",)


def test_unknown_ids_are_refused_with_the_known_ones() -> None:
    graph = chain("a", "b")
    for attempt in (
        lambda: graph.get("9"),
        lambda: graph.create("c", add_blocked_by=["9"]),
        lambda: graph.create("c", add_blocks=["9"]),
        lambda: graph.update("9", status="completed"),
    ):
        with pytest.raises(ToolError, match=r"'9'.*T1, T2"):
            attempt()


def test_a_deleted_task_frees_those_it_blocked_and_its_id_stays_taken() -> None:
    graph = chain("a", "b").update("2", status="deleted").create("c", add_blocked_by=["1"])
    assert [task.id for task in graph.tasks] == ["1", "3"]
    assert graph.update("1", status="deleted").ready() == ("3",)


def test_a_whole_list_keeps_ids_and_edges_of_what_stays() -> None:
    graph = chain("a", "b", "c")
    replaced = graph.replace_all([TaskDraft("c"), TaskDraft("b", "completed"), TaskDraft("new")])
    assert [(task.id, task.subject) for task in replaced.tasks] == [("3", "c"), ("2", "b"), ("4", "new")]
    assert replaced.get("3").blocked_by == ("2",)
    assert replaced.get("2").blocked_by == ()
    swapped = graph.replace_all([TaskDraft("a"), TaskDraft("c", id="1")])
    assert [(task.id, task.subject) for task in swapped.tasks] == [("4", "a"), ("1", "c")]


def test_a_whole_list_may_name_its_own_lines() -> None:
    drafts = [TaskDraft("test", blocked_by=("code",), id="check"), TaskDraft("write", id="code")]
    graph = TaskGraph().replace_all(drafts)
    assert graph.get("1").blocked_by == ("2",)
    with pytest.raises(ToolError, match="T1 -> T2 -> T1"):
        graph.replace_all([drafts[0], TaskDraft("write", blocked_by=("check",), id="code")])
    with pytest.raises(ToolError, match="not in the list"):
        graph.replace_all([TaskDraft("test", blocked_by=("nothing",))])


def test_metadata_is_merged_and_none_removes_a_key() -> None:
    graph = TaskGraph().create("a", metadata={"x": 1, "y": 2})
    assert graph.update("1", metadata={"x": None, "z": 3}).get("1").metadata == {"y": 2, "z": 3}


def test_a_long_chain_is_checked_without_recursion() -> None:
    drafts = [TaskDraft(f"t{n}", blocked_by=(str(n + 2),) if n < 4999 else ()) for n in range(5000)]
    graph = TaskGraph().replace_all(drafts)
    assert graph.ready() == ("5000",)


def test_a_restored_graph_goes_on_after_the_highest_id() -> None:
    tasks = chain("a", "b").tasks
    assert TaskGraph.of(tasks).create("c").tasks[-1].id == "3"
    assert TaskGraph.of(tasks, last=7).create("c").tasks[-1].id == "8"
