"""Pastes: line ends, folding, marks that behave as one unit, expansion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from textual import events

from nanodeck_widgets.prompt.pastes import FOLD_ABOVE, Pastes, normalised
from nanodeck_widgets.prompt.prompt import Prompt
from tests.widgets.prompt_stage import PromptStage, prompt_stage

LONG = "x" * 4210
MARK = "[Paste #1: 4,210 chars]"


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def submitted(app: PromptStage) -> list[tuple[str, str]]:
    return [(said.text, said.shown) for said in app.told(Prompt.Submitted)]


@pytest.mark.parametrize("text", ["a\r\nb\r\nc", "a\rb\rc", "a\nb\nc"])
async def test_every_kind_of_line_end_arrives_as_a_new_line(text: str) -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(pasted(text))
        await pilot.pause()
        assert app.prompt.text == "a\nb\nc"


async def test_a_long_paste_is_folded_before_it_reaches_the_document_and_sent_whole() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(f"look: {pasted(LONG)} ok?")
        await pilot.pause()
        assert app.prompt.text == f"look: {MARK} ok?"
        await pilot.press("enter")
        assert submitted(app) == [(f"look: {LONG} ok?", f"look: {MARK} ok?")]


async def test_a_paste_of_the_limit_stays_as_it_is() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(pasted("y" * FOLD_ABOVE))
        await pilot.pause()
        assert app.prompt.text == "y" * FOLD_ABOVE


async def test_five_thousand_lines_take_one_line_of_the_document() -> None:
    async with prompt_stage() as (app, pilot):
        text = "\n".join(f"line {number}" for number in range(5000))
        app.send_bytes(pasted(text))
        await pilot.pause()
        assert app.prompt.document.line_count == 1
        await pilot.press("enter")
        assert submitted(app)[0][0] == text


@pytest.mark.parametrize("keys", [["backspace"], ["left", "delete"], ["ctrl+w"]])
async def test_a_mark_is_deleted_as_a_whole_and_its_paste_is_dropped(keys: list[str]) -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(f"a {pasted(LONG)}")
        await pilot.pause()
        await pilot.press(*keys, *"b", "enter")
        assert submitted(app) == [("a b", "a b")]


async def test_the_cursor_steps_over_a_mark_and_never_stands_inside() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(f"a{pasted(LONG)}b")
        await pilot.pause()
        await pilot.press("left", "left")
        assert app.prompt.cursor_location == (0, 1)
        await pilot.press("right")
        assert app.prompt.cursor_location == (0, 1 + len(MARK))
        app.prompt.move_cursor((0, 5))
        assert app.prompt.cursor_location[1] in (1, 1 + len(MARK))


async def test_selecting_part_of_a_mark_and_typing_replaces_all_of_it() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(f"a{pasted(LONG)}b")
        await pilot.pause()
        await pilot.press("left", "shift+left", "z")
        assert app.prompt.text == "azb"


async def test_undo_brings_a_deleted_paste_back() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(pasted(LONG))
        await pilot.pause()
        await pilot.press("backspace", "ctrl+underscore", "enter")
        assert submitted(app) == [(LONG, MARK)]


async def test_escapes_in_a_paste_never_reach_the_terminal() -> None:
    async with prompt_stage() as (app, pilot):
        app.post_message(events.Paste("red \x1b[31mtext\x1b[0m \x07"))
        await pilot.pause()
        assert app.prompt.text == "red text ␇"


async def test_the_editor_gets_the_whole_text_and_known_pastes_are_folded_again() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(f"a {pasted(LONG)}")
        await pilot.pause()
        assert app.prompt.whole_text == f"a {LONG}"
        app.prompt.replace_text(f"changed {LONG}!")
        assert app.prompt.text == f"changed {MARK}!"
        await pilot.press("enter")
        assert submitted(app) == [(f"changed {LONG}!", f"changed {MARK}!")]


async def test_something_typed_that_looks_like_a_mark_is_sent_as_it_stands() -> None:
    async with prompt_stage() as (app, pilot):
        app.prompt.replace_text(MARK)
        await pilot.press("enter")
        assert submitted(app) == [(MARK, MARK)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(min_size=1, max_size=40)), max_size=5))
def test_expanding_gives_back_what_was_folded(parts: list[tuple[str, str]]) -> None:
    pastes = Pastes()
    plain = [(before.replace("[", "("), paste) for before, paste in parts]
    shown = "".join(before + pastes.fold(paste) for before, paste in plain)
    assert pastes.expand(shown) == "".join(before + paste for before, paste in plain)


@given(st.text())
def test_normalised_text_has_no_carriage_return(text: str) -> None:
    assert "\r" not in normalised(text)
