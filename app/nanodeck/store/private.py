"""Private folders and files: 0700 and 0600, replaced in one step or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nanodeck.store.plain import check_plain

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_folder(folder: Path) -> None:
    """Make `folder` and its missing parents, each 0700. Raises OSError."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        made.mkdir(FOLDER_MODE, exist_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, 0600 and synced; a link keeps pointing at its target.

    Raises OSError, also where something else than a plain file is there.
    """
    target = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        check_plain(target.stat())
    make_folder(target.parent)
    draft = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, where the file system can. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
