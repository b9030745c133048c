"""Vim keys in the deck's prompt, by the setting."""

from __future__ import annotations

from nanodeck.contracts.commands import Cancel, Send
from nanodeck.contracts.preferences import Kept, Preferences
from tests.flows.conftest import Stager
from tests.flows.fake_engine import said


async def test_escape_leaves_insert_mode_before_it_stops_the_turn(stage: Stager) -> None:
    async with stage(kept=Kept(Preferences(vim=True))) as deck:
        assert "vim insert" in deck.text
        await deck.type("fix the bug")
        await deck.press("escape")
        assert "vim normal" in deck.text
        await deck.type("daw?")
        assert deck.deck.area.prompt.text == "fix the"
        assert deck.bare
        await deck.press("escape", "escape")
        assert deck.deck.area.prompt.text == "fix the"
        await deck.press("enter")
        assert deck.commands(Send) == [Send("fix the")]
        await deck.publish(*said("fix the"))
        await deck.press("escape")
        assert deck.commands(Cancel) == []
        await deck.press("escape")
        assert deck.commands(Cancel) == [Cancel()]
