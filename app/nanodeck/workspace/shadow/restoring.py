"""Many files given other contents together: all or none, whenever the process dies.

The new contents are staged first, all in one folder; then a journal says that they go to their places. A
journal that is found later is carried out to its end; a staging folder without one is thrown away.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.modes import LINK, agree
from nanodeck.workspace.shadow.lock import alone
from nanodeck.workspace.shadow.placing import (
    is_free,
    is_there,
    keep_old,
    make_room,
    put_new,
    remove_empty,
    take_new,
)
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.transaction import HalfWrittenError, StaleFilesError

_STAGING = f"{atomic.TEMPORARY}back-"
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


class Version(Struct, frozen=True):
    """What a file holds, or where a link leads to."""

    data: bytes
    mode: int = 0

    def like(self, other: Version | None) -> bool:
        """Whether both are the same, as far as their rights are known."""
        return other is not None and self.data == other.data and agree(self.mode, other.mode)


class Restored(Struct, frozen=True):
    """A file below the root, what it holds now and what it shall hold (None = absent)."""

    path: Path
    present: Version | None
    target: Version | None


def in_the_way(files: Sequence[Restored]) -> list[Path]:
    """Those whose place is taken, by a file that stays or a folder that holds more than what goes."""
    leaving = {file.path for file in files if file.target is None}
    coming = (file.path for file in files if file.target is not None and file.present is None)
    return [path for path in coming if not is_free(path, leaving)]


def version_of(path: Path) -> Version | None:
    """What is at `path`, None where nothing is or a folder; no link is followed.

    Raises OSError for what is neither.
    """
    with atomic.Folders() as folders:
        return _version_in(folders, path)


def _version_in(folders: atomic.Folders, path: Path) -> Version | None:
    try:
        return _version_at(folders.at(path.parent), path.name)
    except OSError as error:
        if error.errno in _NO_FOLDER:
            return None
        raise


class _Step(Struct, frozen=True, array_like=True):
    """One path of a journal, relative as bytes; `old` marks what it held, `new`: it shall hold something."""

    path: bytes
    old: str
    new: bool


class _Journal(Struct, frozen=True):
    staging: str
    steps: tuple[_Step, ...]


class Restorer:
    """Restores files below `root`; its journals are under `folder`. Blocks; other processes wait."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root

    def restore(self, files: Sequence[Restored]) -> None:
        """Give all `files` their target or none.

        Raises StaleFilesError where one is not what it was said to be, NanodeckError where it fails.
        """
        wanted = [file for file in files if not _same(file.present, file.target)]
        if not wanted:
            return
        with self._alone():
            self._recover()
            with atomic.Folders() as folders:
                if stale := [file.path for file in wanted if not _is_as_said(file, folders)]:
                    raise StaleFilesError(stale)
            _Going(self._root, self._folder, wanted).go()

    def recover(self) -> bool:
        """Finish what a process that died had begun; whether there was any. Raises NanodeckError."""
        if not self._folder.is_dir():
            return False
        with self._alone():
            return self._recover()

    def _recover(self) -> bool:
        found = sorted(self._folder.glob("*.journal"))
        for path in found:
            try:
                journal = msgspec.msgpack.decode(atomic.load(path), type=_Journal)
            except msgspec.DecodeError as error:
                aside = path.rename(path.with_suffix(".damaged"))
                raise NanodeckError(f"a restore was cut short: {error}", str(aside)) from None
            _carry_out(self._root, journal)
            path.unlink()
        for left in (*self._root.glob(f"{_STAGING}*"), *self._folder.glob(f"{_STAGING}*")):
            shutil.rmtree(left, ignore_errors=True)
        return bool(found)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            atomic.make_private(self._folder)
            with alone(self._folder / "lock"):
                yield
        except OSError as error:
            raise NanodeckError(f"files cannot be put back: {error}") from error


class _Going:
    """One restore on its way."""

    def __init__(self, root: Path, folder: Path, files: Sequence[Restored]) -> None:
        self._root = root
        name = secrets.token_hex(8)
        self._staging = root / f"{_STAGING}{name}"
        self._path = folder / f"{name}.journal"
        # What goes makes room for what comes: a file may take the place of a folder.
        self._files = sorted(files, key=lambda file: file.target is not None)
        self._steps = tuple(
            _Step(os.fsencode(file.path.relative_to(root)), _mark(file.present), file.target is not None)
            for file in self._files
        )

    def go(self) -> None:
        done: list[int] = []
        try:
            self._stage()
            atomic.save(self._path, msgspec.msgpack.encode(_Journal(self._staging.name, self._steps)))
            with atomic.opened_folder(self._staging) as staging, atomic.Folders() as folders:
                for number, file in enumerate(self._files):
                    done.append(number)
                    self._apply(staging, number, file, folders)
        except BaseException as error:
            self._take_back(done, error)
            if isinstance(error, OSError):
                where = error.filename or self._root
                raise NanodeckError(
                    f"{where} cannot be restored: {error.strerror}; nothing was changed",
                    "free some room or check the permissions, then try again",
                ) from error
            raise
        self._clean_up()

    def _stage(self) -> None:
        self._staging.mkdir(0o700)
        with atomic.opened_folder(self._staging) as staging:
            for number, file in enumerate(self._files):
                if file.target is not None:
                    _write(staging, _new(number), file)

    def _apply(self, staging: int, number: int, file: Restored, folders: atomic.Folders) -> None:
        path, name, present = file.path, file.path.name, file.present
        folder = folders.at(path.parent, None if present else [])
        if present is None:
            try:
                if make_room(folder, name):
                    folders.forget()
                    folder = folders.at(path.parent)
                put_new(staging, _new(number), folder, name)
            except FileExistsError:
                raise StaleFilesError([path]) from None
            return
        if file.target is None:
            os.rename(name, _old(number), src_dir_fd=folder, dst_dir_fd=staging)
        else:
            keep_old(folder, name, staging, _old(number))
        # What was kept is the very file that goes, whoever wrote it in the last moment.
        if not present.like(_version_at(staging, _old(number))):
            raise StaleFilesError([path])
        if file.target is not None:
            os.rename(_new(number), name, src_dir_fd=staging, dst_dir_fd=folder)
        elif remove_empty(self._root, path.parent):
            folders.forget()

    def _take_back(self, done: Sequence[int], error: BaseException) -> None:
        lost: list[str] = []
        for number in reversed(done):
            try:
                self._take_back_one(number, self._files[number])
            except OSError:
                lost.append(str(self._files[number].path))
        if lost:
            raise HalfWrittenError(
                f"restoring failed ({error}) and could not be taken back for {', '.join(lost)}",
                f"what they held is in {self._staging}",
            ) from error
        self._clean_up()

    def _take_back_one(self, number: int, file: Restored) -> None:
        name = file.path.name
        with atomic.opened_folder(self._staging) as staging:
            if file.present is not None:
                if not is_there(staging, _old(number)):
                    return
                with atomic.opened_folder(file.path.parent, []) as folder:
                    os.rename(_old(number), name, src_dir_fd=staging, dst_dir_fd=folder)
            else:
                take_new(staging, _new(number), file.path)
        if file.present is None:
            remove_empty(self._root, file.path.parent)

    def _clean_up(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        # Freeing the old contents can take longer than all the rest: nobody waits for it.
        gone = self._path.with_name(self._staging.name)
        try:
            self._staging.rename(gone)
        except OSError:
            shutil.rmtree(self._staging, ignore_errors=True)
            return
        Thread(target=shutil.rmtree, args=(gone, True), daemon=True).start()


def _carry_out(root: Path, journal: _Journal) -> None:
    """Go on where a process died; a file that somebody else wrote since is left as it is."""
    place = root / journal.staging
    if not place.is_dir():
        return
    with atomic.opened_folder(place) as staging:
        for number, step in enumerate(journal.steps):
            path = root / os.fsdecode(step.path)
            if not step.new:
                _carry_out_delete(root, path, step, staging, number)
            elif is_there(staging, _new(number)):
                # Where somebody made something else of the folder, it is theirs.
                with suppress(NotADirectoryError), atomic.opened_folder(path.parent, []) as folder:
                    _carry_out_write(folder, path.name, step, staging, number)


def _carry_out_write(folder: int, name: str, step: _Step, staging: int, number: int) -> None:
    kept = is_there(staging, _old(number))
    if not step.old:
        make_room(folder, name)
    if is_there(folder, name):
        if not step.old or _mark_at(folder, name) != step.old:
            return
        if not kept:
            keep_old(folder, name, staging, _old(number))
    elif step.old and not kept:
        return
    os.rename(_new(number), name, src_dir_fd=staging, dst_dir_fd=folder)


def _carry_out_delete(root: Path, path: Path, step: _Step, staging: int, number: int) -> None:
    gone = suppress(FileNotFoundError, NotADirectoryError)
    if not is_there(staging, _old(number)):
        with gone, atomic.opened_folder(path.parent) as folder:
            if _mark_at(folder, path.name) == step.old:
                os.rename(path.name, _old(number), src_dir_fd=folder, dst_dir_fd=staging)
    remove_empty(root, path.parent)


def _mark(version: Version | None) -> str:
    """Tells contents apart; empty for none."""
    return "" if version is None else f"{stat.S_ISLNK(version.mode):d} {digest_of(version.data)}"


def _mark_at(folder: int, name: str) -> str:
    try:
        return _mark(_version_at(folder, name))
    except OSError:
        return "not a file"


def _old(number: int) -> str:
    return f"{atomic.TEMPORARY}{number}.old"


def _new(number: int) -> str:
    return f"{atomic.TEMPORARY}{number}.new"


def _same(one: Version | None, other: Version | None) -> bool:
    return other is None if one is None else one.like(other)


def _is_as_said(file: Restored, folders: atomic.Folders) -> bool:
    try:
        return _same(_version_in(folders, file.path), file.present)
    except OSError:
        return False


def _version_at(folder: int, name: str) -> Version | None:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(status.st_mode):
        return Version(os.fsencode(os.readlink(name, dir_fd=folder)), LINK)
    if stat.S_ISDIR(status.st_mode):
        return None
    found = atomic.read_at(folder, name)
    return Version(found[0], found[1].st_mode) if found else None


def _write(staging: int, name: str, file: Restored) -> None:
    """Stage the target of `file` with the rights it shall have."""
    assert file.target is not None
    mode, data = file.target.mode, file.target.data
    if stat.S_ISLNK(mode):
        os.symlink(data, name, dir_fd=staging)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600 if mode else 0o666, dir_fd=staging)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
        status = _status(file.path)
        if status is not None:
            atomic.take_owner(descriptor, status)
        if rights := mode or (status.st_mode if status else 0):
            os.fchmod(descriptor, stat.S_IMODE(rights))


def _status(path: Path) -> os.stat_result | None:
    """How the file at `path` stands, None where there is none."""
    with suppress(OSError):
        status = os.lstat(path)
        return status if stat.S_ISREG(status.st_mode) else None
    return None
