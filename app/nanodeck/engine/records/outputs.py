"""Whole outputs on disk: what was cut from a result is kept and can be read page by page."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import Lines


def write_output(folder: Path, name: str, text: str) -> str:
    """Keep `text` in `folder` (0700/0600) and answer its path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(folder, name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return str(path)


def _path(folder: Path, name: str) -> Path:
    """Where the output of `name`, an id a model may have made up, is kept."""
    return folder / f"{re.sub('[^A-Za-z0-9_-]', '_', name)[:80]}.txt"


def page_of(text: str, first: int, limit: int) -> Lines:
    """Lines `first`.. of `text`; a negative `first` counts from the end."""
    lines = text.split("\n")
    start = max(0, len(lines) + first) if first < 0 else min(first, len(lines))
    return Lines(start, len(lines), "\n".join(lines[start : start + limit]))


def read_output(folder: Path, name: str, first: int, limit: int) -> Lines | None:
    """A page of a kept output; None when nothing was kept under `name`. Raises NanodeckError."""
    try:
        text = _path(folder, name).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NanodeckError(f"cannot read the output of {name}: {error.strerror}") from None
    return page_of(text, first, limit)
