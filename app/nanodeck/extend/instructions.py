"""Instruction files: AGENTS.md and CLAUDE.md, the person's own and the project's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

FILE_LIMIT = 32 * 1024
TOTAL_LIMIT = 96 * 1024
MOST_BYTES = 1 << 18
"""Nothing behind it counts, not even for whether a file is what it was."""

_FOLDER_NAMES = ("AGENTS.md", "agents.md", "CLAUDE.md", "claude.md")
_PROJECT_NAMES = (
    "AGENTS.md",
    "CLAUDE.md",
    *(f".nanodeck/{name}" for name in _FOLDER_NAMES),
    *(f".nanocode/{name}" for name in _FOLDER_NAMES),
)
_HOME_NAMES = (*(f".nanocode/{name}" for name in _FOLDER_NAMES), ".claude/CLAUDE.md")


class Instruction(NamedTuple):
    """One instruction file and its text."""

    path: str
    text: str


def find_instructions(
    folder: Path, config: Path, home: Path | None = None, allows: Callable[[Path, bytes], bool] | None = None
) -> list[Instruction]:
    """Instructions that hold in `folder`: the person's, then from the repository's root down.

    `config` is the person's nanodeck folder; of the repository only what `allows` lets through counts. Each
    file comes once, links and copies included; links out of the repository, empty files and what is no UTF-8
    text are passed over. A file gives 32 KB at most, all together 96 KB; what is cut off is said.
    """
    found: list[Instruction] = []
    seen: set[tuple[int, int]] = set()
    left = TOTAL_LIMIT
    for path, within in _candidates(folder.resolve(), config, home or Path.home()):
        text = _read(path, within, seen, min(FILE_LIMIT, left), allows if within else None)
        if text and all(text != other.text for other in found):
            found.append(Instruction(str(path), text))
            left -= len(text.encode())
        if left <= 0:
            break
    return found


def project_instructions(folder: Path) -> list[Path]:
    """The instruction files that the project around `folder` has, its root's first."""
    seen: set[tuple[int, int]] = set()
    found = ((path, within) for path, within in _of_project(folder.resolve()))
    return [path for path, within in found if _read(path, within, seen, FILE_LIMIT)]


def _candidates(folder: Path, config: Path, home: Path) -> Iterator[tuple[Path, Path | None]]:
    """Where instructions can be, each with the folder its links must not leave."""
    for name in _FOLDER_NAMES:
        yield config / name, None
    for name in _HOME_NAMES:
        yield home / name, None
    yield from _of_project(folder)


def _of_project(folder: Path) -> Iterator[tuple[Path, Path]]:
    root = next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
    inner = [parent for parent in (folder, *folder.parents) if parent.is_relative_to(root)]
    for parent in reversed(inner):
        for name in _PROJECT_NAMES:
            yield parent / name, root


def _read(
    path: Path,
    within: Path | None,
    seen: set[tuple[int, int]],
    limit: int,
    allows: Callable[[Path, bytes], bool] | None = None,
) -> str:
    """The text of a file that was not seen yet, empty when it does not count."""
    try:
        real = path.resolve(strict=True)
        if within and not real.is_relative_to(within):
            return ""
        # Not blocking: a pipe of that name must not hold up the start.
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            identity = (status.st_dev, status.st_ino)
            if not stat.S_ISREG(status.st_mode) or identity in seen:
                return ""
            seen.add(identity)
            data = file.read(MOST_BYTES)
    except (OSError, RuntimeError, ValueError):
        return ""
    if allows and not allows(path, data):
        return ""
    return _text(data[: limit + 1], limit, status.st_size)


def _text(data: bytes, limit: int, size: int) -> str:
    """UTF-8 text up to `limit` bytes, with what is missing said; empty when it is not text."""
    cut = len(data) > limit
    try:
        text = data[:limit].decode("utf-8-sig", "ignore" if cut else "strict").strip()
    except UnicodeDecodeError:
        return ""
    if b"\0" in data:
        return ""
    return f"{text}\n[cut: the first {limit:,} of {size:,} bytes]" if cut and text else text
