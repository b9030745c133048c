"""`/copy` in lines: the desktop's clipboard, tmux's, or else what the terminal makes of it."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from itertools import islice

from nanodeck.contracts.text import clean, counted
from nanodeck.core.fences import last_code
from nanodeck.core.replies import replies
from nanodeck.desktop.clipboard import clipboards, fill
from nanodeck.faces.plain.talk import Talk

SCREEN = 1
SILENT = ("", "dumb", "unknown", "linux")
"""Terminals that would print what asks for their clipboard, or know of none."""


async def copy_reply(talk: Talk, argument: str) -> None:
    """Copy the last reply, the n-th last, or the last code."""
    if argument.lower() == "code":
        text, missing = last_code(replies(talk.state)), "There is no code to copy yet."
    elif not argument or (argument.isdecimal() and int(argument)):
        nth = int(argument or 1)
        text = next(islice(replies(talk.state), nth - 1, None), "")
        missing = "There is no reply to copy yet." if nth == 1 else f"There are not {nth} replies yet."
    else:
        talk.say("/copy takes a number or the word code.")
        return
    talk.say(await _copied(clean(text)) if text else missing)


async def _copied(text: str) -> str:
    size = counted(len(text), "character")
    if await asyncio.to_thread(fill, clipboards(os.environ), text):
        return f"Copied: {size}."
    if os.isatty(SCREEN) and os.environ.get("TERM", "") not in SILENT:
        os.write(SCREEN, b"\x1b]52;c;" + b64encode(text.encode(errors="replace")) + b"\a")
        return f"Handed to the terminal's clipboard: {size}."
    return "No clipboard can be reached from here; /export writes the conversation to a file."
