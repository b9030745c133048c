"""F12: no path a call can name, and nothing swapped under a write, leads where nobody allowed it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from unittest.mock import patch

from nanodeck.contracts.errors import NanodeckError
from nanodeck.engine.calls.facts import guarded_as
from nanodeck.tools.write import write
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.atomic import anchor_of
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.transaction import FileWrite, write_files
from tests.reliability.figure import Figure, Score
from tests.support.hostile_paths import (
    GIT,
    GUARDED,
    IMPOSSIBLE,
    INSIDE,
    NEVER,
    OUTSIDE,
    SPECIAL,
    make_place,
)
from tests.unit.tools.contexts import call_tool, context_in
from tests.unit.workspace.trees import Tree, tree_of

_FOLDERS = (".", "src/..", "up/repo/src", "src/a.py/")
CASES = (
    *((path, "" if path in _FOLDERS else shown) for path, shown in INSIDE.items()),
    *((path, "") for path in (*OUTSIDE, *GIT, *SPECIAL, *IMPOSSIBLE, *GUARDED, *NEVER)),
)
"""What a call names, and the file that is written without asking anybody; empty where none is."""


def _run(dice: Random, trials: int) -> Score:
    score = Score()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top:
        asyncio.run(_cases(score, make_place(_root(top, "cases"))))
        for number in range(trials):
            score.add(_race(_root(top, f"race-{number}"), dice))
    return score


def _root(top: str, name: str) -> Path:
    root = Path(os.path.realpath(top), name, "repo")
    root.mkdir(parents=True)
    return root


async def _cases(score: Score, place: Path) -> None:
    for path, shown in CASES:
        score.add(await _case(place, path, shown))


async def _case(root: Path, path: str, shown: str) -> str:
    """A call that writes `path` where edits are applied unasked, and then one that somebody let through."""
    before = tree_of(root.parent)
    with suppress(NanodeckError):
        await _written_unasked(root, path)
    expected = {f"repo/{shown}"} if shown else set()
    if (changed := _changed(before, tree_of(root.parent))) - _folders(expected):
        return f"{path!r} changed {sorted(changed)}"
    if shown and f"repo/{shown}" not in changed and (root / shown).read_text("utf-8") != "new":
        return f"{path!r} was not written"
    return ""


async def _written_unasked(root: Path, path: str) -> None:
    context = context_in(root)
    location = context.workspace.locate(path, root)
    if location.path.is_file():
        context.ledger.saw(location.path, location.path.read_bytes())
    await call_tool(write, context, {"path": path, "content": "new"})
    for file in context.staging.files:
        guard = context.workspace.guard(file.path)
        if context.workspace.holds(file.path) and not guarded_as(guard, file.shown, edits=True):
            write_files([FileWrite(file.path, file.old, file.new, anchor=file.anchor)], root)


def _changed(before: Tree, after: Tree) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _folders(files: set[str]) -> set[str]:
    return files | {str(parent) for file in files for parent in Path(file).parents}


# Swaps: what somebody does to the workspace while a change of it is on its way.


def _instead(path: Path, make: Callable[[Path], object]) -> None:
    with suppress(OSError):
        path.rename(path.with_name(f"{path.name}-away"))
        make(path)


def _link_to(target: Path) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


_SWAPS: dict[str, Callable[[Path, Path], None]] = {
    "folder by a link out": lambda root, out: _instead(root / "src", _link_to(out)),
    "folder by a link to git's": lambda root, out: _instead(root / "src", _link_to(root / ".git/hooks")),
    "folder by another": lambda root, out: _instead(root / "src", lambda path: (root / "twin").rename(path)),
    "folder by a file": lambda root, out: _instead(root / "src", lambda path: path.write_bytes(b"file")),
    "file by a link out": lambda root, out: _instead(root / "src/a", _link_to(out / "a")),
    "file by a hard link out": lambda root, out: _instead(
        root / "src/a", lambda path: os.link(out / "a", path)
    ),
    "file by a pipe": lambda root, out: _instead(root / "src/a", os.mkfifo),
    "file by a folder": lambda root, out: _instead(root / "src/a", Path.mkdir),
    "file by a device": lambda root, out: _instead(root / "src/a", _link_to(Path("/dev/full"))),
    "new file by a link out": lambda root, out: _instead(root / "src/new", _link_to(out / "new")),
    "new folder by a link out": lambda root, out: _instead(root / "src/deep", _link_to(out)),
    "root by a link out": lambda root, out: _instead(root, _link_to(out)),
}


class _Swapping:
    """Stands in for `os` where files are written: before its `at`-th call `swap` happens."""

    _WATCHED = frozenset({"open", "read", "write", "link", "mkdir", "rename", "unlink", "fchmod", "fstat"})

    def __init__(self, at: int, swap: Callable[[], None]) -> None:
        self._at = at
        self._swap = swap
        self._calls = 0

    def __getattr__(self, name: str) -> object:
        if name == "fsync":
            # Waiting for the disk proves nothing here.
            return lambda descriptor: None
        real = getattr(os, name)
        if name not in self._WATCHED:
            return real

        def call(*arguments: object, **options: object) -> object:
            self._calls += 1
            if self._calls == self._at:
                self._swap()
            return real(*arguments, **options)

        return call


def _race(root: Path, dice: Random) -> str:
    """A write or an undo with something swapped under it at one moment; says what it changed elsewhere."""
    out = root.parent / "out"
    for folder in (root / "src", root / "twin", root / ".git/hooks", out):
        folder.mkdir(parents=True)
        (folder / "a").write_bytes(b"old")
        (folder / "b").write_bytes(b"other")
    anchor = anchor_of(root / "src")
    files = [
        FileWrite(root / "src/a", b"old", dice.choice([b"new", None]), anchor=anchor),
        FileWrite(root / "src/new", None, b"new", anchor=anchor),
        FileWrite(root / "src/deep/er", None, b"new", anchor=anchor),
    ]
    chosen = dice.sample(files, dice.randint(1, 3))
    kept = Checkpointer(root.parent / "kept")
    if undoes := dice.random() < 0.3:
        with patch.object(atomic, "os", _Swapping(0, lambda: None)):
            kept.write("c", chosen, root)
    swap, moment = dice.choice(sorted(_SWAPS)), dice.randint(0, 120)
    guarded = {anchor_of(folder): tree_of(folder) for folder in (out, root / ".git", root / "twin")}
    if not moment:
        _SWAPS[swap](root, out)
    swapping = _Swapping(moment, lambda: _SWAPS[swap](root, out))
    with patch.object(atomic, "os", swapping), suppress(NanodeckError):
        if undoes:
            kept.undo()
        else:
            kept.write("c", chosen, root)
    now = {anchor[1:]: path for path in (root.parent, *root.parent.rglob("*")) if (anchor := anchor_of(path))}
    for anchor, before in guarded.items():
        if anchor and (changed := _changed(before, tree_of(now[anchor[1:]]))):
            doing = "undo" if undoes else "write"
            return f"{doing}, {swap} at {moment}: {anchor.path.name} has other {sorted(changed)}"
    return ""


FIGURE = Figure("F12", "writes and swaps lead nowhere else", _run, short=40, long=1000)
