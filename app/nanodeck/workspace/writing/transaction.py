"""Several files written together: all of them or none."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.text import text_of
from nanodeck.workspace.git.folders import belongs_to_git
from nanodeck.workspace.writing import atomic

# What a name answers when a link or a file took the place of what was there when it was resolved.
_SWAPPED = {errno.ELOOP, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


class FileWrite(Struct, frozen=True):
    """One file's bytes before and after (None = absent); `mode` is for a file that is made anew.

    What is a `folder` is made, and may be there already. `origin` is where a file that is moved was before,
    `anchor` the folder that the way to it has to lead through.
    """

    path: Path
    old: bytes | None
    new: bytes | None
    mode: int | None = None
    folder: bool = False
    origin: Path | None = None
    anchor: atomic.Anchor | None = None

    def opened(self, made: list[Path] | None = None) -> AbstractContextManager[int]:
        """A descriptor of the folder it is in. Raises OSError."""
        return atomic.opened_folder(self.path.parent, made, self.anchor)


class StaleFilesError(NanodeckError):
    """Files are not what the change was computed from; nothing was written."""

    def __init__(self, paths: Sequence[Path]) -> None:
        names = ", ".join(text_of(path) for path in paths)
        super().__init__(f"changed since they were read: {names}; nothing was written", "read them again")
        self.paths = tuple(paths)


class HalfWrittenError(NanodeckError):
    """Writing failed, and so did taking it back; the message names the files."""


def write_files(files: Sequence[FileWrite], root: Path) -> None:
    """Write all of `files` or none, following no link.

    Raises StaleFilesError when the disk differs from `old` or a path no longer leads where it led,
    NanodeckError when writing fails; both after putting everything back.
    """
    real = Path(os.path.realpath(root))
    if owned := [file.path for file in files if belongs_to_git(file.path, file.path, real)]:
        raise NanodeckError(f"{owned[0]} belongs to git's own folder, which is never written")
    write_exactly(files)


def write_exactly(files: Sequence[FileWrite]) -> None:
    """Like `write_files`, also where git keeps its own."""
    if len({file.path for file in files}) < len(files):
        raise NanodeckError("one file is written twice in one change; nothing was written")
    if stale := [file.path for file in files if not (file.folder or _is_as_read(file))]:
        raise StaleFilesError(stale)
    # Taking back must not go on in a folder that was swapped in meanwhile.
    steps = [_Step(_anchored(file)) for file in files]
    made: list[Path] = []
    try:
        for step in steps:
            step.prepare(made)
        for step in steps:
            step.commit()
        _sync_folders([file.path.parent for file in files], made)
    except BaseException as error:
        _roll_back(steps, made, error)
        if isinstance(error, OSError):
            raise _explained(error, steps) from error
        raise
    for step in steps:
        step.clean_up()


def _anchored(file: FileWrite) -> FileWrite:
    return file if file.anchor else replace(file, anchor=atomic.anchor_of(file.path.parent))


def _is_as_read(file: FileWrite) -> bool:
    try:
        with file.opened() as folder:
            found = atomic.read_at(folder, file.path.name)
    except FileNotFoundError:
        found = None
    except OSError as error:
        if _is_swapped(error):
            return False
        raise NanodeckError(f"{file.path} cannot be read: {error.strerror}; nothing was written") from error
    return (found[0] if found else None) == file.old


def _is_swapped(error: OSError) -> bool:
    return isinstance(error, atomic.NotAFileError | atomic.SwappedError) or error.errno in _SWAPPED


class _Step(Struct):
    """One file on its way: its new bytes under a temporary name, its old ones under another."""

    file: FileWrite
    temporary: str = ""
    kept: str = ""
    done: bool = False

    def prepare(self, made: list[Path]) -> None:
        file = self.file
        if file.new is None:
            return
        if file.folder:
            with atomic.opened_folder(file.path, made, file.anchor):
                return
        # Only a new file may need new folders: where one is gone from under an old file, that is stale.
        with file.opened(made if file.old is None else None) as folder:
            like = atomic.read_at(folder, file.path.name) if file.old is not None else None
            self.temporary = atomic.write_temporary(folder, file.new, like[1] if like else None, file.mode)

    def commit(self) -> None:
        file, name = self.file, self.file.path.name
        if file.folder or (file.old is None and file.new is None):
            return
        with file.opened() as folder:
            if file.old is None:
                try:
                    atomic.put_new(folder, self.temporary, name)
                except FileExistsError:
                    raise StaleFilesError([file.path]) from None
                self.done = True
                return
            # The kept name is the very file that is replaced, so what it holds is what gets lost.
            self.kept = self._keep(folder)
            found = atomic.read_at(folder, self.kept)
            if found is None or found[0] != file.old:
                raise StaleFilesError([file.path])
            if file.new is None:
                atomic.remove(folder, name)
            else:
                atomic.move(folder, self.temporary, name)
            self.done = True

    def _keep(self, folder: int) -> str:
        try:
            return atomic.keep_old(folder, self.file.path.name)
        except FileNotFoundError:
            raise StaleFilesError([self.file.path]) from None

    def undo(self) -> None:
        if not (self.temporary or self.kept):
            return
        name = self.file.path.name
        with self.file.opened() as folder:
            if self.done and self.file.old is None:
                atomic.remove(folder, name)
            elif self.done:
                atomic.move(folder, self.kept, name)
                self.kept = ""
            self._discard(folder)

    def clean_up(self) -> None:
        # The files are written by now: a kept name that cannot be removed is no reason to take them back.
        for _ in range(2):
            with suppress(OSError), self.file.opened() as folder:
                self._discard(folder)
                return

    def _discard(self, folder: int) -> None:
        for name in filter(None, (self.temporary, self.kept)):
            atomic.discard(folder, name)


def _sync_folders(folders: Iterable[Path], made: Iterable[Path]) -> None:
    for path in sorted({*folders, *(folder.parent for folder in made)}):
        with suppress(FileNotFoundError), atomic.opened_folder(path) as folder:
            atomic.sync(folder)


def _roll_back(steps: Sequence[_Step], made: Sequence[Path], error: BaseException) -> None:
    lost: list[str] = []
    for step in reversed(steps):
        try:
            step.undo()
        except OSError:
            lost.append(str(step.file.path))
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
    if lost:
        raise HalfWrittenError(
            f"writing failed ({error}) and could not be taken back for {', '.join(lost)}",
            "/undo puts the files back once the disk can be written again",
        ) from error


def _explained(error: OSError, steps: Sequence[_Step]) -> NanodeckError:
    failed = next((step.file.path for step in steps if not step.done), steps[-1].file.path)
    if _is_swapped(error):
        return StaleFilesError([failed])
    return NanodeckError(
        f"{failed} cannot be written: {error.strerror}; nothing was changed",
        "free some room or check the permissions, then try again",
    )
