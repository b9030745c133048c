"""Keys of the prompt: their order, what they do, what is left to the deck."""

from __future__ import annotations

from random import Random

import pytest
from textual.binding import Binding
from textual.widgets import TextArea

from nanodeck_widgets.actions import WIDGET_ACTIONS
from nanodeck_widgets.keymap import DEFAULT
from nanodeck_widgets.prompt.keys import EDITS, LEFT_TO_APP, OTHER_KEYS
from nanodeck_widgets.prompt.prompt import Prompt
from tests.widgets.prompt_stage import prompt_stage

LEFT, RIGHT, BACKSPACE, DELETE, NEWLINE, HOME, END = (
    "\x1b[D",
    "\x1b[C",
    "\x7f",
    "\x1b[3~",
    "\n",
    "\x1b[H",
    "\x1b[F",
)


class PlainEditor:
    """What the keys do to a plain text."""

    def __init__(self) -> None:
        self.text, self.at = "", 0

    def press(self, key: str) -> None:
        """Take one key."""
        text, at = self.text, self.at
        line_start = text.rfind("\n", 0, at) + 1
        line_end = text.find("\n", at) if "\n" in text[at:] else len(text)
        if key == LEFT:
            self.at = max(0, at - 1)
        elif key == RIGHT:
            self.at = min(len(text), at + 1)
        elif key == HOME:
            # First to where the words begin, then to the very start.
            line = text[line_start:line_end]
            words = line_start + (len(line) - len(line.lstrip()) if line.strip() else 0)
            self.at = words if at == line_start or at > words else line_start
        elif key == END:
            self.at = line_end
        elif key == BACKSPACE:
            self.text, self.at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        elif key == DELETE:
            self.text = text[:at] + text[at + 1 :]
        else:
            self.text, self.at = text[:at] + key + text[at:], at + 1


KEYS = ["a", "b", " ", "é", "漢", LEFT, RIGHT, BACKSPACE, DELETE, NEWLINE, HOME, END]
CHUNKS, TOGETHER = 4_000, 500


async def test_keys_keep_their_order_however_a_terminal_cuts_them_into_chunks() -> None:
    random = Random(3)
    # So wide that no line is folded: home and end would mean the folded ones.
    async with prompt_stage(width=300) as (app, pilot):
        for _ in range(CHUNKS // TOGETHER):
            plain = PlainEditor()
            chunks = [random.choices(KEYS, k=random.choice((1, 1, 1, 2))) for _ in range(TOGETHER)]
            for chunk in chunks:
                app.send_bytes("".join(chunk))
                for key in chunk:
                    plain.press(key)
            await pilot.pause()
            row, column = app.prompt.cursor_location
            before = app.prompt.text.split("\n")[:row]
            at = sum(len(line) + 1 for line in before) + column
            assert (app.prompt.text, at) == (plain.text, plain.at), chunks
            app.prompt.take()


@pytest.mark.parametrize(
    ("chunk", "text"),
    [
        (f"abcde{LEFT}X", "abcdXe"),
        (f"ab{BACKSPACE}{BACKSPACE}cd{BACKSPACE}e", "ce"),
        ("one two\x17three", "one three"),
        ("abc\x15d", "d"),
        (f"abc{LEFT}{LEFT}\x0bx", "ax"),
        ("ab\x01c", "cab"),
    ],
)
async def test_type_ahead_gives_what_slow_typing_gives(chunk: str, text: str) -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes(chunk)
        await pilot.pause()
        assert app.prompt.text == text


async def test_a_line_sent_in_the_same_chunk_as_the_next_does_not_mix_with_it() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("first\rsecond\rthird")
        await pilot.pause()
        assert [message.text for message in app.told(Prompt.Submitted)] == ["first", "second"]
        assert app.prompt.text == "third"


def test_every_editing_key_of_the_text_area_is_run_here_or_left_to_the_deck() -> None:
    known = {
        key for binding in TextArea.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
    }
    ours = {key for name in EDITS for key in DEFAULT.keys(f"prompt.{name}")}
    # Undo and redo have other keys here.
    assert known - {"super+z", "super+y", "super+c"} <= ours | set(OTHER_KEYS) | LEFT_TO_APP
    assert all(hasattr(Prompt, f"action_{name}") for name, _ in (*OTHER_KEYS.values(), *EDITS.values()))


def test_every_action_of_the_prompt_can_be_done() -> None:
    names = {action.name for action in WIDGET_ACTIONS if action.where == "prompt"}
    assert names == {"send", "queue", "newline", *EDITS}


async def test_no_key_of_the_prompt_is_a_binding_that_could_be_overtaken() -> None:
    async with prompt_stage() as (app, _):
        assert not app.prompt._bindings.key_to_bindings


@pytest.mark.parametrize("key", sorted({*LEFT_TO_APP, "escape", "pageup"}))
async def test_the_decks_keys_reach_it_from_inside_a_written_prompt(key: str) -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"some text", key)
        assert app.arrived == [key]
        assert app.prompt.text == "some text"


@pytest.mark.parametrize("keys", [["shift+enter"], ["ctrl+j"], ["\\", "enter"]])
async def test_a_new_line_can_be_written(keys: list[str]) -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("a", *keys, "b")
        assert app.prompt.text == "a\nb"
        assert not app.said


async def test_enter_sends_and_an_empty_prompt_sends_nothing() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press("enter", "space", "enter", *"hi", "enter", "enter")
        assert [message.text for message in app.told(Prompt.Submitted)] == [" hi"]


async def test_tab_queues_while_the_agent_works_and_does_nothing_at_rest() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"later", "tab")
        assert app.prompt.text == "later"
        assert not app.said
        app.area.set_busy(True)
        await pilot.press("tab", "tab")
        assert [message.text for message in app.told(Prompt.Queued)] == ["later"]
        assert app.focused is app.prompt


async def test_hints_say_what_enter_and_tab_do_now() -> None:
    async with prompt_stage() as (app, pilot):
        assert "enter send ┃" in app.drawn()
        app.area.set_busy(True)
        await pilot.pause()
        assert "enter steer · tab queue · esc stop ┃" in app.drawn()


@pytest.mark.parametrize(("lines", "height"), [(1, 1), (3, 3), (8, 8), (30, 8)])
async def test_the_prompt_grows_with_its_text_up_to_eight_lines(lines: int, height: int) -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("\n".join("x" for _ in range(lines)))
        await pilot.pause()
        assert app.prompt.size.height == height


async def test_page_keys_move_in_a_prompt_that_is_higher_than_its_room() -> None:
    async with prompt_stage() as (app, pilot):
        app.send_bytes("\n".join(str(number) for number in range(30)))
        await pilot.pause()
        await pilot.press("pageup")
        assert app.prompt.cursor_location[0] < 29
        assert not app.arrived


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/help", "help", ""),
        ("/model  qwen 3 ", "model", "qwen 3"),
        ("/nothing of ours", "nothing", "of ours"),
        ("/?", "?", ""),
    ],
)
async def test_a_slash_word_is_a_command_even_an_unknown_one(text: str, name: str, argument: str) -> None:
    async with prompt_stage() as (app, pilot):
        app.prompt.replace_text(text)
        await pilot.press("escape", "enter")
        (given,) = app.told(Prompt.CommandGiven)
        assert isinstance(given, Prompt.CommandGiven)
        assert (given.name, given.argument) == (name, argument)
        assert not app.told(Prompt.Submitted)


@pytest.mark.parametrize("text", ["/usr/bin/x is broken", "// look", "say /help"])
async def test_a_path_is_text(text: str) -> None:
    async with prompt_stage() as (app, pilot):
        app.prompt.replace_text(text)
        await pilot.press("escape", "enter")
        assert [message.text for message in app.told(Prompt.Submitted)] == [text]


async def test_a_draft_stays_while_the_focus_is_elsewhere() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"half a thought")
        app.set_focus(None)
        await pilot.pause()
        assert "draft kept" in app.drawn()
        app.prompt.focus()
        await pilot.press("!")
        assert app.prompt.text == "half a thought!"


async def test_waiting_texts_are_listed_above_the_prompt() -> None:
    async with prompt_stage() as (app, pilot):
        app.area.show_queue(["use\nsqlite"], ["one", "two", "three", "four"])
        await pilot.pause()
        drawn = app.drawn()
        assert "steer  ↳ use sqlite" in drawn
        assert "queued » two" in drawn
        assert "three" not in drawn
        assert "2 more" in drawn
        app.area.show_queue([], [])
        await pilot.pause()
        assert "queued" not in app.drawn()


async def test_texts_that_come_back_stand_before_the_draft() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"draft")
        app.prompt.give_back(["first", "second"])
        assert app.prompt.text == "first\nsecond\ndraft"
        assert app.prompt.cursor_location == (2, 5)


async def test_a_selection_is_cut_and_undo_brings_it_back() -> None:
    async with prompt_stage() as (app, pilot):
        await pilot.press(*"one two", "ctrl+shift+left", "ctrl+w")
        assert app.prompt.text == "one "
        assert app.clipboard == "two"
        await pilot.press("ctrl+underscore")
        assert app.prompt.text == "one two"


async def test_deleting_to_the_ends_of_a_line_takes_all_rows_it_is_wrapped_to() -> None:
    async with prompt_stage() as (app, pilot):
        app.prompt.put("first\n" + "word " * 60)
        await pilot.press("ctrl+u")
        assert app.prompt.text == "first\n"
        await pilot.press("ctrl+u")
        assert app.prompt.text == "first"
        app.prompt.put("word " * 60 + "\nlast")
        await pilot.press("ctrl+home", "ctrl+k")
        assert app.prompt.text == "\nlast"
