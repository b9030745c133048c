"""A folder as text: for `ls`, for reading a folder, for the map of a project."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct, field

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import show_controls
from nanodeck.workspace.finding.ignores import Ignores

ENTRIES_LIMIT = 500
_NESTED_LIMIT = 100


def list_folder(path: Path, depth: int = 1) -> str:
    """The content of `path` down to `depth` levels: folders first with a '/', deeper levels indented.

    What .gitignore leaves out is counted, not shown; past 500 entries in all or 100 in a nested folder
    the rest is counted, too. Raises ToolError when the folder cannot be read.
    """
    drawn = _Drawn()
    try:
        _draw(path, Ignores.around(path), depth, "", drawn)
    except OSError as error:
        raise ToolError(f"cannot list {path}: {error.strerror}") from None
    lines = drawn.lines or ["(empty folder)"]
    if drawn.over:
        lines.append(f"({drawn.over:,} more entries not shown: list a folder below, or use glob)")
    if drawn.ignored:
        lines.append(f"({drawn.ignored:,} ignored by .gitignore not shown)")
    return "\n".join(lines)


def folder_items(path: Path, most_bytes: int) -> list[tuple[str, int]]:
    """What is in `path` and not ignored, folders first with a '/', each with its size in bytes.

    A file counts at most `most_bytes`, a folder as much as the list of its names. Raises OSError.
    """
    entries, _ = _visible(path, Ignores.around(path))
    return [(entry.name + "/" * entry.is_dir(), min(_size(entry), most_bytes)) for entry in entries]


def top_entries(path: Path) -> list[str]:
    """Names in `path` that are not ignored, folders first with a '/'; empty when it cannot be read."""
    try:
        entries, _ = _visible(path, Ignores.around(path))
    except OSError:
        return []
    return [_shown(entry) for entry in entries]


class _Drawn(Struct):
    lines: list[str] = field(default_factory=list)
    over: int = 0
    ignored: int = 0


def _draw(path: Path, around: Ignores, depth: int, indent: str, drawn: _Drawn) -> None:
    entries, ignored = _visible(path, around)
    drawn.ignored += ignored
    rules = around.within(str(path))
    for number, entry in enumerate(entries):
        if len(drawn.lines) >= ENTRIES_LIMIT:
            drawn.over += len(entries) - number
            return
        if indent and number >= _NESTED_LIMIT:
            drawn.lines.append(f"{indent}({len(entries) - number:,} more)")
            return
        drawn.lines.append(indent + _shown(entry))
        if depth > 1 and entry.is_dir(follow_symlinks=False):
            try:
                _draw(Path(entry.path), rules, depth - 1, indent + "  ", drawn)
            except OSError as error:
                drawn.lines.append(f"{indent}  (cannot be listed: {error.strerror})")


def _visible(path: Path, around: Ignores) -> tuple[list[os.DirEntry[str]], int]:
    """Entries of `path`, folders first, and how many more are ignored. Raises OSError."""
    rules = around.within(str(path))
    with os.scandir(path) as found:
        entries = [entry for entry in found if entry.name != ".git"]
    kept = [e for e in entries if not rules.leave_out(e.path, e.is_dir(follow_symlinks=False))]
    kept.sort(key=lambda entry: (not entry.is_dir(), entry.name.casefold(), entry.name))
    return kept, len(entries) - len(kept)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        if entry.is_dir():
            return sum(len(name) + 1 for name in os.listdir(entry.path))
        return entry.stat().st_size
    except OSError:
        return 0


def _shown(entry: os.DirEntry[str]) -> str:
    name = show_controls(entry.name).replace("\n", "␊").replace("\t", "␉")
    if entry.is_symlink():
        try:
            target = show_controls(os.readlink(entry.path)).replace("\n", "␊")
        except OSError:
            target = "?"
        return f"{name}{'/' * entry.is_dir()} -> {target}"
    return name + "/" * entry.is_dir()
