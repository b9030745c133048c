"""The jobs pane: what runs, for how long, what it said; stopping asks once."""

from __future__ import annotations

import pytest
from textual import on
from textual.strip import Strip

from nanodeck.contracts.views import JobView
from nanodeck_widgets.jobs.pane import JobsPane, elapsed, last_lines
from tests.widgets.items_stage import Stage

JOBS = (
    JobView("job-1", "npm test", ".", 1000.0, "done", 0, 12.0, "ok 12 tests\n"),
    JobView("job-2", "npm run dev", ".", 1000.0, tail="compiling\nready on :3000\n\n"),
    JobView("job-3", "make", ".", 900.0, "failed", 2, 65.0, "error: x\n"),
    JobView("job-4", "sleep 5", ".", 900.0, "stopped", 143, 5000.0),
    JobView("job-5", "sleep 9", ".", 900.0, "failed", None, 9.0),
)


class Clock:
    """A wall clock that is set by hand."""

    time = 1070.0

    def __call__(self) -> float:
        return self.time


class LoudPane(JobsPane):
    """Remembers its messages and counts the rows that are drawn anew."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(now=clock)
        self.said: list[tuple[str, str]] = []
        self.built: list[int] = []

    @on(JobsPane.StopWanted)
    def _hear_stop(self, message: JobsPane.StopWanted) -> None:
        self.said.append(("stop", message.job))

    @on(JobsPane.OpenWanted)
    def _hear_open(self, message: JobsPane.OpenWanted) -> None:
        self.said.append(("open", message.job))

    def build(self, row: int, width: int) -> Strip:
        self.built.append(row)
        return super().build(row, width)


async def test_jobs_show_state_time_exit_code_and_their_last_line() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.pause()
        assert stage.rows() == [
            "▶ job-2 npm run dev                 1:10",
            "  ready on :3000",
            "✘ job-5 sleep 9          timed out  0:09",
            "✘ job-4 sleep 5         stopped  1:23:20",
            "✘ job-3 make                exit 2  1:05",
            "  error: x",
            "✔ job-1 npm test            exit 0  0:12",
            "  ok 12 tests",
        ]
        assert "Jobs 1▶ 1✔ 2✘" in stage.edge(top=True)


async def test_without_jobs_it_says_what_belongs_there() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(80, 10)):
        assert stage.rows() == ["No jobs: commands that the agent runs in the background appear here."]


async def test_enter_wants_the_output_of_the_job_under_the_cursor() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.press("enter", "end", "enter")
        assert stage.pane.said == [("open", "job-2"), ("open", "job-1")]


async def test_stopping_asks_once() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.press("x")
        assert "x again to stop job-2" in stage.edge(top=False)
        await pilot.press("space", "x")
        assert stage.pane.said == []
        await pilot.press("x")
        assert stage.pane.said == [("stop", "job-2")]
        assert "again" not in stage.edge(top=False)


async def test_what_has_ended_cannot_be_stopped() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.press("down", "x", "x")
        assert stage.pane.said == []


async def test_a_job_that_ends_takes_its_question_back() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.press("x")
        stage.pane.show(JOBS[:1])
        assert "again" not in stage.edge(top=False)


async def test_space_unfolds_the_last_lines() -> None:
    stage = Stage(LoudPane(Clock()))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.press("space")
        assert stage.rows()[1:3] == ["  compiling", "  ready on :3000"]


async def test_the_clock_draws_only_rows_of_jobs_that_run() -> None:
    clock = Clock()
    stage = Stage(LoudPane(clock))
    async with stage.run_test(size=(44, 16)) as pilot:
        stage.pane.show(JOBS)
        await pilot.pause()
        stage.pane.built.clear()
        clock.time += 5
        stage.pane.relay()
        await pilot.pause()
        assert stage.pane.built == [0]
        assert stage.rows()[0].endswith("1:15")


async def test_a_new_line_of_one_job_draws_one_row() -> None:
    stage = Stage(LoudPane(Clock()))
    jobs = [JobView(f"job-{number}", "tail -f", ".", 1000.0, tail="x\n") for number in range(50)]
    async with stage.run_test(size=(44, 120)) as pilot:
        stage.pane.show(jobs)
        await pilot.pause()
        stage.pane.built.clear()
        jobs[7] = JobView("job-7", "tail -f", ".", 1000.0, tail="x\nnew\n")
        stage.pane.show(jobs)
        await pilot.pause()
        assert stage.pane.built == [15]


def test_last_lines_leave_out_blank_ones_and_terminal_escapes() -> None:
    assert last_lines("a\n\n\x1b[31mb\x1b[0m\n  \n", 2) == ["a", "b"]
    assert last_lines("\n", 3) == []


@pytest.mark.parametrize(
    ("seconds", "told"), [(-1, "0:00"), (0.9, "0:00"), (65, "1:05"), (3599, "59:59"), (3723, "1:02:03")]
)
def test_durations_read_like_a_clock(seconds: float, told: str) -> None:
    assert elapsed(seconds) == told
