"""The first picture: the deck's empty frame as plain text, drawn before anything heavy is loaded."""

from __future__ import annotations

import os

from nanodeck_widgets import pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST = (60, 20)
GROUND = (72, 76, 82, 17, 20, 26)
"""Red, green, blue of the frame and of the background where nothing is known: of the theme `nanodeck`."""
TOO_SMALL = "nanodeck needs 60x20 at least: enlarge the terminal"


def draw(columns: int, rows: int, folder: str, ground: Sequence[int] = ()) -> str:
    """The deck's frame for a terminal of `columns` x `rows`, lines joined by CR LF.

    `ground` is red, green, blue of the frame and of the background.
    """
    lines = "\r\n".join(f"{line:<{columns}}" for line in _lines(columns, rows, folder))
    return _colours(ground or GROUND) + lines


def _lines(columns: int, rows: int, folder: str) -> list[str]:
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return [TOO_SMALL[:columns], *[""] * (rows - 1)]
    light, heavy, sign = pieces.LIGHT, pieces.HEAVY, pieces.PROMPT
    if pieces.ascii_alone():
        light, heavy, sign = pieces.ASCII_LIGHT, pieces.ASCII_HEAVY, pieces.ASCII_PROMPT
    title = f" nanodeck  {folder}"[:columns]
    chat = _box(columns, rows - 9, light, f"{light[0]} 1 Chat ")
    prompt = _box(columns, 2, heavy, "")
    prompt[1] = f"{heavy[1]} {sign}{' ' * (columns - 4)}{heavy[1]}"
    return [title, *chat, *prompt, "", ""]


def _colours(ground: Sequence[int]) -> str:
    """The deck's frame and ground where the terminal can show them, so that nothing flashes."""
    if os.environ.get("COLORTERM", "").lower() not in ("truecolor", "24bit") or "NO_COLOR" in os.environ:
        return ""
    return "\x1b[38;2;{};{};{};48;2;{};{};{}m".format(*ground)


def _box(columns: int, rows: int, lines: Sequence[str], title: str) -> list[str]:
    across, down, top_left, top_right, bottom_left, bottom_right = lines
    return [
        f"{top_left}{title}{across * (columns - 2 - len(title))}{top_right}",
        *[f"{down}{' ' * (columns - 2)}{down}"] * rows,
        f"{bottom_left}{across * (columns - 2)}{bottom_right}",
    ]


def shown_folder(folder: str) -> str:
    """`folder` with the home folder as `~`."""
    home = os.path.expanduser("~")
    if folder == home or folder.startswith(home.rstrip(os.sep) + os.sep):
        return "~" + folder[len(home.rstrip(os.sep)) :]
    return folder
