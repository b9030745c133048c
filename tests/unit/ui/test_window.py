"""What a terminal is told around the deck: title, bell, notifications."""

from __future__ import annotations

import pytest

from nanodeck.ui.window import Window, notification


@pytest.mark.parametrize(
    ("environment", "data"),
    [
        ({"TERM": "xterm-256color"}, "\x1b]9;nanodeck: done\a"),
        ({"TERM": "xterm-kitty"}, "\x1b]9;nanodeck: done\a"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\x1b]777;notify;nanodeck;done\a"),
        ({"TERM": "foot"}, "\x1b]777;notify;nanodeck;done\a"),
        ({"TERM": "rxvt-unicode-256color"}, "\x1b]777;notify;nanodeck;done\a"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, "\x1bPtmux;\x1b\x1b]9;nanodeck: done\a\x1b\\"),
        ({"TERM": "linux"}, ""),
    ],
)
def test_each_terminal_is_told_in_the_one_way_it_knows(environment: dict[str, str], data: str) -> None:
    assert notification("done", environment) == data


def test_a_title_is_written_once_and_again_after_the_shell_and_taken_back_when_not_wanted() -> None:
    told: list[str] = []
    window = Window(told.append, {})
    window.name("")
    window.name("a")
    window.name("a")
    assert told == ["\x1b]2;a\x1b\\"]
    window.name_again()
    assert told == ["\x1b]2;a\x1b\\"] * 2
    window.name("")
    assert told[2:] == ["\x1b[23;2t\x1b[22;2t"]
    window.name_again()
    assert len(told) == 3
