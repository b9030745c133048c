"""Files that git tracks and that hold secrets by their names.

Those that it tracked once, and no more, are in the history for whoever looks there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nanodeck.shell.judge.places import secret

_BEFORE_HASH = 40
_HASH_LENGTHS = (20, 32)
_EXTENDED = 0x40


class UnreadableIndex(Exception):
    """A repository's list of tracked files is not laid out as it should be."""


def tracked_secrets(index: Path) -> tuple[str, ...]:
    """Their paths from the top of the repository with this `index`. Raises UnreadableIndex."""
    try:
        status = index.stat()
    except OSError:
        # Nothing is tracked yet.
        return ()
    return _read(str(index), (status.st_ino, status.st_size, status.st_mtime_ns))


@lru_cache(maxsize=16)
def _read(index: str, version: tuple[int, int, int]) -> tuple[str, ...]:
    """The names of secrets in the file `index`, which changes with `version`. Raises UnreadableIndex."""
    with open(index, "rb") as file:
        data = file.read()
    for length in _HASH_LENGTHS:
        try:
            names = list(_names(data, length))
        except (ValueError, IndexError):
            continue
        return tuple(name for name in names if secret(name))
    raise UnreadableIndex


def _names(data: bytes, hash_length: int) -> Iterator[str]:
    """The names in git's index, by the layout of its versions 2 to 4. Raises ValueError and IndexError."""
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("no index")
    at, name = 12, b""
    for _ in range(count):
        start, at = at, at + _BEFORE_HASH + hash_length
        told = int.from_bytes(data[at : at + 2], "big") & 0xFFF
        at += 4 if data[at] & _EXTENDED else 2
        kept = 0
        if version == 4:
            # Told is how much of the end of the name before is left out.
            cut, at = _amount(data, at)
            kept = len(name) - cut
        end = data.index(b"\0", at)
        name = name[:kept] + data[at:end]
        if told not in (len(name), 0xFFF):
            raise ValueError("a name of another length")
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
        yield os.fsdecode(name)


def _amount(data: bytes, at: int) -> tuple[int, int]:
    """A number as git writes it in seven bits each, and where it ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1 << 7) | (data[at] & 0x7F)
    return value, at + 1
