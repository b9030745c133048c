"""The lines above and below the panes at the widths they have to live with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from nanodeck_widgets.status import Hint, HintLine, StateBar, StateFacts, Tab, TitleBar, TitleFacts
from nanodeck_widgets.status.line import StatusLine
from nanodeck_widgets.status.state import elapsed, thousands

TABS = (Tab("chat", "Chat"), Tab("diff", "Diff", "·3", lit=True), Tab("tasks", "Tasks", "2/7"))


class Lines(App[None]):
    """All three lines."""

    def __init__(self) -> None:
        super().__init__()
        self.title_bar, self.state, self.hints = TitleBar(), StateBar(), HintLine()
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self.state
        yield self.hints

    def on_title_bar_tab_chosen(self, message: TitleBar.TabChosen) -> None:
        self.chosen.append(message.name)

    def on_title_bar_requests_wanted(self) -> None:
        self.chosen.append("requests")


@asynccontextmanager
async def lines(width: int) -> AsyncIterator[Lines]:
    app = Lines()
    async with app.run_test(size=(width, 10)):
        yield app


def shown(line: StatusLine) -> str:
    return line.render_lines(line.size.region)[0].text


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_every_line_is_exactly_as_wide_as_the_terminal(width: int) -> None:
    async with lines(width) as app:
        app.title_bar.show(TitleFacts("~/a/long/path/to/the/project", "main", waiting=2, tabs=TABS))
        app.state.show(StateFacts(model="local/model", context=49_000, work="busy", since=1.0, jobs=2))
        app.hints.show((Hint("f1", "help"),) * 40)
        for line in (app.title_bar, app.state, app.hints):
            assert cell_len(shown(line)) == width


async def test_the_title_gives_up_the_folder_before_tabs_and_badge() -> None:
    async with lines(60) as app:
        facts = TitleFacts("~/a/very/long/path/to/some/project", "main", waiting=1, tabs=TABS, active="diff")
        app.title_bar.show(facts)
        text = shown(app.title_bar)
        assert "[Diff·3]" in text
        assert "Tasks 2/7" in text
        assert "⚠ 1" in text
        assert "very/long" not in text


async def test_the_title_shortens_the_folder_to_its_name_when_that_fits() -> None:
    async with lines(80) as app:
        app.title_bar.show(TitleFacts("~/a/very/very/long/path/to/some/project", "main", tabs=TABS))
        assert "…/project" in shown(app.title_bar)


async def test_tabs_and_the_badge_answer_to_the_mouse() -> None:
    app = Lines()
    async with app.run_test(size=(80, 10)) as pilot:
        app.title_bar.show(TitleFacts("~/p", waiting=1, tabs=TABS, active="chat"))
        text = shown(app.title_bar)
        for word in ("Tasks", "⚠"):
            await pilot.click(TitleBar, offset=(text.index(word), 0))
        assert app.chosen == ["tasks", "requests"]


async def test_the_state_line_leaves_out_what_matters_least() -> None:
    facts = StateFacts(
        model="provider/a-model-with-a-long-name",
        context=49_000,
        work="asking",
        since=1.0,
        steer=1,
        queued=2,
        jobs=2,
        tasks=7,
        tasks_done=2,
        waiting=1,
    )
    async with lines(200) as app:
        app.state.show(facts)
        for word in ("a-model", "ctx 49k", "asking", "steer 1 queue 2", "jobs 2", "tasks 2/7", "1 approval"):
            assert word in shown(app.state)
    async with lines(60) as app:
        app.state.show(facts)
        for word in ("NORMAL", "asking", "1 approval"):
            assert word in shown(app.state)
        assert "tasks" not in shown(app.state)


async def test_the_sandbox_s_level_is_in_the_state_line_at_every_width() -> None:
    facts = StateFacts(
        mode="auto-accept",
        model="provider/a-model-with-a-long-name",
        context=49_000,
        work="asking",
        doing="running bash",
        jobs=2,
        tasks=7,
        waiting=1,
        sandbox="sandbox 2",
        sandbox_access="workspace-write",
    )
    async with lines(200) as app:
        app.state.show(facts)
        assert "sandbox 2 workspace-write │" in shown(app.state)
    for width in (120, 80, 60):
        async with lines(width) as app:
            app.state.show(facts)
            assert "sandbox 2 │" in shown(app.state)


async def test_a_long_error_does_not_push_the_sandbox_out_of_the_state_line() -> None:
    async with lines(60) as app:
        app.state.show(StateFacts(model="local/model", sandbox="no sandbox", trouble="x" * 90))
        assert "no sandbox" in shown(app.state)


async def test_the_state_line_counts_the_turn_and_the_wait_for_a_retry() -> None:
    async with lines(120) as app:
        app.state.clock = lambda: 161.0
        app.state.show(StateFacts(work="busy", since=100.0))
        assert "busy 1:01" in shown(app.state)
        app.state.show(StateFacts(work="busy", since=100.0, retry_at=170.0, retry_reason="overloaded"))
        assert "retry in 9 s: overloaded" in shown(app.state)
        app.state.clock = lambda: 165.0
        app.state.tick()
        assert "retry in 5 s" in shown(app.state)


async def test_yolo_and_the_scripted_model_are_said_in_words() -> None:
    async with lines(80) as app:
        app.state.show(StateFacts(mode="yolo", scripted=True))
        assert "YOLO" in shown(app.state)
        assert "SCRIPTED" in shown(app.state)


async def test_hints_are_whole_or_not_there() -> None:
    async with lines(60) as app:
        app.hints.show(tuple(Hint(f"k{number}", "does something") for number in range(9)))
        text = shown(app.hints).rstrip()
        assert text.endswith("does something")


def test_clocks_and_counts_are_short() -> None:
    assert [elapsed(seconds) for seconds in (0, 59.9, 61, 3661)] == ["0:00", "0:59", "1:01", "1:01:01"]
    assert [thousands(count) for count in (0, 950, 3100, 49_000)] == ["0", "950", "3.1k", "49k"]


async def test_of_a_known_window_the_share_is_said_and_stands_out_when_it_is_nearly_full() -> None:
    async with lines(120) as app:
        app.state.show(StateFacts(model="local/model", context=49_000, window=128_000))
        assert "ctx 38% of 128k" in shown(app.state)
        calm = app.state.words(120)
        app.state.show(StateFacts(model="local/model", context=120_000, window=128_000))
        full = app.state.words(120)
        assert [word.style for word in calm if "ctx" in word.text] == [app.state.palette.muted]
        assert [word.style for word in full if "ctx" in word.text] == [app.state.palette.warning]
