"""What of a workspace stays read-only to commands that may write in it, and what of it they never see.

The names are those of `core.guarded`; git folders are followed to where they really are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.core.guarded import guard_of, is_secret

_DEPTH = 3
_MOST_FOLDERS = 2_000
_HEAVY_NAMES = "node_modules __pycache__ venv target dist build vendor site-packages"
_HEAVY = frozenset(_HEAVY_NAMES.split())
_POINTER = "gitdir:"


class Protected(Struct, frozen=True):
    """Paths in a workspace, no link in any: `kept` stay as they are, `masked` look empty."""

    kept: tuple[Path, ...]
    masked: tuple[Path, ...]


def protected_in(root: Path) -> Protected:
    """What to protect in the workspace `root`. Raises ToolError where a link makes that impossible."""
    kept: set[Path] = set()
    masked: set[Path] = set()
    for path, hidden in _guarded(root):
        if hidden:
            masked.add(Path(os.path.realpath(path)))
            continue
        if path.is_symlink():
            raise ToolError(
                f"the sandbox cannot protect {path.relative_to(root)}: it is a symbolic link",
                "replace the link by what it points to, or let commands run without the sandbox",
            )
        kept.add(path)
        if path.name == ".git":
            kept.update(git_folders(path))
    inside = (path for path in kept if path.is_relative_to(root) and path != root and path.exists())
    return Protected(tuple(sorted(inside)), tuple(sorted(masked)))


def git_folders(entry: Path) -> Iterator[Path]:
    """Where the git folder or `gitdir:` file `entry` really keeps what it has, worktrees' entries too."""
    store = entry
    if entry.is_file() and (pointed := _pointed(entry)):
        yield (store := pointed)
    if common := _text(store / "commondir"):
        yield (store := Path(os.path.realpath(store / common)))
    for worktree in _entries(store / "worktrees"):
        if place := _text(Path(worktree.path) / "gitdir"):
            yield Path(os.path.realpath(place))


def _pointed(entry: Path) -> Path | None:
    text = _text(entry)
    if not text.startswith(_POINTER):
        return None
    return Path(os.path.realpath(entry.parent / text.removeprefix(_POINTER).strip()))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return ""


def _guarded(root: Path) -> Iterator[tuple[Path, bool]]:
    """What is guarded in `root`, not too deep in it, and whether it is to be hidden."""
    level = [root]
    left = _MOST_FOLDERS
    for depth in range(_DEPTH):
        deeper: list[Path] = []
        for folder in level[:left]:
            for entry in _entries(folder):
                # Below the top only hidden names: what else is guarded there starts nothing by itself.
                guard = guard_of((entry.name,)) if depth == 0 or entry.name.startswith(".") else None
                if guard is not None and not is_secret(guard):
                    yield Path(entry.path), False
                elif guard is not None and entry.name.startswith(".env") and entry.name != ".envrc":
                    yield Path(entry.path), True
                elif entry.name not in _HEAVY and entry.is_dir(follow_symlinks=False):
                    deeper.append(Path(entry.path))
        left -= len(level)
        level = deeper
        if left <= 0:
            return


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
