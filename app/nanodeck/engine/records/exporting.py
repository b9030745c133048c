"""Writing a session's conversation to a file of the person's choice."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.views import SessionView
from nanodeck.engine.records.document import document
from nanodeck.store.private import FILE_MODE

NAME_LENGTH = 40


def export_session(state: SessionView, path: str, redact: Callable[[str], str]) -> str:
    """Write the document to a new file at `path`, keys left out; answers where. Raises NanodeckError.

    A relative path starts in the shell's folder, which is also where an unnamed one goes. Blocks.
    """
    now = time.localtime()
    # Unlike those of Path these two never raise.
    target = Path(state.cwd or state.folder, os.path.expanduser(path.strip() or "."))
    if os.path.isdir(target):
        target = target / f"{_name(redact(state.title))}-{time.strftime('%Y%m%d-%H%M%S', now)}.md"
    text = redact(document(state, time.strftime("written %Y-%m-%d %H:%M", now)))
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except FileExistsError:
        raise NanodeckError(f"{target}: exists already", "give another name: /export NAME") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NanodeckError(f"{target}: cannot be written: {reason}") from None
    return str(target)


def _name(title: str) -> str:
    """A file's name out of what was said first."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return words[:NAME_LENGTH].strip("-") or "session"
