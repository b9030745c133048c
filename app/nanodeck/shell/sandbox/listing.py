"""What is guarded in a folder, listed anew only when the folder has changed."""

from __future__ import annotations

import os
import time

from msgspec import Struct

from nanodeck.core.guarded import guard_of, is_secret

_HEAVY_NAMES = "node_modules __pycache__ venv target dist build vendor site-packages"
_HEAVY = frozenset(_HEAVY_NAMES.split())
_MOST_KEPT = 10_000
_SETTLED = 100_000_000
"""Nanoseconds after which a change of a folder has another time than the one before."""


class Listed(Struct, frozen=True):
    """The names in the folder `path` to keep and to mask, and the paths of folders to look into."""

    path: str
    changed: int
    kept: tuple[str, ...]
    masked: tuple[str, ...]
    folders: tuple[str, ...]


_known: dict[tuple[str, bool], Listed] = {}


def listed(path: str, *, top: bool) -> Listed:
    """What is guarded in a folder; empty where it cannot be read."""
    try:
        changed = os.stat(path).st_mtime_ns
        if (found := _known.get((path, top))) and found.changed == changed:
            return found
        found = _looked(path, changed, top)
    except OSError:
        return Listed(path, 0, (), (), ())
    if time.time_ns() - changed > _SETTLED:
        if len(_known) >= _MOST_KEPT:
            _known.clear()
        _known[path, top] = found
    return found


def _looked(path: str, changed: int, top: bool) -> Listed:
    kept: list[str] = []
    masked: list[str] = []
    folders: list[str] = []
    above = os.path.basename(path)
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            # Below the top only hidden names: what else is guarded there starts nothing by itself.
            hidden = name.startswith(".") or above.startswith(".")
            guard = guard_of((name,) if top else (above, name)) if top or hidden else None
            if guard is not None and not is_secret(guard):
                kept.append(name)
            elif guard is not None and name.startswith(".env") and name != ".envrc":
                masked.append(name)
            elif name not in _HEAVY and entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
    return Listed(path, changed, tuple(kept), tuple(masked), tuple(folders))
