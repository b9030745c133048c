"""U7: copying with the mouse and with the keyboard alone, and leaving the mouse to the terminal."""

from __future__ import annotations

import threading

import pytest

from nanodeck.contracts.commands import Cancel, Decide
from nanodeck.contracts.events import JobStarted, RequestOpened
from nanodeck.contracts.queries import ExportSession, ReadOutput
from nanodeck.contracts.requests import CommandDetail, Request
from nanodeck.engine.records.outputs import page_of
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import FakeEngine, reply, said


def cell_of(deck: Stage, words: str) -> tuple[int, int]:
    """Where `words` stand on the screen."""
    y = next(number for number, row in enumerate(deck.rows) if words in row)
    return deck.rows[y].index(words), y


async def test_u7_a_drag_copies_and_says_so_and_ctrl_c_is_for_the_turn_again(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *reply("first words\n\nlast words", ends=False))
        heard = deck.hear()
        x, y = cell_of(deck, "first words")
        await deck.drag((x + 6, y), (x + 3, y + 2))
        assert deck.app.clipboard == "words\n\nlast"
        assert heard == ["copied 11 characters"]
        await deck.press("ctrl+c")
        assert deck.commands(Cancel) == []
        await deck.press("ctrl+c")
        assert deck.commands(Cancel) == [Cancel()]


async def test_u7_with_keys_alone_rows_of_the_chat_are_copied_and_escape_lets_go(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), *reply("first words\n\nlast words"))
        await deck.press("f6", "ctrl+shift+home", "shift+down", "ctrl+y")
        assert deck.at("chat")
        assert "first words" in deck.app.clipboard
        await deck.press("shift+up", "escape")
        assert deck.at("chat")
        await deck.press("escape")
        assert deck.at("prompt")


async def test_u7_f7_leaves_the_mouse_to_the_terminal_and_says_which_key_takes_it_back(stage: Stager) -> None:
    async with stage() as deck:
        heard = deck.hear()
        await deck.type("a draft")
        await deck.press("f7")
        assert not deck.app.has_mouse
        assert deck.rows[-1].startswith(" f7 take the mouse back")
        assert heard == ["the mouse is the terminal's: select with it, f7 takes it back"]
        await deck.press("f7")
        assert deck.app.has_mouse
        assert "take the mouse back" not in deck.rows[-1]
        assert deck.deck.area.prompt.text == "a draft"


async def test_no_escape_sequence_of_a_model_gets_into_the_clipboard(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("a"), *reply("```\nls \x1b[201~\nrm -r x\ud800\n```"))
        for words in ("/copy code", "/copy"):
            await deck.type(words)
            await deck.press("escape", "enter")
            assert "rm -r x<d800>" in deck.app.clipboard
            assert "\x1b" not in deck.app.clipboard


async def test_a_page_opens_without_the_deck_waiting_and_is_copied_where_none_can(
    stage: Stager, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, bool]] = []
    here = threading.get_ident()
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append((url, threading.get_ident() == here)))
    async with stage() as deck:
        monkeypatch.setattr("nanodeck.ui.reaching.has_browser", lambda environment: True)
        deck.app.open_url("https://a.b/1")
        await deck.until(lambda: opened == [("https://a.b/1", False)], "the page")
        monkeypatch.setattr("webbrowser.open", lambda url: 1 / 0)
        heard = deck.hear()
        deck.app.open_url("https://a.b/3")
        await deck.until(lambda: heard == ["https://a.b/3 was not opened: division by zero"], "what is said")
        monkeypatch.setattr("nanodeck.ui.reaching.has_browser", lambda environment: False)
        deck.app.open_url("https://a.b/2")
        assert (deck.app.clipboard, len(opened)) == ("https://a.b/2", 1)


async def test_slash_copy_takes_the_last_reply_an_earlier_one_or_its_code(stage: Stager) -> None:
    async with stage() as deck:
        heard = deck.hear()
        await deck.type("/copy code")
        await deck.press("enter")
        assert heard == ["there is no code to copy yet"]
        await deck.publish(*said("a"), *reply("with code:\n```py\nx = 1\n```"))
        await deck.publish(*said("b", 2), *reply("without", 2))
        for argument, copied in (
            ("", "without"),
            (" 2", "with code:\n```py\nx = 1\n```"),
            (" code", "x = 1"),
        ):
            await deck.type(f"/copy{argument}")
            await deck.press("escape", "enter")
            assert deck.app.clipboard == copied
        for argument, words in (
            (" 9", "there are not 9 replies to copy yet"),
            (" zero", "a number or the word code"),
        ):
            await deck.type(f"/copy{argument}")
            await deck.press("escape", "enter")
            assert words in heard[-1]
            assert deck.app.clipboard == "x = 1"


async def test_slash_export_says_where_it_was_written_or_why_not(stage: Stager) -> None:
    async with stage() as deck:
        heard = deck.hear()
        deck.engine.answers[ExportSession] = lambda query: f"/p/{query.path or 'named-by-itself.md'}"
        for argument, written in (("", "named-by-itself.md"), (" my notes.md", "my notes.md")):
            await deck.type(f"/export{argument}")
            await deck.press("escape", "enter")
            await deck.until(lambda: f"written: /p/{written}" in heard, written)  # noqa: B023 (called at once)
        del deck.engine.answers[ExportSession]
        await deck.type("/export x")
        await deck.press("escape", "enter")
        await deck.until(lambda: "the fake engine has no answer" in heard, "the reason")


async def test_u7_what_asks_is_copied_whole_and_unanswered(stage: Stager) -> None:
    async with stage() as deck:
        detail = CommandDetail("make all \\\n  -j 4", "/p")
        await deck.publish(*said("work"), RequestOpened(Request("q1", "main", "c1", detail)))
        await deck.press("ctrl+x", "!", "ctrl+y")
        assert deck.app.clipboard == detail.command
        assert deck.at("approval")
        assert deck.commands(Decide) == []


async def test_an_output_is_copied_whole_though_only_its_ends_were_read(stage: Stager) -> None:
    engine = FakeEngine()
    lines = [f"line\t{number}" for number in range(2_600)]
    engine.answers[ReadOutput] = lambda query: page_of("\n".join(lines), query.first, query.limit)
    async with stage(engine) as deck:
        heard = deck.hear()
        await deck.publish(*said("work"), JobStarted("job-1", "make", "/p", 0.0))
        await deck.press("ctrl+x", "j", "enter")
        await deck.until(lambda: "line    2599" in deck.text, "the end of the output")
        await deck.press("ctrl+shift+home", "ctrl+c")
        await deck.until(lambda: bool(heard), "the copy")
        assert deck.app.clipboard == "\n".join(f"line    {number}" for number in range(2_600))
