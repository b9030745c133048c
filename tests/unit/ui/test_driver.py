"""What keys come out of the bytes a terminal sends."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from textual import events

if sys.platform == "win32":
    pytest.skip("the driver is for POSIX terminals", allow_module_level=True)

from hypothesis import given, settings, strategies as st

from nanodeck.ui.driver import DeckParser


def keys_of(*chunks: str) -> list[str]:
    parser = DeckParser()
    found = [message for chunk in chunks for message in parser.feed(chunk)]
    return [message.key for message in found if isinstance(message, events.Key)]


@pytest.mark.parametrize(
    "chunks",
    [("\x1b\r",), ("\x1b", "\r"), ("\x1b\n",), ("\x1b[13;2u",), ("\x1b[27;2;13~",), ("\x1b[27;3;13~",)],
)
def test_shift_or_alt_with_return_is_a_new_line_and_never_a_send(chunks: tuple[str, ...]) -> None:
    assert keys_of(*chunks) == ["shift+enter"]


def test_keys_around_it_keep_their_order() -> None:
    assert keys_of("a\x1b\rb\r") == ["a", "shift+enter", "b", "enter"]


def test_other_sequences_are_as_they_were() -> None:
    assert keys_of("\x1b[A\x1b[13;2u\n") == ["up", "shift+enter", "ctrl+j"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1by", "alt+y"),
        ("\x1b[121;3u", "alt+y"),
        ("\x1b[27;3;121~", "alt+y"),
        ("\x1b[27;5;121~", "ctrl+y"),
        ("\x1b[27;7;121~", "alt+ctrl+y"),
        ("\x1b.", "alt+full_stop"),
    ],
)
def test_a_key_with_alt_or_ctrl_is_not_the_character_it_writes_alone(sent: str, key: str) -> None:
    parser = DeckParser()
    (event,) = (one for data in (sent, "") for one in parser.feed(data) if isinstance(one, events.Key))
    assert (event.key, event.character) == (key, None)


def test_keys_with_alt_that_are_held_down_are_no_text() -> None:
    assert keys_of("\x1bd\x1bd\x1b[A\x1by\x1bOQ") == ["alt+d", "alt+d", "up", "alt+y", "f2"]
    assert keys_of("\x1bb\x1bf") == ["ctrl+left", "ctrl+right"]


@pytest.mark.parametrize("sent", ["\x1b[1:3u", "\x1b[121;3:3u", "\x1b[9999999u", "\x1b[97;;99999999999u"])
def test_numbers_that_are_no_key_are_passed_over(sent: str) -> None:
    assert keys_of(sent, "a") == ["a"]


def test_a_lone_escape_is_known_to_be_undecided() -> None:
    parser = DeckParser()
    assert not parser.in_sequence
    list(parser.feed("\x1b"))
    assert parser.in_sequence
    list(parser.feed("[A"))
    assert not parser.in_sequence


def heard(*chunks: str) -> list[str]:
    """Keys by their names, pastes in angle brackets."""
    parser = DeckParser()
    found = [message for chunk in chunks for message in parser.feed(chunk)]
    return [f"<{one.text}>" if isinstance(one, events.Paste) else getattr(one, "key", "?") for one in found]


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("one\rtwo\r\nthree", "one\ntwo\nthree"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1by\x1b\x1b[A\x1b]52;c;eA==\x07 end", "end"),
        ("a\x1b[200~b", "ab"),
        ("bell\x07 nul\0", "bell␇ nul"),
        ("\x1b", "␛"),
        ("x\x1b[20", "x20"),
    ],
)
def test_what_is_in_a_paste_is_text_and_never_a_key(pasted: str, text: str) -> None:
    found = heard(f"a\x1b[200~{pasted}\x1b[201~b")
    assert [found[0], found[-1]] == ["a", "b"]
    assert len(found) == 3
    assert found[1].strip("<>").endswith(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["\x1b", "[200~", "[201~", "[", "y", "\r", "\x07", "]52;c;", "é"]), max_size=12),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_a_paste_is_the_same_wherever_the_bytes_are_cut(pieces: list[str], cuts: list[int]) -> None:
    pasted = "".join(pieces).replace("\x1b[201~", "")
    sent = f"a\x1b[200~{pasted}\x1b[201~b"
    places = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    chunks = [sent[start:end] for start, end in pairwise(places) if end > start]
    assert heard(*chunks) == heard(sent)
    assert [key for key in heard(*chunks) if not key.startswith("<")] == ["a", "b"]
