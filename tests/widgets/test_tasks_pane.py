"""The task pane: shape of the tree, states, filters, details, and what it costs to change."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from textual.strip import Strip

from nanodeck.contracts.tasks import Task
from nanodeck_widgets.tasks.pane import TasksPane
from nanodeck_widgets.tasks.tree import DEEPEST, arrange
from tests.widgets.items_stage import Stage

TASKS = (
    Task("1", "read code", status="completed"),
    Task("2", "wire login", status="in_progress", active_form="wiring login", owner="main"),
    Task("3", "tests", status="in_progress", owner="tests-1", blocked_by=("2",)),
    Task("4", "refresh", blocked_by=("2",), description="The handler too.\nAll of it."),
    Task("5", "changelog", blocked_by=("3", "4"), owner="lint-2"),
    Task("6", "docs", blocked_by=("1",)),
)


def wide(left: str, right: str) -> str:
    """A row of a pane of 44 cells."""
    return left + right.rjust(40 - len(left))


class CountingPane(TasksPane):
    """Counts the rows that are drawn anew."""

    built = 0

    def build(self, row: int, width: int) -> Strip:
        self.built += 1
        return super().build(row, width)


async def test_the_tree_shows_states_owners_and_what_else_is_waited_for() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS)
        await pilot.pause()
        assert stage.rows() == [
            "✔ T1 read code",
            "└○ T6 docs",
            wide("▶ T2 wiring login", "main"),
            wide("├▶ T3 tests", "tests-1"),
            wide("│└‖ T5 changelog", "⇠ T4  lint-2"),
            "└‖ T4 refresh",
        ]
        assert "Tasks 1/6" in stage.edge(top=True)


async def test_without_tasks_it_says_what_belongs_there() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(60, 10)):
        assert stage.rows() == ["No tasks yet: the agent lays them out here."]


async def test_a_long_subject_goes_on_below_and_is_cut_at_last_but_never_the_owner() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(30, 10)) as pilot:
        stage.pane.show([Task("1", "漢字" * 30, owner="main"), Task("2", "one two three four five six")])
        await pilot.pause()
        first, second, last, *others = stage.rows()
        assert first.endswith("main")
        assert "…" not in first + second
        assert last.endswith("…")
        assert others == ["○ T2 one two three four", "     five six"]


async def test_text_of_a_model_cannot_reach_the_terminal_or_break_the_row() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(60, 10)) as pilot:
        stage.pane.show([Task("1", "evil\x1b[31m\n[bold]row[/bold]", owner="\x1b]0;x\x07me")])
        await pilot.pause()
        assert stage.rows()[0].startswith("○ T1 evil [bold]row[/bold]")
        assert stage.rows()[0].endswith("me")


async def test_filters_show_only_blocked_or_ready_and_go_away_again() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS)
        await pilot.press("b")
        assert stage.rows() == [wide("‖ T5 changelog", "⇠ T4  lint-2"), "‖ T4 refresh"]
        assert "blocked only" in stage.edge(top=True)
        await pilot.press("r")
        assert stage.rows() == ["○ T6 docs"]
        await pilot.press("r")
        assert len(stage.rows()) == 6
        assert "only" not in stage.edge(top=True)


async def test_a_filter_that_finds_nothing_says_so() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS[:1])
        await pilot.press("b")
        assert stage.rows() == ["No task is blocked: b shows all again."]


async def test_enter_unfolds_the_details_of_the_task_under_the_cursor() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS)
        await pilot.press("end", "enter")
        assert stage.pane.cursor == "4"
        details = ["   The handler too.", "   All of it.", "   waits for T2", "   blocks T5"]
        assert stage.rows()[6:] == details
        await pilot.press("enter")
        assert len(stage.rows()) == 6


async def test_the_cursor_stays_on_its_task_while_others_come_and_go() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS)
        await pilot.press("j", "j", "down", "k")
        assert stage.pane.cursor == "2"
        stage.pane.show(TASKS[1:])
        assert stage.pane.cursor == "2"
        stage.pane.show(TASKS[:1])
        assert stage.pane.cursor == "1"
        stage.pane.show(())
        assert stage.pane.cursor == ""
        await pilot.press("down", "enter", "home", "end")


async def test_a_click_puts_the_cursor_there() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(TASKS)
        await pilot.pause()
        await pilot.click(TasksPane, offset=(6, 4))
        assert stage.pane.cursor == "3"


async def test_keys_are_told_only_while_they_work() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 16)) as pilot:
        assert "enter" not in stage.edge(top=False)
        stage.pane.show(TASKS)
        assert "enter details" in stage.edge(top=False)
        stage.pane.blur()
        await pilot.pause()
        assert "enter" not in stage.edge(top=False)


async def test_one_changed_task_draws_one_row_again() -> None:
    stage = Stage(CountingPane())
    tasks = [Task(str(number), f"task {number}") for number in range(1, 10_001)]
    async with stage.run_test(size=(44, 30)) as pilot:
        stage.pane.show(tasks)
        await pilot.pause()
        assert stage.pane.built < 100
        stage.pane.built = 0
        tasks[5] = Task("6", "changed")
        stage.pane.show(tasks)
        await pilot.pause()
        assert stage.pane.built == 1
        assert "○ T6 changed" in stage.rows()


async def test_find_goes_to_a_task_out_of_sight() -> None:
    stage = Stage(TasksPane())
    async with stage.run_test(size=(44, 10)) as pilot:
        stage.pane.show([Task(str(number), f"task {number}") for number in range(1, 201)])
        await pilot.pause()
        assert stage.pane.find("task 150")
        assert any("task 150" in row for row in stage.rows())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(1, 20), max_size=3), max_size=20))
def test_every_task_has_one_place_below_its_first_blocker(edges: list[list[int]]) -> None:
    tasks = [
        Task(str(number), "x", blocked_by=tuple(str(edge) for edge in each if edge < number))
        for number, each in enumerate(edges, 1)
    ]
    places = arrange(tasks)
    assert sorted(place.task.id for place in places) == sorted(task.id for task in tasks)
    order = {place.task.id: index for index, place in enumerate(places)}
    for place in places:
        assert len(place.shape) <= DEEPEST
        for parent in place.task.blocked_by[:1]:
            assert order[parent] < order[place.task.id]
            assert parent not in place.waits


def test_a_very_long_chain_is_arranged_without_recursion() -> None:
    tasks = [Task(str(n), "x", blocked_by=(str(n - 1),) if n > 1 else ()) for n in range(1, 5001)]
    assert arrange(tasks)[-1].shape == "~" + " " * (DEEPEST - 2) + "`"


async def test_only_tasks_in_view_are_laid_out_and_long_ones_below_lose_no_row() -> None:
    laid: list[str] = []

    class Watched(TasksPane):
        def lay(self, item: str, width: int) -> list[object]:
            laid.append(item)
            return super().lay(item, width)

    subject = "a subject that is far too long for a single row of this pane, number"
    tasks = tuple(Task(str(n), f"{subject} {n}") for n in range(3_000))
    stage = Stage(Watched())
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(tasks)
        await pilot.pause()
        assert len(laid) <= 14
        await pilot.press("end")
        assert stage.rows()[-1].strip() == "number 2999"
        assert stage.pane.cursor == "2999"
        await pilot.press("pageup", "pageup")
        above = stage.rows()
        assert [row.split()[1] for row in above if "○" in row] == sorted(
            row.split()[1] for row in above if "○" in row
        )
        await pilot.press("home")
        assert stage.rows()[0].startswith("○ T0 a subject")
        assert len(set(laid)) <= 80
        assert stage.pane.find("number 1500")
        await pilot.pause()
        assert any(row.strip() == "number 1500" for row in stage.rows())
        stage.pane.show((*tasks[:1500], Task("1500", "short"), *tasks[1501:]))
        await pilot.pause()
        assert any(row.startswith("○ T1500 short") for row in stage.rows())
        assert len(set(laid)) <= 100
