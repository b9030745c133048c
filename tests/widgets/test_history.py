"""Walking what was sent before."""

from __future__ import annotations

from nanodeck_widgets.prompt.history import PromptHistory
from nanodeck_widgets.prompt.prompt import Prompt
from tests.widgets.prompt_stage import prompt_stage


def test_older_goes_back_in_time_and_newer_returns_to_the_draft() -> None:
    history = PromptHistory(["one", "two"])
    assert [history.older(""), history.older(""), history.older("")] == ["two", "one", None]
    assert [history.newer(), history.newer(), history.newer()] == ["two", "", None]


def test_a_draft_is_the_prefix_of_what_is_walked() -> None:
    history = PromptHistory(["fix a", "say", "fix b"])
    assert [history.older("fix"), history.older("fix b")] == ["fix b", "fix a"]
    assert [history.newer(), history.newer()] == ["fix b", "fix"]


def test_the_same_text_is_walked_once_where_it_was_sent_last() -> None:
    history = PromptHistory(["a", "b", "a"])
    history.add("a")
    assert [history.older(""), history.older(""), history.older("")] == ["a", "b", None]


def test_what_is_loaded_late_stands_before_what_was_sent_meanwhile() -> None:
    history = PromptHistory()
    history.add("now")
    history.load(["before", "  "])
    assert [history.older(""), history.older(""), history.older("")] == ["now", "before", None]


async def test_up_at_the_first_line_recalls_and_down_at_the_last_restores_the_draft() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.load_history(["first", "second\nline"])
        await pilot.press("up")
        assert app.prompt.text == "second\nline"
        await pilot.press("up")
        assert app.prompt.text == "first"
        await pilot.press("up")
        assert app.prompt.text == "first"
        await pilot.press("down", "down")
        assert app.prompt.text == ""


async def test_a_draft_with_several_lines_is_walked_through_before_the_history() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.load_history(["a\nb older"])
        await pilot.press("a", "ctrl+j", "b", "up")
        assert app.prompt.text == "a\nb"
        assert app.prompt.cursor_location == (0, 1)
        await pilot.press("up")
        assert app.prompt.text == "a\nb older"
        await pilot.press("down")
        assert app.prompt.text == "a\nb"


async def test_a_changed_recall_is_a_draft_of_its_own() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.load_history(["one", "two"])
        await pilot.press("up", "!", "down")
        assert app.prompt.text == "two!"


async def test_what_was_sent_with_a_folded_paste_is_recalled_folded_and_sent_whole_again() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("\x1b[200~" + "z" * 900 + "\x1b[201~")
        await pilot.pause()
        await pilot.press("enter", "up")
        assert app.prompt.text == "[Paste #1: 900 chars]"
        await pilot.press("enter")
        assert [said.text for said in app.told(Prompt.Submitted)] == ["z" * 900] * 2


async def test_a_recalled_command_does_not_open_the_list_of_commands() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.load_history(["older", "/help"])
        await pilot.press("up", "up")
        assert app.prompt.text == "older"
        await pilot.press("down", "backspace")
        assert app.prompt.completion.is_open
