"""Everything under a folder, to compare before and after."""

from __future__ import annotations

import os
from pathlib import Path

Tree = dict[str, tuple[int, bytes | str | None]]


def tree_of(folder: Path) -> Tree:
    """Relative path -> mode, and the bytes of a file, the target of a link, None for anything else."""
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(folder))] = (path.lstat().st_mode, content)
    return found


def contents_of(folder: Path) -> dict[str, bytes | str]:
    """Relative path -> the bytes of a file, the target of a link."""
    return {name: content for name, (_, content) in tree_of(folder).items() if content is not None}


def bytes_of(path: Path) -> bytes | None:
    """What a file holds, None where there is none."""
    return path.read_bytes() if path.exists() else None
