"""What a store of checkpoints takes on disk, and how it gets smaller again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import time

from msgspec import Struct

from nanodeck.workspace.shadow.repository import REFERENCES, Repository
from nanodeck.workspace.writing import atomic

AFTER = ".after"
"""How the name of a tree ends that was taken after a step: it is part of the checkpoint before it."""

NAMED = "named"
"""The folder of trees that somebody gave a name: only that somebody lets them go."""

LOOSE = 4_000
PACKS = 40
"""With more objects that lie alone, or more packs, everything becomes one pack."""

_DAY = 86_400.0
_SHARE = 4


class Stored(Struct, frozen=True):
    """Bytes on disk, how many checkpoints, when the oldest of them was taken (seconds since the epoch)."""

    size: int = 0
    kept: int = 0
    oldest: float = 0.0


def stored(repository: Repository) -> Stored:
    """What there is now. Raises OSError."""
    kept = [path for path in _references(repository) if path.suffix != AFTER]
    oldest = min((path.stat().st_mtime for path in kept), default=0.0)
    return Stored(_size(repository.folder), len(kept), oldest)


def collect(repository: Repository, days: float, size: int) -> None:
    """Let go of what is older than `days`, then of the oldest until all takes at most `size` bytes.

    Raises OSError, NanodeckError.
    """
    with repository.locked():
        oldest_first = sorted(_unnamed(repository), key=lambda path: path.stat().st_mtime)
        until = time() - days * _DAY
        left = [path for path in oldest_first if path.stat().st_mtime >= until]
        _drop(oldest_first[: len(oldest_first) - len(left)])
        _repack(repository)
        while left and _size(repository.folder) > size:
            share = -(-len(left) // _SHARE)
            _drop(left[:share])
            left = left[share:]
            _repack(repository)


def overdue(repository: Repository, days: float, size: int) -> bool:
    """Whether `collect` would let go of something. Raises OSError."""
    ages = [path.stat().st_mtime for path in _unnamed(repository)]
    return bool(ages) and (min(ages) < time() - days * _DAY or _size(repository.folder) > size)


def tidy(repository: Repository) -> None:
    """Pack what lies about, where that is a lot. Raises OSError, NanodeckError."""
    objects = repository.folder / "objects"
    # Objects are spread evenly: one folder of the 256 tells of all.
    sample = objects / "17"
    loose = len(os.listdir(sample)) * 256 if sample.is_dir() else 0
    packed = objects / "pack"
    packs = sum(path.suffix == ".pack" for path in packed.iterdir()) if packed.is_dir() else 0
    if loose > LOOSE or packs > PACKS:
        with repository.locked():
            _repack(repository)


def trees(repository: Repository) -> frozenset[str]:
    """Every tree that is kept. Raises OSError."""
    return frozenset(atomic.load(path).decode().strip() for path in _references(repository))


def _repack(repository: Repository) -> None:
    repository.git("repack", "-a", "-d", "-q")
    repository.git("prune", "--expire=now")


def _drop(references: list[Path]) -> None:
    for path in references:
        path.unlink(missing_ok=True)


def _unnamed(repository: Repository) -> Iterator[Path]:
    return (path for path in _references(repository) if path.parent.name != NAMED)


def _references(repository: Repository) -> Iterator[Path]:
    found = (repository.folder / REFERENCES).rglob("*")
    return (path for path in found if path.suffix != ".lock" and path.is_file())


def _size(folder: Path) -> int:
    sizes = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            sizes += os.lstat(os.path.join(inside, name)).st_size
    return sizes
