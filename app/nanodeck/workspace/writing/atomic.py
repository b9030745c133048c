"""The file calls under reading and writing: no link is followed on the way, nothing is half written."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from nanodeck.contracts.errors import ToolError

LARGEST = 64 * 1024 * 1024
TEMPORARY = ".nanodeck-"
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)
"""What a file system without hard links answers (FAT, some network mounts)."""

# O_PATH lets folders be crossed that may be entered but not listed.
_CROSS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

# O_NONBLOCK: opening a pipe that somebody put here must not hang.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class NotAFileError(OSError):
    """The name leads to a folder, a link, or something else that is not a plain file."""


class SwappedError(OSError):
    """Where a folder was, another one is."""


class Anchor(NamedTuple):
    """A folder as it was when a change was computed: its path, device and inode."""

    path: Path
    device: int
    inode: int


def anchor_of(folder: Path) -> Anchor | None:
    """The nearest folder from `folder` up that is there; None where a link took its place."""
    for path in (folder, *folder.parents):
        try:
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
        return Anchor(path, status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None
    return None


def is_anchored(anchor: Anchor) -> bool:
    """Whether the folder is still the same one."""
    return anchor_of(anchor.path) == anchor


@contextmanager
def opened_folder(
    folder: Path, made: list[Path] | None = None, anchor: Anchor | None = None
) -> Iterator[int]:
    """A descriptor of `folder`, reached from the top without following any link.

    With `made`, missing folders are created and added to it. Raises OSError, SwappedError where the way
    does not lead through `anchor`.
    """
    step = os.open(folder.anchor, _CROSS)
    try:
        reached = Path(folder.anchor)
        for part in folder.parts[1:]:
            reached = reached / part
            step, crossed = _enter(step, part, reached, made), step
            os.close(crossed)
            if anchor and reached == anchor.path:
                _check(step, anchor)
        # Syncing needs a real descriptor, not a place marker.
        listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=step)
    finally:
        os.close(step)
    try:
        yield listed
    finally:
        os.close(listed)


def _check(descriptor: int, anchor: Anchor) -> None:
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) != anchor[1:]:
        raise SwappedError(errno.ESTALE, "another folder took its place", str(anchor.path))


def _enter(parent: int, name: str, path: Path, made: list[Path] | None) -> int:
    try:
        return os.open(name, _CROSS, dir_fd=parent)
    except FileNotFoundError:
        if made is None:
            raise
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=parent)
        made.append(path)
    return os.open(name, _CROSS, dir_fd=parent)


class Folders:
    """Descriptors of folders as `opened_folder` gives them, each opened once: for many files in a few."""

    MOST = 64

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._opened: dict[Path, int] = {}

    def __enter__(self) -> Folders:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()

    def at(self, folder: Path, made: list[Path] | None = None) -> int:
        """A descriptor that is good until the next call. Raises OSError."""
        if folder not in self._opened:
            if len(self._opened) >= self.MOST:
                self.forget()
            self._opened[folder] = self._stack.enter_context(opened_folder(folder, made))
        return self._opened[folder]

    def forget(self) -> None:
        """Close all: some may be others by now."""
        self._opened.clear()
        self._stack.close()


def read_at(folder: int, name: str) -> tuple[bytes, os.stat_result] | None:
    """A plain file's bytes and status, None where there is nothing. Raises OSError."""
    try:
        descriptor = os.open(name, _READ, dir_fd=folder)
    except FileNotFoundError:
        return None
    return _read_plain(descriptor, name)


def load(path: Path) -> bytes:
    """What a plain file holds that is no link, wherever its folder is. Raises OSError."""
    return _read_plain(os.open(path, _READ), path.name)[0]


def _read_plain(descriptor: int, name: str) -> tuple[bytes, os.stat_result]:
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFileError(errno.EINVAL, "not a plain file", name)
        return _read_all(descriptor), status
    finally:
        os.close(descriptor)


def _read_all(descriptor: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise OSError(errno.EFBIG, f"larger than {LARGEST >> 20} MB")
    return b"".join(pieces)


def read_file(path: Path, shown: str) -> bytes | None:
    """The bytes of `path`, None where there is nothing. Raises ToolError calling it `shown`."""
    try:
        with opened_folder(path.parent) as folder:
            found = read_at(folder, path.name)
    except FileNotFoundError:
        return None
    except NotAFileError:
        kind = "a folder" if path.is_dir() else "not a plain file"
        raise ToolError(f"{shown} is {kind}") from None
    except NotADirectoryError:
        raise ToolError(f"{shown}: a part of this path is not a folder") from None
    except OSError as error:
        raise ToolError(f"{shown} cannot be read: {error.strerror}") from None
    return None if found is None else found[0]


def write_temporary(folder: int, data: bytes, like: os.stat_result | None, mode: int | None = None) -> str:
    """Write `data` under a temporary name in `folder`, on disk when this returns; the name.

    Owner and mode are those of `like`; without it the mode is `mode`, else the usual one. Raises OSError.
    """
    name = f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    plain = like is None and mode is None
    descriptor = os.open(name, flags, 0o666 if plain else 0o600, dir_fd=folder)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if like is not None:
                take_owner(descriptor, like)
                os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
            elif mode is not None:
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        discard(folder, name)
        raise
    return name


def take_owner(descriptor: int, like: os.stat_result) -> None:
    """Give an open file the owner that `like` has, as far as one may. Raises OSError."""
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        # Only root may give files away; for others a new owner is what any editor leaves.
        with suppress(PermissionError):
            os.fchown(descriptor, like.st_uid, like.st_gid)


def put_new(folder: int, temporary: str, name: str) -> None:
    """Give a temporary file its name, which must be free. Raises FileExistsError, OSError."""
    try:
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        # A look and a rename is the best there is.
        if read_at(folder, name) is not None:
            raise FileExistsError(errno.EEXIST, "appeared meanwhile", name) from None
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        return
    discard(folder, temporary)


def keep_old(folder: int, name: str) -> str:
    """A second name for the file `name`, so that it can come back without needing room. Raises OSError."""
    kept = f"{TEMPORARY}{secrets.token_hex(8)}.old"
    try:
        os.link(name, kept, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        found = read_at(folder, name)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "vanished", name) from None
        return write_temporary(folder, *found)
    return kept


def move(folder: int, source: str, target: str) -> None:
    """Rename within `folder`, replacing the target in one step. Raises OSError."""
    os.rename(source, target, src_dir_fd=folder, dst_dir_fd=folder)


def remove(folder: int, name: str) -> None:
    """Remove the file `name`. Raises OSError."""
    os.unlink(name, dir_fd=folder)


def discard(folder: int, name: str) -> None:
    """Remove a temporary name; what cannot be removed stays behind, harmless."""
    for _ in range(2):
        try:
            os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return
        except OSError:
            continue
        return


def sync(folder: int) -> None:
    """Wait until the names in `folder` are on disk. Raises OSError."""
    try:
        os.fsync(folder)
    except OSError as error:
        # Some file systems cannot sync folders and say so; they keep names safe in their own way.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def save(path: Path, data: bytes) -> None:
    """Replace one of nanodeck's own files in one step, readable by its owner only. Raises OSError."""
    with opened_folder(path.parent) as folder:
        temporary = write_temporary(folder, data, None, 0o600)
        try:
            move(folder, temporary, path.name)
        except BaseException:
            discard(folder, temporary)
            raise
        sync(folder)


def make_private(folder: Path) -> None:
    """Make one of nanodeck's own folders, for its owner only. Raises OSError."""
    for missing in (*missing_parents(folder), folder):
        missing.mkdir(mode=0o700, exist_ok=True)


def missing_parents(path: Path) -> list[Path]:
    """The parents of `path` that are not there, outermost first."""
    return [folder for folder in reversed(path.parents) if not folder.exists()]
