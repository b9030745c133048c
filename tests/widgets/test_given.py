"""Texts that are no prompts: shell commands, notes, slash commands."""

from __future__ import annotations

import pytest

from nanodeck_widgets.prompt.given import command_in, is_note, shell_in
from nanodeck_widgets.prompt.prompt import NO_SHELL_COMMAND, NOTES_RESERVED, Prompt
from tests.widgets.prompt_stage import prompt_stage


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("!ls -l", ("ls -l", True)),
        ("!! ls", ("ls", False)),
        ("!", ("", True)),
        ("!for f in *\ndo echo $f\ndone", ("for f in *\ndo echo $f\ndone", True)),
        (" !important", None),
        ("why!", None),
        ("", None),
    ],
)
def test_what_is_a_shell_command(text: str, shell: tuple[str, bool] | None) -> None:
    assert shell_in(text) == shell


def test_a_path_is_no_slash_command() -> None:
    assert command_in("/usr/bin/env") is None
    assert command_in("/model a b") == ("model", "a b")


def test_a_note_is_one_line() -> None:
    assert is_note("# remember the tests")
    assert not is_note("# Title\n\nand a text below it")
    assert not is_note("#12 is broken")


async def test_signs_at_the_start_decide_where_a_text_goes() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("!pytest -q @x")
        await pilot.pause()
        assert "the model is told" in app.drawn()
        assert not app.told(Prompt.CompletionWanted)
        app.send_bytes("\r!! ls\r")
        await pilot.pause()
        commands = [(said.command, said.joins) for said in app.told(Prompt.ShellGiven)]
        assert commands == [("pytest -q @x", True), ("ls", False)]
        assert "the model is" not in app.drawn()
        app.send_bytes("!\r")
        await pilot.pause()
        app.send_bytes("\x7f# note\r")
        await pilot.pause()
        assert [said.reason for said in app.told(Prompt.Refused)] == [NO_SHELL_COMMAND, NOTES_RESERVED]
        assert app.prompt.text == "# note"
        app.send_bytes("\x1b[A\x1b[A")
        await pilot.pause()
        assert app.prompt.text == "# note"
