"""The person's own editor for a longer prompt."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile


def edit_text(text: str, suffix: str = ".md") -> tuple[str, str]:
    """What `text` became in the editor, and what went wrong (empty when nothing did). Blocks.

    `suffix` tells the editor what it is.
    """
    fallback = "notepad" if sys.platform == "win32" else "vi"
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or fallback
    try:
        handle, path = tempfile.mkstemp(prefix="nanodeck-", suffix=suffix)
    except OSError as error:
        return text, f"there is no place for a draft: {error.strerror}"
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            done = subprocess.run([*shlex.split(command), path], check=False)
        except (OSError, ValueError) as error:
            return text, f"cannot run {command}: {error} (set $EDITOR)"
        if done.returncode:
            return text, f"{command} ended with {done.returncode}: the draft is as it was"
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(), ""
    finally:
        os.unlink(path)
