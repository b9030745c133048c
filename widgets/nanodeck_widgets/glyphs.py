"""The signs panes draw with, and their ASCII set for terminals that cannot show them."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from nanodeck_widgets import pieces
from nanodeck_widgets.pieces import ascii_alone


class Glyphs(Struct, frozen=True, eq=False):
    """Signs for states and the pieces of frames; every sign is one cell wide.

    `light` and `heavy` are the pieces of frames.
    """

    done: str = "✔"
    running: str = "▶"
    paused: str = "‖"
    waiting: str = "○"
    half: str = "◐"
    failed: str = "✘"
    warning: str = "⚠"
    prompt: str = pieces.PROMPT
    folded: str = "▸"
    unfolded: str = "▾"
    bar: str = "▌"
    edge: str = "▏"
    edited: str = "✎"
    goes_on: str = "↳"
    stream: str = "▌"
    rail: str = "│"
    bullet: str = "•"
    dot: str = "·"
    down: str = "▼"
    up: str = "▲"
    left_from: str = "⇠"
    right_to: str = "⇢"
    arrow: str = "→"
    ellipsis: str = "…"
    comment: str = "❝"
    rule: str = "─"
    cross: str = "┼"
    tee: str = "├"
    corner: str = "└"
    thumb: str = "▐"
    full: str = "█"
    empty: str = "░"
    light: tuple[str, str, str, str, str, str] = pieces.LIGHT
    heavy: tuple[str, str, str, str, str, str] = pieces.HEAVY


UNICODE = Glyphs()
ASCII = Glyphs(
    done="+",
    running=">",
    paused="=",
    waiting="o",
    half="%",
    failed="x",
    warning="!",
    prompt=pieces.ASCII_PROMPT,
    folded=">",
    unfolded="v",
    bar="|",
    edge=":",
    edited="%",
    goes_on="`",
    stream="_",
    rail="|",
    bullet="*",
    dot="-",
    down="v",
    up="^",
    left_from="<",
    right_to=">",
    arrow=">",
    ellipsis="~",
    comment="#",
    rule="-",
    cross="+",
    tee="|",
    corner="`",
    thumb="#",
    full="#",
    empty=".",
    light=pieces.ASCII_LIGHT,
    heavy=pieces.ASCII_HEAVY,
)


_ASCII_WRITTEN = {
    "↑↓": "up/down",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "·": "-",
    "│": "|",
    "…": "...",
    "“": '"',
    "”": '"',
}
_choice = "auto"


def signs_for(choice: str) -> Glyphs:
    """The set called "unicode" or "ascii"; for "auto" what this process's terminal can show."""
    return {"unicode": UNICODE, "ascii": ASCII}.get(choice) or (ASCII if ascii_alone() else UNICODE)


@cache
def glyphs() -> Glyphs:
    """The set to draw with."""
    return signs_for(_choice)


def choose_signs(choice: str) -> bool:
    """Draw with these from now on; whether they are others than before."""
    global _choice
    before, _choice = glyphs(), choice
    glyphs.cache_clear()
    return glyphs() is not before


def in_signs(words: str) -> str:
    """Our own words, written with the set to draw with."""
    if glyphs() is ASCII:
        for sign, ascii_sign in _ASCII_WRITTEN.items():
            words = words.replace(sign, ascii_sign)
    return words
