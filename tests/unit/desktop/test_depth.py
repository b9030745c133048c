"""How many colours a terminal has, by what its environment says."""

from __future__ import annotations

import pytest

from nanodeck.desktop.depth import COLOURS_16, COLOURS_256, TRUE_COLOUR, colours_of


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"COLORTERM": "truecolor", "TERM": "xterm"}, TRUE_COLOUR),
        ({"COLORTERM": "24bit", "TERM": "screen"}, TRUE_COLOUR),
        ({"TERM": "xterm-kitty"}, TRUE_COLOUR),
        ({"TERM": "foot-extra"}, TRUE_COLOUR),
        ({"TERM": "xterm-direct"}, TRUE_COLOUR),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, TRUE_COLOUR),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, COLOURS_256),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, COLOURS_256),
        ({"TERM": "xterm-256color"}, COLOURS_256),
        ({"TERM": "xterm"}, COLOURS_16),
        ({"TERM": "linux"}, COLOURS_16),
        ({"TERM": "screen", "TERM_PROGRAM": "iTerm.app"}, COLOURS_16),
        ({"TERM": "vt220", "WT_SESSION": "1"}, TRUE_COLOUR),
        ({}, COLOURS_16),
    ],
)
def test_the_environment_says_it(environment: dict[str, str], colours: str) -> None:
    assert colours_of(environment) == colours
