"""The first picture: the deck's empty frame as plain text, drawn before anything heavy is loaded."""

from __future__ import annotations

import os

SMALLEST = (60, 20)
TOO_SMALL = "nanodeck needs 60x20 at least: make the terminal larger"


def draw(columns: int, rows: int, folder: str) -> str:
    """The deck's frame for a terminal of `columns` x `rows`, lines joined by CR LF."""
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return "\r\n".join([TOO_SMALL[:columns], *[""] * (rows - 1)])
    inner = columns - 2
    title = f" nanodeck  {folder}"[:columns]
    chat = [f"┌─ 1 Chat {'─' * (inner - 8)}┐", *[f"│{' ' * inner}│"] * (rows - 8), f"└{'─' * inner}┘"]
    prompt = [f"┏{'━' * inner}┓", f"┃ ❯{' ' * (inner - 2)}┃", f"┗{'━' * inner}┛"]
    return "\r\n".join([title, *chat, *prompt, "", ""])


def shown_folder(folder: str) -> str:
    """`folder` with the home folder as `~`."""
    home = os.path.expanduser("~")
    if folder == home or folder.startswith(home.rstrip(os.sep) + os.sep):
        return "~" + folder[len(home.rstrip(os.sep)) :]
    return folder
