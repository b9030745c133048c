"""Undo and redo in the prompt: words, not letters or seconds; nothing that was put there is lost."""

from __future__ import annotations

from tests.widgets.prompt_stage import prompt_stage

UNDO = "\x1f"


async def test_a_word_is_undone_at_once_and_comes_back() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("one two  three")
        await pilot.pause()
        texts = []
        for _ in range(4):
            app.send_bytes(UNDO)
            await pilot.pause()
            texts.append(app.prompt.text)
        assert texts == ["one two  ", "one ", "", ""]
        await pilot.press("ctrl+shift+z", "ctrl+shift+z")
        assert app.prompt.text == "one two  "
        app.send_bytes("x\x7f\x7f")
        await pilot.pause()
        app.send_bytes(UNDO)
        await pilot.pause()
        assert app.prompt.text == "one two  x"


async def test_a_draft_that_was_replaced_comes_back_and_a_sent_one_does_not() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.load_history(["draft of long ago"])
        app.send_bytes("draft")
        await pilot.pause()
        app.send_bytes("\x1b[A")
        await pilot.pause()
        assert app.prompt.text == "draft of long ago"
        app.send_bytes(UNDO)
        await pilot.pause()
        assert app.prompt.text == "draft"
        app.send_bytes("\r" + UNDO)
        await pilot.pause()
        assert app.prompt.text == ""
