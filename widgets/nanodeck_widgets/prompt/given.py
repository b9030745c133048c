"""What a text in the prompt means by its first characters: a prompt, a slash command, a shell command."""

from __future__ import annotations

import re
from typing import Literal

Meaning = Literal["prompt", "shell", "shell-apart"]

_COMMAND = r"(?s)/([A-Za-z?][\w?-]*)(?:\s+(.*))?$"


def command_in(text: str) -> tuple[str, str] | None:
    """Name and argument when `text` is a command; a path such as `/usr/bin/x` is not one."""
    given = re.match(_COMMAND, text.strip())
    return (given[1], (given[2] or "").strip()) if given else None


def meaning_of(text: str) -> Meaning:
    """What a text that begins with `text` is; a blank before the sign makes it a prompt."""
    if text.startswith("!!"):
        return "shell-apart"
    return "shell" if text.startswith("!") else "prompt"


def shell_in(text: str) -> tuple[str, bool] | None:
    """The shell command in `text`, maybe empty, and whether its output joins the context."""
    meaning = meaning_of(text)
    return None if meaning == "prompt" else (text.lstrip("!").strip(), meaning == "shell")


def is_note(text: str) -> bool:
    """Whether `text` is one line `# note`; a Markdown text that starts with a heading is a prompt."""
    return text.startswith("# ") and "\n" not in text.strip()
