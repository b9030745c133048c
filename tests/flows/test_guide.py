"""First use explains itself: tips that go away once they are used, a tour of the keys, a searchable help."""

from __future__ import annotations

from nanodeck import __version__
from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Remember
from nanodeck.contracts.requests import CommandDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.contracts.views import SessionView
from nanodeck.ui.actions import ACTIONS, BY_ID
from nanodeck.ui.dialogs.tour import PAGES
from nanodeck.ui.tips import USES, next_tip
from nanodeck_widgets.keymap import Keymap
from tests.flows.conftest import Stager
from tests.flows.fake_engine import reply, said
from tests.flows.test_deck_requests import CHANGES

TOUR = "shows the keys to try out"
COPY = "copies the last reply"


def test_tips_and_tour_name_what_there_is() -> None:
    assert {use for use in USES if not use.startswith("/")} <= set(BY_ID)
    assert {action for page in PAGES for action in page.actions} <= set(BY_ID)


def test_a_tip_names_the_key_the_person_set() -> None:
    own = Keymap(ACTIONS, {"deck.cycle_mode": ("f9",)})
    assert next_tip(SessionView(), USES - {"deck.cycle_mode"}, own) == "f9 changes the mode"
    assert next_tip(SessionView(), USES, own) == ""


async def test_a_tip_goes_away_once_it_is_used_and_gives_way_to_what_waits(stage: Stager) -> None:
    async with stage() as deck:
        assert TOUR in deck.text
        await deck.type("/tour")
        await deck.press("escape", "enter")
        assert not deck.bare
        await deck.press("escape")
        assert deck.bare
        assert TOUR not in deck.text
        assert deck.app.remembered["used"] == ["/tour"]
        await deck.publish(*said("hi"), *reply("hello"))
        assert "unfolds what tools printed" in deck.text
        await deck.press("ctrl+o")
        assert f"ctrl+y {COPY}" in deck.text
        await deck.press("f6")
        assert COPY not in deck.text
        await deck.press("escape")
        assert COPY in deck.text
        shell = Request("q1", "main", "c1", CommandDetail("make", "/p"), Why("ask", "it asks", "rule"))
        await deck.publish(ev.RequestOpened(shell))
        assert COPY not in deck.text
        await deck.publish(ev.RequestClosed("q1"))
        deck.app.prefer("tips", False)
        await deck.settle()
        assert COPY not in deck.text


async def test_a_tip_comes_when_it_helps(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("hi"), ev.ChangesetProposed(CHANGES), ev.ChangesetEnded("s1", ()))
        assert "looks at the change again" in deck.text


async def test_the_tour_ticks_keys_off_and_they_do_nothing_else(stage: Stager) -> None:
    async with stage() as deck:
        assert f"nanodeck {__version__}" in deck.text
        deck.deck.run_command("tour", "")
        await deck.settle()
        assert f"1 of {len(PAGES)}" in deck.text
        await deck.press("ctrl+r", "enter", "tab", "ctrl+g")
        assert "all tried" not in deck.text
        await deck.press("ctrl+j")
        assert "all tried" in deck.text
        await deck.press("pagedown", "ctrl+x")
        assert "the leader key" in deck.text
        await deck.press("d")
        assert deck.text.count("✔") == 1
        await deck.press("pageup")
        assert "all tried" in deck.text
        for _ in PAGES:
            await deck.press("pagedown")
        assert deck.bare
        assert {type(command) for command in deck.engine.commands} == {Remember}


async def test_help_is_searched_by_typing(stage: Stager) -> None:
    async with stage() as deck:
        deck.deck.run_command("help", "undo")
        await deck.settle()
        assert "Put back the last change" in deck.text
        assert "Next pane" not in deck.text
        await deck.type("xx")
        assert "nothing fits" in deck.text
        await deck.press("escape")
        assert deck.bare
