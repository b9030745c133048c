"""The signs panes draw with, and their ASCII set for terminals that cannot show them."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import NamedTuple


class Glyphs(NamedTuple):
    """Signs for states and the pieces of frames; every sign is one cell wide.

    `light` and `heavy` are frame pieces in the order: horizontal, vertical, top left, top right,
    bottom left, bottom right.
    """

    done: str = "✔"
    running: str = "▶"
    paused: str = "‖"
    waiting: str = "○"
    failed: str = "✘"
    warning: str = "⚠"
    prompt: str = "❯"
    folded: str = "▸"
    unfolded: str = "▾"
    bar: str = "▌"
    stream: str = "▌"
    rail: str = "│"
    bullet: str = "•"
    dot: str = "·"
    down: str = "▼"
    up: str = "▲"
    left_from: str = "⇠"
    arrow: str = "→"
    ellipsis: str = "…"
    rule: str = "─"
    cross: str = "┼"
    tee: str = "├"
    corner: str = "└"
    thumb: str = "█"
    full: str = "█"
    empty: str = "░"
    light: tuple[str, str, str, str, str, str] = ("─", "│", "┌", "┐", "└", "┘")
    heavy: tuple[str, str, str, str, str, str] = ("━", "┃", "┏", "┓", "┗", "┛")


UNICODE = Glyphs()
ASCII = Glyphs(
    done="+",
    running=">",
    paused="=",
    waiting="o",
    failed="x",
    warning="!",
    prompt=">",
    folded=">",
    unfolded="v",
    bar="|",
    stream="_",
    rail="|",
    bullet="*",
    dot="-",
    down="v",
    up="^",
    left_from="<",
    arrow=">",
    ellipsis="~",
    rule="-",
    cross="+",
    tee="|",
    corner="`",
    thumb="#",
    full="#",
    empty=".",
    light=("-", "|", "+", "+", "+", "+"),
    heavy=("=", "#", "#", "#", "#", "#"),
)


def wants_ascii(environment: dict[str, str], encoding: str | None) -> bool:
    """Whether the ASCII set is asked for, or all the terminal's encoding can show."""
    if environment.get("NANODECK_ASCII", "0") not in ("", "0"):
        return True
    return (encoding or "").lower().replace("-", "").replace("_", "") not in ("utf8", "utf8sig", "utf16")


@cache
def glyphs() -> Glyphs:
    """The set for this process's terminal; Textual writes to the original standard error."""
    stream = sys.__stderr__ or sys.__stdout__
    return ASCII if wants_ascii(dict(os.environ), getattr(stream, "encoding", None)) else UNICODE
