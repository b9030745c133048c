"""Searching what was sent before, in a list above the prompt."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck_widgets.prompt.prompt import NOTHING_SENT, Prompt
from nanodeck_widgets.prompt.searching import HistorySearch
from tests.widgets.prompt_stage import prompt_stage

SENT = ["fix the login", "run the Tests", "fix the\ntests", "fix the login"]


def found(query: str) -> tuple[str, ...]:
    search = HistorySearch(SENT)
    search.look_for(query)
    return search.matches


def test_words_narrow_the_list_newest_first_each_text_once() -> None:
    assert found("") == ("fix the login", "fix the\ntests", "run the Tests")
    assert found("tests") == ("fix the\ntests", "run the Tests")
    assert found("Tests") == ("run the Tests",)
    assert found("the fix") == ("fix the login", "fix the\ntests")
    assert found("nowhere") == ()


@given(st.lists(st.text("ab A", max_size=5)), st.text("ab A", max_size=4), st.lists(st.integers(-3, 3)))
def test_what_is_selected_is_always_there(entries: list[str], query: str, steps: list[int]) -> None:
    search = HistorySearch(entries)
    for step in steps:
        search.move(step)
    search.look_for(query)
    assert search.choice in search.matches if search.matches else search.choice is None


async def test_a_text_is_found_and_taken_or_left() -> None:
    async with prompt_stage() as (app, pilot):
        prompt = app.prompt
        prompt.search_history()
        await pilot.pause()
        assert [said.reason for said in app.told(Prompt.Refused)] == [NOTHING_SENT]
        app.area.load_history(SENT)
        app.send_bytes("draft @a")
        await pilot.pause()
        prompt.search_history()
        app.send_bytes("tesx\x7f")
        await pilot.pause()
        assert "Sent before: tes" in app.drawn()
        assert "fix the tests" in app.drawn()
        assert "2 lines" in app.drawn()
        prompt.search_history()
        await pilot.pause()
        app.send_bytes("\r")
        await pilot.pause()
        assert (prompt.text, "Sent before" in app.drawn()) == ("run the Tests", False)
        app.send_bytes("\x1f")
        await pilot.pause()
        assert prompt.text == "draft @a"
        prompt.search_history()
        app.send_bytes("\x1b[200~nowhere\nat all\x1b[201~")
        await pilot.pause()
        assert "nothing holds all of these words" in app.drawn()
        app.send_bytes("\x15log\x1b")
        await pilot.pause()
        await pilot.press("escape")
        assert not prompt.has_list
        assert prompt.text == "draft @a"
        prompt.search_history()
        app.set_focus(None)
        await pilot.pause()
        assert not prompt.has_list
