"""What frames are drawn with, and whether the terminal can show it.

The first picture waits for what is imported here.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Pieces = tuple[str, str, str, str, str, str]
    """Horizontal, vertical, top left, top right, bottom left, bottom right."""

LIGHT: Pieces = ("─", "│", "┌", "┐", "└", "┘")
HEAVY: Pieces = ("━", "┃", "┏", "┓", "┗", "┛")
ASCII_LIGHT: Pieces = ("-", "|", "+", "+", "+", "+")
ASCII_HEAVY: Pieces = ("=", "#", "#", "#", "#", "#")
PROMPT, ASCII_PROMPT = "❯", ">"


def ascii_alone() -> bool:
    """Whether this process's terminal gets ASCII alone; Textual writes to the original standard error."""
    stream = sys.__stderr__ or sys.__stdout__
    return wants_ascii(os.environ, getattr(stream, "encoding", None))


def wants_ascii(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Whether the ASCII set is asked for, or all the terminal's encoding can show."""
    if environment.get("NANODECK_ASCII", "0") not in ("", "0") or environment.get("TERM") == "linux":
        # The fonts of Linux's own console have few signs.
        return True
    return (encoding or "").lower().replace("-", "").replace("_", "") not in ("utf8", "utf8sig", "utf16")
