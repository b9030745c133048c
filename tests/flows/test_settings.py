"""What the person set about keys and the deck holds at once, and what cannot hold is said."""

from __future__ import annotations

from nanodeck.contracts.commands import Queue, SavePreference, Send
from nanodeck.contracts.events import Noticed
from nanodeck.contracts.preferences import Kept, Preferences
from nanodeck.ui.dialogs.settings import SettingsScreen
from tests.flows.conftest import Stager
from tests.flows.keyboard import key_event, letters, send


async def test_keys_that_were_set_work_and_are_shown(stage: Stager) -> None:
    keys = {"deck.zoom": ("leader k",), "prompt.send": ("ctrl+s",), "prompt.newline": ("enter",)}
    async with stage(kept=Kept(keys=keys)) as deck:
        await deck.type("first")
        await deck.press("enter")
        await deck.type("second")
        assert deck.deck.area.prompt.text == "first\nsecond"
        assert "ctrl+s send" in deck.text
        await deck.press("ctrl+s")
        assert deck.commands(Send) == [Send("first\nsecond")]
        await deck.press("ctrl+x", "k")
        assert deck.deck.arrangement.zoomed
        await deck.press("f1")
        await deck.type("zoom")
        assert "ctrl+x k" in deck.text


async def test_what_cannot_hold_is_said_at_the_start_and_in_the_settings(stage: Stager) -> None:
    said = ("settings.toml:2: deck.them: no such",)
    kept = Kept(Preferences(theme="nosuch"), {"diff.accept": ("n",)}, problems=said)
    async with stage(kept=kept) as deck:
        clash = "keys.diff.accept: n is the key of diff.reject"
        assert "settings.toml:2: deck.them" in deck.text
        assert "deck.theme: there is no theme nosuch" in deck.text
        assert clash in " ".join(deck.text.replace("│", " ").split())
        await deck.press("f2")
        assert isinstance(deck.app.screen, SettingsScreen)
        assert clash in deck.text


async def test_on_a_small_screen_every_problem_can_be_read_and_every_setting_reached(stage: Stager) -> None:
    said = tuple(f"settings.toml:{number}: deck.wrong{number}: no such" for number in range(40))
    async with stage(kept=Kept(problems=said), size=(80, 24)) as deck:
        await deck.press("f2")
        seen = ""
        while said[-1] not in deck.text:
            assert deck.text != seen
            seen = deck.text
            await deck.press("pagedown")
        await deck.press("end", "enter")
        assert deck.commands(SavePreference) == [SavePreference("signs", "unicode")]
        assert "unicode" in deck.text


async def test_a_key_that_was_the_decks_edits_once_it_is_told_to(stage: Stager) -> None:
    own = {"deck.history": ("f9",), "prompt.undo": ("ctrl+r",)}
    async with stage(kept=Kept(keys=own)) as deck:
        await deck.type("one two")
        await deck.press("ctrl+r")
        assert deck.deck.area.prompt.text == "one "


async def test_a_setting_changes_at_once_and_is_kept(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("f2", "down", "enter")
        assert deck.app.preferences == Preferences(vim=True)
        assert deck.commands(SavePreference) == [SavePreference("vim", True)]
        assert deck.app.keymap.name("ctrl+d", "chat", "pane") == "half_down"
        await deck.press("space", "end", "left")
        assert deck.app.preferences == Preferences(signs="ascii")
        await deck.press("escape")
        assert deck.bare
        assert "+- 1 Chat" in deck.text
        assert [row for row in deck.text.splitlines() if not row.isascii()] == []
        await deck.press("f1")
        assert "left  ctrl+b" in deck.text
        assert "┃" not in deck.text
        await deck.press("escape", "f2", "end", "right", "escape")
        assert "┌─ 1 Chat" in deck.text


async def test_signs_that_were_set_are_drawn_from_the_first_frame_on(stage: Stager) -> None:
    async with stage(kept=Kept(Preferences(signs="ascii"))) as deck:
        await deck.fill()
        assert [row for row in deck.text.splitlines() if not row.isascii()] == []


async def test_what_goes_wrong_behind_a_dialog_is_said_over_it(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("f2")
        await deck.publish(Noticed("error", "settings.toml cannot be written"))
        assert "settings.toml cannot be written" in deck.text


async def test_keys_typed_before_a_dialog_is_there_are_the_dialogs(stage: Stager) -> None:
    async with stage() as deck:
        for key in ("f1", *letters("reject"), "escape", *letters("draft")):
            send(deck.app, key_event(key))
        await deck.settle()
        await deck.until(lambda: deck.bare and deck.deck.area.prompt.text == "draft", "the draft")
        assert deck.commands(Send) + deck.commands(Queue) == []


async def test_ctrl_c_closes_what_is_open_unless_there_is_something_to_copy(stage: Stager) -> None:
    async with stage() as deck:
        for opening in ("f2", "f1", "ctrl+p"):
            await deck.press(opening, "ctrl+c")
            await deck.until(lambda: deck.bare, f"the end of {opening}")
        await deck.press("f1")
        await deck.type("zoom")
        await deck.press("shift+home", "ctrl+c")
        assert not deck.bare
        assert deck.app.clipboard == "zoom"


async def test_a_key_right_after_the_one_that_closes_a_dialog_is_the_decks(stage: Stager) -> None:
    async with stage() as deck:
        for opening in ("f2", "f1", "ctrl+p"):
            await deck.press(opening)
            assert not deck.bare
            for key in ("escape", *letters("draft")):
                send(deck.app, key_event(key))
            await deck.until(lambda: deck.bare and deck.deck.area.prompt.text == "draft", "the draft")
            deck.deck.area.prompt.replace_text("")
