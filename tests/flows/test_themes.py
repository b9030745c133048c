"""Choosing a theme: the deck shows each while it is looked at."""

from __future__ import annotations

import pytest

from nanodeck.contracts.commands import Remember, SavePreference
from nanodeck.contracts.preferences import Kept, Preferences
from nanodeck.ui.ground import GroundTold
from nanodeck.ui.themes import DEFAULT, DEFAULT_LIGHT
from nanodeck_widgets.palette import palette_of
from tests.flows.conftest import Stage, Stager


async def shown(deck: Stage, theme: str) -> None:
    """Wait until the deck is drawn in `theme`."""
    await deck.until(lambda: deck.app.theme == theme, f"the theme {theme}")


async def test_a_theme_is_looked_at_put_back_and_kept(stage: Stager) -> None:
    async with stage() as deck:
        assert deck.app.theme == DEFAULT
        ground = deck.deck.chat.palette.background
        await deck.type("/theme")
        await deck.press("enter")
        await deck.until(lambda: "✔ auto" in deck.text, "the list")
        await deck.type("light cont")
        await shown(deck, "high-contrast-light")
        assert deck.deck.chat.palette.background != ground
        assert deck.deck.chat.palette is palette_of(deck.app)
        await deck.press("down")
        await shown(deck, "modus-operandi")
        await deck.press("escape")
        await shown(deck, DEFAULT)
        assert deck.deck.chat.palette.background == ground
        assert deck.commands(SavePreference) == []
        await deck.type("/theme")
        await deck.press("enter")
        await deck.until(lambda: "✔ auto" in deck.text, "the list")
        await deck.type("nowhere")
        await deck.until(lambda: "no theme has these words" in deck.text, "that there is none")
        await deck.press("enter", *["backspace"] * 7)
        await deck.type("gruvbox-l")
        await deck.press("enter")
        await shown(deck, "gruvbox-light")
        await deck.until(lambda: deck.bare, "the deck")
        assert deck.commands(SavePreference) == [SavePreference("theme", "gruvbox-light")]


@pytest.mark.parametrize(
    ("typed", "theme", "said"),
    [("/theme Tokyo Night", "tokyo-night", ""), ("/theme [red]", DEFAULT, "there is no theme [red]")],
)
async def test_a_theme_can_be_named(stage: Stager, typed: str, theme: str, said: str) -> None:
    async with stage() as deck:
        await deck.type(typed)
        await deck.press("enter")
        await shown(deck, theme)
        await deck.until(lambda: said in deck.text, said)


async def test_the_deck_is_as_light_as_the_terminal_unless_a_theme_was_chosen(stage: Stager) -> None:
    async with stage() as deck:
        deck.app.post_message(GroundTold(light=True))
        await shown(deck, DEFAULT_LIGHT)
        assert deck.commands(Remember)[0] == Remember("light", True)
    async with stage(kept=Kept(remembered={"light": True})) as deck:
        assert deck.app.theme == DEFAULT_LIGHT
        deck.app.post_message(GroundTold(light=False))
        await shown(deck, DEFAULT)
    async with stage(kept=Kept(Preferences(theme="nord"))) as deck:
        deck.app.post_message(GroundTold(light=True))
        await deck.settle()
        assert deck.app.theme == "nord"
