"""U6: with the mouse off everything is reachable; with it on, what the wheel and a click do."""

from __future__ import annotations

from textual.events import MouseScrollUp

from nanodeck.contracts.preferences import Kept, Preferences
from nanodeck.ui.actions import ACTIONS
from nanodeck.ui.dialogs.help import HelpScreen
from nanodeck_widgets.keymap import Keymap
from tests.flows.conftest import Stager

NO_MOUSE = Kept(Preferences(mouse=False))


def test_u6_every_action_has_a_key_and_takes_another() -> None:
    assert [action.id for action in ACTIONS if not action.keys and not action.vim] == []
    for action in ACTIONS:
        keymap = Keymap(ACTIONS, {action.id: ("f12",)})
        assert keymap.problems == ()
        assert keymap.keys(action.id) == ("f12",)


async def test_u6_without_a_mouse_every_pane_is_reached_and_says_its_keys(stage: Stager) -> None:
    async with stage(kept=NO_MOUSE) as deck:
        assert not deck.app.has_mouse
        await deck.fill()
        await deck.type("draft")
        for place, title in (
            ("chat", "Chat"),
            ("diff", "Diff and review"),
            ("tasks", "Tasks"),
            ("jobs", "Jobs"),
        ):
            await deck.press("f6")
            assert deck.at(place)
            await deck.press("?")
            await deck.until(lambda: isinstance(deck.app.screen, HelpScreen), "the help")
            await deck.until(lambda: title in deck.text, title)  # noqa: B023 (called at once)
            await deck.press("escape")
        await deck.press("f6")
        assert deck.at("prompt")
        assert deck.deck.area.prompt.text == "draft"


async def test_u6_links_are_opened_with_the_keyboard(stage: Stager) -> None:
    async with stage(kept=NO_MOUSE) as deck:
        opened: list[str] = []
        deck.app.open_url = lambda url, *, new_tab=True: opened.append(url)  # type: ignore[method-assign]
        heard = deck.hear()
        await deck.press("ctrl+x", "l")
        await deck.until(lambda: heard == ["there are no links in the conversation yet"], "what is said")
        await deck.fill()
        await deck.press("ctrl+x", "l")
        await deck.until(lambda: "https://a.b/39" in deck.text and not deck.bare, "the links")
        await deck.press("down", "enter")
        await deck.until(lambda: opened == ["https://a.b/38"], "the link before the last")
        await deck.press("ctrl+x", "l")
        await deck.until(lambda: not deck.bare, "the links again")
        await deck.press("escape")
        await deck.until(lambda: deck.bare, "the deck")
        assert len(opened) == 1


async def test_the_wheel_scrolls_what_is_under_it_and_a_click_gives_the_focus(stage: Stager) -> None:
    async with stage() as deck:
        await deck.fill()
        chat = deck.deck.chat
        before = chat.top
        assert deck.at("prompt")
        await deck.pilot._post_mouse_events([MouseScrollUp], chat, (9, 9))
        await deck.settle()
        assert chat.top == before - 3
        assert deck.at("prompt")
        await deck.pilot.click(deck.deck.tasks, offset=(4, 1))
        assert deck.at("tasks")
        await deck.pilot.click(deck.deck.area.prompt)
        assert deck.at("prompt")
