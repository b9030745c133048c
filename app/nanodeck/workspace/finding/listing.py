"""The project's files as a person would list them: what .gitignore leaves out is left out."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

from nanodeck.workspace.finding.ignores import Ignores
from nanodeck.workspace.git.asking import run_git
from nanodeck.workspace.writing import atomic

FILES_LIMIT = 100_000
_NAME_BYTES = 300
_SECONDS = 10.0
_SUBMODULE = re.compile(r"^\s*path\s*=\s*(.+?)\s*$", re.MULTILINE)


async def list_files(root: Path, *, limit: int = FILES_LIMIT, tracked_ignored: bool = True) -> list[str]:
    """The files that `gather_files` finds, sorted by their parts, at most `limit`."""
    found = await gather_files(root, limit=limit, tracked_ignored=tracked_ignored)
    # Long lists take longer to put in order than anybody may be kept waiting.
    return (await asyncio.to_thread(sorted, found, key=by_parts))[:limit]


async def gather_files(root: Path, *, limit: int = FILES_LIMIT, tracked_ignored: bool = True) -> list[str]:
    """Files under `root`, relative with '/', in no order, hardly more than `limit`.

    In a repository: what git tracks (tracked but ignored files only if `tracked_ignored`) and what it
    would add, nested repositories included; elsewhere what .gitignore files leave. Links are listed
    and not followed; `.git` and names that are not UTF-8 never appear.
    """
    found = await _git_files(root, limit, tracked_ignored)
    if not found:
        found = await _walk_apart(root, limit)
    return [path for path in found if _is_text(path)]


def by_parts(path: str) -> str:
    """The key that sorts a folder's content together."""
    # Texts are compared several times quicker than lists of parts.
    return path.replace("/", "\0")


def folders_of(files: Iterable[str]) -> list[str]:
    """Every folder that holds one of `files` at some depth, with a '/' at its end, sorted."""
    folders: set[str] = set()
    for file in files:
        end = file.rfind("/")
        while end > 0 and file[: end + 1] not in folders:
            folders.add(file[: end + 1])
            end = file.rfind("/", 0, end)
    return sorted(folders)


async def _git_files(root: Path, limit: int, tracked_ignored: bool) -> list[str]:
    """Files git knows about, nothing outside of a repository."""
    listed = await _ls_files(root, ("-co",), limit)
    if listed and not tracked_ignored:
        listed -= await _ls_files(root, ("-ci",), limit)
    nested = {name for name in listed if name.endswith("/")}
    nested |= listed & await asyncio.to_thread(_submodules, root)
    files = list(listed - nested)
    for folder in sorted(nested):
        if len(files) < limit:
            inner = await list_files(root / folder, limit=limit - len(files), tracked_ignored=tracked_ignored)
            files += [f"{folder.rstrip('/')}/{name}" for name in inner]
    return files


async def _ls_files(root: Path, which: tuple[str, ...], limit: int) -> set[str]:
    args = ("ls-files", *which, "--exclude-standard", "-z", "--", ".")
    result = await run_git(args, root, seconds=_SECONDS, limit=limit * _NAME_BYTES)
    if result.code and not result.cut:
        return set()
    names = os.fsdecode(result.output).split("\0")
    return set(names[:-1])


def _submodules(root: Path) -> set[str]:
    try:
        text = atomic.load(root / ".gitmodules").decode("utf-8", "replace")
    except OSError:
        return set()
    return {path for path in _SUBMODULE.findall(text) if (root / path).is_dir()}


async def _walk_apart(root: Path, limit: int) -> list[str]:
    """`walk` in a thread that ends when this task is cancelled."""
    stop = Event()

    def gather() -> list[str]:
        found: list[str] = []
        for path in walk(root):
            if stop.is_set() or len(found) >= limit:
                break
            found.append(path)
        return found

    try:
        return await asyncio.to_thread(gather)
    finally:
        stop.set()


def walk(root: Path) -> Iterator[str]:
    """Files under `root`, relative, that no .gitignore leaves out; unreadable folders are passed over."""
    base = str(root)
    waiting = [("", Ignores.around(root))]
    while waiting:
        folder, around = waiting.pop()
        inside = f"{base}/{folder}".rstrip("/")
        rules = around.within(inside)
        for entry in _entries(inside):
            is_folder = entry.is_dir(follow_symlinks=False)
            if rules.leave_out(entry.path, is_folder):
                continue
            if is_folder:
                waiting.append((f"{folder}{entry.name}/", rules))
            elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
                yield folder + entry.name


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted((entry for entry in found if entry.name != ".git"), key=lambda entry: entry.name)
    except OSError:
        return []


def _is_text(name: str) -> bool:
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
