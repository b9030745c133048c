"""What the prompt looks like when its surroundings change."""

from __future__ import annotations

from rich.style import Style

from tests.widgets.prompt_stage import PromptStage, prompt_stage


def style_of(app: PromptStage, word: str) -> Style | None:
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if word in segment.text:
                return segment.style
    return None


async def test_another_theme_recolours_what_is_written() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"hello")
        before = style_of(app, "hello")
        app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        after = style_of(app, "hello")
        assert before is not None
        assert after is not None
        assert (before.color, before.bgcolor) != (after.color, after.bgcolor)


async def test_a_disabled_prompt_looks_disabled_and_keeps_its_draft() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"hello")
        before = style_of(app, "hello")
        app.prompt.disabled = True
        await pilot.pause()
        assert style_of(app, "hello") != before
        assert app.prompt.text == "hello"


async def test_the_cursor_does_not_blink_in_an_idle_deck() -> None:
    async with prompt_stage() as (app, _):
        assert not app.prompt.cursor_blink


async def test_a_very_long_text_from_the_editor_is_folded_and_sent_whole() -> None:
    async with prompt_stage() as (app, pilot):
        text = "word " * 20_000
        app.prompt.replace_text(text)
        assert len(app.prompt.text) < 100
        assert app.prompt.whole_text == text
        await pilot.pause()
