"""A file between the folder where a restore stages it and its place; all names are below descriptors."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from nanodeck.workspace.writing import atomic


def is_there(folder: int, name: str) -> bool:
    """Whether anything has this name."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def put_new(staging: int, new: str, folder: int, name: str) -> None:
    """Move a staged file to where nothing is. Raises FileExistsError, OSError."""
    try:
        os.link(new, name, src_dir_fd=staging, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in atomic.NO_LINKS:
            raise
        if is_there(folder, name):
            raise FileExistsError(errno.EEXIST, "appeared meanwhile", name) from None
        os.rename(new, name, src_dir_fd=staging, dst_dir_fd=folder)
        return
    os.unlink(new, dir_fd=staging)


def make_room(folder: int, name: str) -> bool:
    """Remove the folder `name` where nothing is in it but folders; whether there was one. Raises OSError."""
    if not is_there(folder, name) or not stat.S_ISDIR(_status(folder, name).st_mode):
        return False
    for _, below, _, inside in os.fwalk(name, topdown=False, dir_fd=folder):
        for empty in below:
            with suppress(OSError):
                os.rmdir(empty, dir_fd=inside)
    with suppress(OSError):
        os.rmdir(name, dir_fd=folder)
    return True


def is_free(path: Path, leaving: Collection[Path]) -> bool:
    """Whether a file can be put at `path` once those `leaving` are gone."""
    if path.is_dir() and not path.is_symlink():
        inside = (Path(folder, name) for folder, below, names in os.walk(path) for name in (*below, *names))
        return all(found in leaving for found in inside if found.is_symlink() or not found.is_dir())
    above = next(parent for parent in path.parents if os.path.lexists(parent))
    return above in leaving or (above.is_dir() and not above.is_symlink())


def take_new(staging: int, new: str, path: Path) -> None:
    """Remove what `put_new` put at `path`, as far as it came. Raises OSError."""
    with suppress(FileNotFoundError), atomic.opened_folder(path.parent) as folder:
        # It may have its place and still be staged; what somebody else put there is not ours.
        if not is_there(staging, new) or _inode(staging, new) == _inode(folder, path.name):
            atomic.remove(folder, path.name)


def _inode(folder: int, name: str) -> tuple[int, int]:
    status = _status(folder, name)
    return status.st_dev, status.st_ino


def _status(folder: int, name: str) -> os.stat_result:
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def keep_old(folder: int, name: str, staging: int, old: str) -> None:
    """Give what is replaced a second name, so that there is a version at any time."""
    try:
        os.link(name, old, src_dir_fd=folder, dst_dir_fd=staging, follow_symlinks=False)
    except OSError as error:
        if error.errno not in atomic.NO_LINKS:
            raise
        os.rename(name, old, src_dir_fd=folder, dst_dir_fd=staging)


def remove_empty(root: Path, folder: Path) -> bool:
    """Remove `folder` and those around it, below `root`, as far as nothing is in them; whether any was."""
    removed = False
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
            removed = True
        except FileNotFoundError:
            pass
        except OSError:
            break
        folder = folder.parent
    return removed
