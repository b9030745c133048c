"""What the terminal says about its background, so that the deck is as light or as dark."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.message import Message

from nanodeck.ui.window import PRINTS_WHAT_IT_DOES_NOT_KNOW

ASK = "\x1b]11;?\x1b\\"
LIGHT = 0.5
_SHARES = (0.2126, 0.7152, 0.0722)
"""How much red, green and blue add to how light a colour looks."""

_PART = r"([0-9a-fA-F]{1,4})"
_ANSWER = rf"\x1b\]11;rgba?:{_PART}/{_PART}/{_PART}(?:/[0-9a-fA-F]*)?(?:\x07|\x1b\\)"
_BEGUN = r"\x1b\]1(?:1(?:;[^\x07\x1b]{0,40}\x1b?)?)?$"


class GroundTold(Message):
    """The terminal's background is light, or dark."""

    def __init__(self, *, light: bool) -> None:
        super().__init__()
        self.light = light


class GroundAnswers:
    """Takes the terminal's answers out of what is typed; cut anywhere behind their first signs."""

    def __init__(self) -> None:
        self._held = ""

    def take(self, data: str) -> tuple[str, GroundTold | None]:
        """`data` without the answer in it, and that."""
        data, self._held, told = self._held + data, "", None
        if answer := re.search(_ANSWER, data):
            told = GroundTold(light=_lightness(answer.groups()) > LIGHT)
            data = data[: answer.start()] + data[answer.end() :]
        if begun := re.search(_BEGUN, data):
            data, self._held = data[: begun.start()], begun[0]
        return data, told


def _lightness(parts: tuple[str, ...]) -> float:
    """From 0 for black to 1 for white."""
    amounts = (int(part, 16) / float(16 ** len(part) - 1) for part in parts)
    return sum(share * amount for share, amount in zip(_SHARES, amounts, strict=True))


def answers(environment: Mapping[str, str]) -> bool:
    """Whether a terminal can be asked: a few would print the question."""
    return not environment.get("TERM", "").startswith(PRINTS_WHAT_IT_DOES_NOT_KNOW)
