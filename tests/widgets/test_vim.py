"""Vim keys: what they do to plain texts, and in the prompt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck_widgets.prompt.prompt import Prompt
from nanodeck_widgets.prompt.vim.keys import Vim
from tests.widgets.prompt_stage import prompt_stage


def pressed(before: str, keys: str, vim: Vim | None = None) -> str:
    """The text after `keys` in normal mode; `|` stands before the character under the cursor."""
    at, text = before.index("|"), before.replace("|", "", 1)
    if vim is None:
        vim = Vim()
        vim.escape(text, at)
    for key in keys:
        key = "space" if key == " " else key
        if vim.mode == "insert" and key != "\x1b":
            text, at = text[:at] + key + text[at:], at + 1
            continue
        step = vim.escape(text, at) if key == "\x1b" else vim.press(key, text, at)
        if step.text is not None:
            text = text[: step.start] + step.text + text[step.end :]
        if step.at >= 0:
            at = step.at
        assert 0 <= at <= len(text)
    return f"{text[:at]}|{text[at:]}"


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("|one two three", "w", "one |two three"),
        ("|one two three", "2w", "one two |three"),
        ("one two| three", "b", "one |two three"),
        ("|foo.bar baz", "w", "foo|.bar baz"),
        ("|foo.bar baz", "W", "foo.bar |baz"),
        ("|foo.bar baz", "E", "foo.ba|r baz"),
        ("|one two", "e", "on|e two"),
        ("one |two", "0", "|one two"),
        ("|one two", "$", "one tw|o"),
        ("  on|e", "^", "  |one"),
        ("one\n|two\nthree", "gg", "|one\ntwo\nthree"),
        ("|one\ntwo", "G", "one\n|two"),
        ("one\ntw|o\nthree", "j", "one\ntwo\nth|ree"),
        ("o|ne\ntwo", "5l", "on|e\ntwo"),
        ("|one two", "ft", "one |two"),
        ("|one two", "tt", "one| two"),
        ("|a-b-c", "f-;", "a-b|-c"),
        ("|a-b-c", "2f-,", "a|-b-c"),
        ("a-b-|c", "F-", "a-b|-c"),
        ("|one two", "fz", "|one two"),
        ("|one two three", "dw", "|two three"),
        ("|one two three", "d2w", "|three"),
        ("|one two three", "2dw", "|three"),
        ("one |two", "dw", "one| "),
        ("one| two", "D", "on|e"),
        ("o|ne two", "de", "o| two"),
        ("|one two", "dtw", "|wo"),
        ("|one two", "cwx", "x| two"),
        ("one |two", "ccx", "x|"),
        ("one\n|two\nthree", "dd", "one\n|three"),
        ("one\n|two", "dd", "|one"),
        ("|one\ntwo\nthree", "dj", "|three"),
        ("|one\ntwo\nthree", "2dd", "|three"),
        ("one\n|two\nthree", "dG", "|one"),
        ("|one", "dd", "|"),
        ("|abc", "x", "|bc"),
        ("ab|c", "x", "a|b"),
        ("|abc", "2x", "|c"),
        ("ab|c", "X", "a|c"),
        ("|abc", "rz", "|zbc"),
        ("|abc", "9rz", "|abc"),
        ("|aBc", "~~", "Ab|c"),
        ("|one\n  two", "J", "one| two"),
        ("|one two", "yww", "one |two"),
        ("|one two", "ywP", "one| one two"),
        ("|ab", "xp", "b|a"),
        ("|one\ntwo", "yyp", "one\n|one\ntwo"),
        ("|one\ntwo", "ddp", "two\n|one"),
        ("|one\ntwo", "jyykP", "|two\none\ntwo"),
        ("one t|wo three", "diw", "one | three"),
        ("one t|wo three", "daw", "one |three"),
        ('say "hel|lo you" now', 'ci"x', 'say "x|" now'),
        ('say "hel|lo" now', 'da"', "say | now"),
        ("f(a, (b)|, c)", "di(", "f(|)"),
        ("f(a, (|b), c)", "dab", "f(a, |, c)"),
        ("{\n  |x\n}", "di{", "{|}"),
        ("no brackets |here", "di(", "no brackets |here"),
        ("one |two", "ix", "one x|two"),
        ("one |two", "ax", "one tx|wo"),
        ("one |two", "Ix", "x|one two"),
        ("one |two", "Ax", "one twox|"),
        ("|one", "ox", "one\nx|"),
        ("|one", "Ox", "x|\none"),
        ("|one two", "wcwx\x1b", "one |x"),
        ("|one two three", "vwd", "|wo three"),
        ("|one two three", "vey", "|one two three"),
        ("one |two three", "viwcx", "one x| three"),
        ("|one\ntwo\nthree", "Vjd", "|three"),
        ("|one two", "v\x1b", "|one two"),
        ("|one two", "vv", "|one two"),
        ("|one", "d\x1bx", "|ne"),
        ("|one", "dz", "|one"),
        ("|one", "3z", "|one"),
    ],
)
def test_keys(before: str, keys: str, after: str) -> None:
    assert pressed(before, keys) == after


KEYS = st.text("hjklwbeWBE0^$gGfFtTrxXdcyDCYsSpPvViaIAoOJ~;,12(\"' \x1bz", max_size=30)


@settings(max_examples=300, deadline=None)
@given(st.text('ab ("\n.', max_size=20), st.integers(0, 20), KEYS)
def test_any_keys_leave_the_cursor_in_the_text(text: str, at: int, keys: str) -> None:
    at = min(at, len(text))
    pressed(f"{text[:at]}|{text[at:]}", keys)


async def test_the_prompt_begins_in_insert_mode_and_sends_from_any() -> None:
    async with prompt_stage() as (app, pilot):
        prompt = app.prompt
        prompt.set_vim(True)
        app.send_bytes("one two")
        await pilot.pause()
        assert "vim insert" in app.drawn()
        assert prompt.leave_insert()
        assert not prompt.leave_insert()
        app.send_bytes("bd")
        await pilot.pause()
        assert "vim normal d" in app.drawn()
        app.send_bytes("wu")
        await pilot.pause()
        assert prompt.text == "one two"
        app.send_bytes("0vee")
        await pilot.pause()
        assert prompt.selected_text == "one two"
        app.send_bytes("y0P\r")
        await pilot.pause()
        assert [said.text for said in app.told(Prompt.Submitted)] == ["one twoone two"]
        app.send_bytes("three")
        await pilot.pause()
        assert prompt.text == "three"
        assert prompt.leave_insert()
        app.send_bytes("k")
        await pilot.pause()
        prompt.set_vim(False)
        assert not prompt.leave_insert()
        app.send_bytes("d")
        await pilot.pause()
        assert prompt.text == "threde"
