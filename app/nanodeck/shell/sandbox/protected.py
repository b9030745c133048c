"""What of a workspace stays read-only to commands that may write in it, and what of it they never see.

The names are those of `core.guarded`; git folders are followed to where they really are.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.core.guarded import guard_of, is_secret
from nanodeck.shell.sandbox.listing import Listed, listed

_DEPTH = 3
_MOST_FOLDERS = 2_000
_LONGEST = 1 << 16
_POINTER = "gitdir:"
_WORKTREE = "worktree"


class Protected(Struct, frozen=True):
    """Paths in a workspace, no link in any: `kept` stay as they are, `masked` look empty."""

    kept: tuple[Path, ...]
    masked: tuple[Path, ...]


def protected_in(root: Path) -> Protected:
    """What to protect in the workspace `root`. Raises ToolError where a link makes that impossible."""
    kept: set[Path] = set()
    masked: set[Path] = set()
    for folder in _folders(root):
        masked.update(Path(os.path.realpath(os.path.join(folder.path, name))) for name in folder.masked)
        for name in folder.kept:
            path = Path(folder.path, name)
            if path.is_symlink():
                raise ToolError(
                    f"the sandbox cannot protect {path.relative_to(root)}: it is a symbolic link",
                    "replace the link by what it points to, or let commands run without the sandbox",
                )
            kept.add(path)
            if name == ".git":
                kept.update(git_folders(path))
    inside = (path for path in kept if path.is_relative_to(root) and path != root and path.exists())
    # What lies in another one is as read-only as that; a mount of its own would make it less so.
    outermost = (path for path in inside if kept.isdisjoint(path.parents))
    return Protected(tuple(sorted(outermost)), tuple(sorted(masked)))


def guarded_at_top(root: Path) -> frozenset[str]:
    """The guarded names that are in the workspace itself now."""
    return frozenset(name for name in os.listdir(root) if (g := guard_of((name,))) and not is_secret(g))


def git_folders(entry: Path) -> Iterator[Path]:
    """Where the git folder or `gitdir:` file `entry` keeps what it has, and what points there from elsewhere.

    That are the entries of its worktrees and of the submodules in it.
    """
    store = entry
    if entry.is_file() and (pointed := _pointed(entry)):
        yield (store := pointed)
    if common := _text(store / "commondir"):
        yield (store := Path(os.path.realpath(store / common)))
    for worktree in _names(store / "worktrees"):
        if place := _text(store / "worktrees" / worktree / "gitdir"):
            yield Path(os.path.realpath(place))
    yield from _submodules(store / "modules")


def _submodules(folder: Path) -> Iterator[Path]:
    for name in _names(folder):
        module = folder / name
        if module.is_symlink():
            continue
        if not (module / "HEAD").exists():
            yield from _submodules(module)
            continue
        for line in _text(module / "config").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == _WORKTREE:
                yield Path(os.path.realpath(module / value.strip())) / ".git"
        yield from _submodules(module / "modules")


def _pointed(entry: Path) -> Path | None:
    text = _text(entry)
    if not text.startswith(_POINTER):
        return None
    return Path(os.path.realpath(entry.parent / text.removeprefix(_POINTER).strip()))


def _text(path: Path) -> str:
    """What a small file says; nothing where it is no file, however it came there."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            known = file.read(_LONGEST) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except OSError:
        return ""
    return known.decode("utf-8", "surrogateescape").strip()


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _folders(root: Path) -> Iterator[Listed]:
    """The workspace and the folders not too deep in it."""
    level = [str(root)]
    left = _MOST_FOLDERS
    for depth in range(_DEPTH):
        known = [listed(folder, top=depth == 0) for folder in level[:left]]
        yield from known
        left -= len(known)
        level = [folder for each in known for folder in each.folders]
