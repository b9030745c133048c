"""What stat says of a place: proof that nothing a call looked at has changed since.

What git leaves out everywhere on this machine (core.excludesFile) counts as fixed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ENTRIES_LIMIT = 2_000
"""Above that, looking at everything takes as long as asking again."""
GRACE = 2.0
"""Seconds after a change in which another one may leave the same times behind."""


class Sight(Struct, frozen=True):
    """A place as it was seen; `newest` is the time of its last change in seconds since the epoch."""

    seen: int
    newest: float

    def settled(self, now: float) -> bool:
        """Whether a change from `now` on cannot go unseen."""
        return self.newest + GRACE < now


def look(place: Path) -> Sight | None:
    """What `place`, a file or a folder with everything below, looks like; None where it holds too much."""
    rows: list[tuple[object, ...]] = []
    newest = 0
    for path, found in _around(place):
        if len(rows) >= ENTRIES_LIMIT:
            return None
        if found is None:
            rows.append((path,))
            continue
        newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
        times = found.st_mtime_ns, found.st_ctime_ns
        rows.append((path, found.st_dev, found.st_ino, found.st_mode, found.st_size, *times))
    return Sight(hash(tuple(rows)), newest / 1e9)


_Seen = tuple[str, os.stat_result | None]


def _around(place: Path) -> Iterator[_Seen]:
    """`place`, what lies in it, and what decides from outside which of that is ignored."""
    own = _status(str(place))
    yield str(place), own
    if own is None or not stat.S_ISDIR(own.st_mode):
        return
    yield from _below(str(place))
    for folder in place.parents:
        yield from _each(f"{folder}/.gitignore")
        if (folder / ".git").exists():
            yield from _git(f"{folder}/.git")
            return
        yield from _each(f"{folder}/.git")


def _below(top: str) -> Iterator[_Seen]:
    waiting = [top]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name == ".git":
                yield from _git(entry.path)
                continue
            yield from _each(entry.path)
            if entry.is_symlink():
                yield entry.path, _status(entry.path, follow=True)
            elif entry.is_dir():
                waiting.append(entry.path)


def _git(path: str) -> Iterator[_Seen]:
    """The parts of a repository that say which files belong to it."""
    yield from _each(path, f"{path}/index", f"{path}/info/exclude")


def _each(*paths: str) -> Iterator[_Seen]:
    for path in paths:
        yield path, _status(path)


def _status(path: str, *, follow: bool = False) -> os.stat_result | None:
    try:
        return os.stat(path, follow_symlinks=follow)
    except OSError:
        return None
