"""Completion of files and commands."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from textual.pilot import Pilot

from nanodeck_widgets.prompt.prompt import Prompt
from nanodeck_widgets.prompt.tokens import Completion, Item, Token, ranked, token_before, written
from tests.widgets.prompt_stage import PromptStage, prompt_stage


def wanted(app: PromptStage) -> list[str]:
    return [said.pattern for said in app.told(Prompt.CompletionWanted)]


async def offered(app: PromptStage, pilot: Pilot[None], pattern: str, *values: str) -> None:
    app.area.offer(pattern, [Item(value) for value in values])
    await pilot.pause()


@pytest.mark.parametrize(
    ("before", "token"),
    [
        ("@", Token("file", "", 0)),
        ("see @src/a", Token("file", "src/a", 4)),
        ("(@x", Token("file", "x", 1)),
        ('@"my fi', Token("file", "my fi", 0)),
        ("me@host", None),
        ("@a b", None),
        ("/mo", Token("command", "mo", 0)),
        ("/usr/bin", None),
        (" /mo", None),
    ],
)
def test_what_the_cursor_stands_on(before: str, token: Token | None) -> None:
    assert token_before(before, first_line=True) == token


def test_a_slash_on_a_later_line_is_no_command() -> None:
    assert token_before("/mo", first_line=False) is None


def test_prefixes_come_before_parts_before_scattered_letters() -> None:
    items = [Item("xmodel"), Item("mxoxdx"), Item("mode"), Item("mod"), Item("other")]
    assert [item.value for item in ranked(items, "mod")] == ["mod", "mode", "xmodel", "mxoxdx"]


@given(st.lists(st.text(min_size=1, max_size=6)), st.text(max_size=4))
def test_ranking_invents_nothing(values: list[str], pattern: str) -> None:
    found = [item.value for item in ranked([Item(value) for value in values], pattern)]
    assert all(value in values for value in found)
    assert len(found) <= len(values)


def test_folders_stay_open_and_blanks_are_quoted() -> None:
    assert written("file", "src/") == "@src/"
    assert written("file", "a.py") == "@a.py "
    assert written("file", "[red]") == '@"[red]" '
    assert written("file", "my file") == '@"my file" '
    assert written("command", "help") == "/help "


def test_a_stale_answer_is_ignored() -> None:
    completion = Completion()
    assert completion.follow(Token("file", "a", 0))
    assert completion.follow(Token("file", "ab", 0))
    assert not completion.offer("a", [Item("old")])
    assert completion.offer("ab", [Item("new")])
    assert completion.choice == Item("new")


async def test_commands_are_offered_at_once_and_tab_takes_the_chosen_one() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("/", "m", "o")
        await pilot.pause()
        assert "/model" in app.drawn()
        assert "who decides" in app.drawn()
        await pilot.press("down", "tab")
        assert app.prompt.text == "/mode "
        assert not app.said


async def test_enter_takes_an_unfinished_command_and_runs_a_finished_one() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("/", "h", "enter")
        assert app.prompt.text == "/help "
        await pilot.press("backspace", "enter")
        assert [type(said) for said in app.said] == [Prompt.CommandGiven]


async def test_files_are_asked_for_key_by_key_and_the_folder_goes_on() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@", "s")
        assert wanted(app) == ["", "s"]
        await offered(app, pilot, "s", "src/", "setup.py")
        assert "src/" in app.drawn()
        await pilot.press("enter")
        assert app.prompt.text == "@src/"
        assert wanted(app)[-1] == "src/"
        await offered(app, pilot, "src/", "src/a.py")
        await pilot.press("tab")
        assert app.prompt.text == "@src/a.py "
        assert not app.prompt.completion.is_open


async def test_escape_closes_the_list_for_this_word_only_and_does_not_reach_the_deck() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@", "a")
        await offered(app, pilot, "a", "a.py")
        await pilot.press("escape")
        assert app.arrived == []
        assert "a.py" not in app.drawn()
        await pilot.press("b")
        assert wanted(app) == ["", "a"]
        await pilot.press("space", "@")
        assert wanted(app) == ["", "a", ""]


async def test_tab_before_the_answer_does_not_queue_half_a_name() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.set_busy(True)
        await pilot.press(*"see @sr", "tab")
        assert app.prompt.text == "see @sr"
        assert not app.told(Prompt.Queued)


async def test_at_most_eight_rows_are_drawn_and_the_chosen_one_is_among_them() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@")
        await offered(app, pilot, "", *(f"file{number:02}" for number in range(20)))
        assert app.drawn().count("file") - app.drawn().count("@ file") == 8
        await pilot.press(*["down"] * 12)
        assert "❯ file12" in app.drawn()
        assert "13/20" in app.drawn()


async def test_names_of_files_are_text_never_markup_or_escapes() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@")
        await offered(app, pilot, "", "[red]a\x1b[31m")
        assert "[red]a" in app.drawn()
        await pilot.press("tab")
        assert app.prompt.text == "@[red]a "


async def test_an_answer_after_the_focus_went_away_opens_nothing() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@", "a")
        app.set_focus(None)
        await pilot.pause()
        await offered(app, pilot, "a", "a.py")
        assert "a.py" not in app.drawn()


async def test_what_no_longer_fits_cannot_be_chosen_before_the_answer_is_there() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("@")
        await offered(app, pilot, "", "README.md", "src/mod.py")
        await pilot.press("m", "o", "d", "tab")
        assert app.area.prompt.text == "@src/mod.py "
        await pilot.press("@")
        await offered(app, pilot, "", "README.md", "src/mod.py")
        await pilot.press("x", "enter")
        assert [said.text for said in app.told(Prompt.Submitted)] == ["@src/mod.py @x"]
