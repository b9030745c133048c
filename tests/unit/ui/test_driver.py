"""What keys come out of the bytes a terminal sends."""

from __future__ import annotations

import sys

import pytest
from textual import events

if sys.platform == "win32":
    pytest.skip("the driver is for POSIX terminals", allow_module_level=True)

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


def test_a_lone_escape_is_known_to_be_undecided() -> None:
    parser = DeckParser()
    assert not parser.in_sequence
    list(parser.feed("\x1b"))
    assert parser.in_sequence
    list(parser.feed("[A"))
    assert not parser.in_sequence
