"""What files held before and after each changeset: the last one can be put back, also after a restart."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Literal, cast

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.workspace import atomic
from nanodeck.workspace.blobs import Blobs, Elsewhere, digest_of
from nanodeck.workspace.transaction import FileWrite, HalfWrittenError, write_exactly, write_files

# The state is part of a manifest's name, so that changing it needs no room on the disk. 'writing' and
# 'undoing' stay behind when the process dies meanwhile; 'void' was never written.
State = Literal["writing", "written", "void", "undoing", "undone"]
_OVER = ("void", "undone")


class Undone(Struct, frozen=True):
    """A changeset that was put back and the files this changed."""

    changeset: str
    files: tuple[Path, ...]


class WrittenFile(Struct, frozen=True, omit_defaults=True):
    """One file's content before and after, by digest (None = absent); `mode` is that of the old one.

    `origin` is the path that a file was moved from. A command's `mode` and `new_mode` are git's: they tell
    links and what may be run.
    """

    path: str
    old: str | None
    new: str | None
    mode: int | None = None
    origin: str = ""
    new_mode: int | None = None


class Written(Struct, frozen=True, omit_defaults=True):
    """One changeset; `folders` are those the write makes, `turn` is when it was.

    `back`: no agent wrote it, a person took back what one had written. `call` is the shell command that
    changed the files; the bytes are not kept here then, but with the checkpoints of the workspace.
    """

    changeset: str
    files: tuple[WrittenFile, ...]
    folders: tuple[str, ...] = ()
    turn: str = ""
    back: bool = False
    call: str = ""


class Checkpointer:
    """Keeps bytes before and after under `folder`: blobs, and one numbered manifest a changeset.

    `elsewhere` finds the bytes of what commands changed. Writing and undoing may be asked for by several
    threads: one waits for the other.
    """

    def __init__(self, folder: Path, elsewhere: Elsewhere = lambda digests: {}) -> None:
        self.blobs = Blobs(folder / "blobs", elsewhere)
        self._manifests = folder / "changesets"
        self._lock = Lock()
        self._loaded: dict[str, Written] = {}
        self._own: dict[Path, tuple[str | None, str | None]] = {}

    def write(
        self, changeset_id: str, files: Sequence[FileWrite], root: Path, *, turn: str = "", back: bool = False
    ) -> None:
        """Keep the bytes, then `write_files`; a write that fails leaves nothing to undo."""
        with self._lock:
            self._write(self.before(changeset_id, files, turn=turn, back=back), files, root)

    def _write(self, path: Path, files: Sequence[FileWrite], root: Path) -> None:
        self._note_own(files)
        try:
            write_files(files, root)
        except HalfWrittenError:
            raise
        except BaseException:
            _mark(path, "void")
            raise
        _mark(path, "written")

    def before(
        self, changeset_id: str, files: Sequence[FileWrite], *, turn: str = "", back: bool = False
    ) -> Path:
        """Keep the bytes of `files`, on disk when this returns; answers where that is noted.

        Raises NanodeckError.
        """
        try:
            atomic.make_private(self._manifests)
            kept = tuple(self._keep(file) for file in files if not file.folder)
            inner = (file.path / "in it" if file.folder else file.path for file in files)
            made = dict.fromkeys(str(parent) for path in inner for parent in atomic.missing_parents(path))
            path = self._manifests / f"{self._last_number() + 1:08d}.writing.json"
            atomic.save(path, msgspec.json.encode(Written(changeset_id, kept, tuple(made), turn, back)))
        except OSError as error:
            raise NanodeckError(
                f"the old bytes cannot be kept ({error.strerror}); nothing was written",
                "free some room, then try again",
            ) from error
        return path

    def note(self, written: Written) -> None:
        """Add what was written by others, a command or a restore, to what was written. Raises OSError."""
        with self._lock:
            atomic.make_private(self._manifests)
            path = self._manifests / f"{self._last_number() + 1:08d}.written.json"
            atomic.save(path, msgspec.json.encode(written))

    def wrote(self, path: Path, digest: str | None) -> bool:
        """Whether a file that holds what has this `digest` is as it was written here, or about to be."""
        old, new = self._own.get(path, ("", ""))
        if digest == new:
            # Said once: the same bytes again are somebody else's doing.
            self._own.pop(path, None)
        return digest in (old, new)

    def _note_own(self, files: Sequence[FileWrite]) -> None:
        for file in files:
            digests = (None if data is None else digest_of(data) for data in (file.old, file.new))
            self._own[file.path] = (next(digests), next(digests))

    def history(self) -> list[Written]:
        """What was written and is not undone, oldest first. Raises NanodeckError."""
        written = [path for path in self._newest_first() if _state(path) == "written"]
        # A manifest never changes, and a long session has thousands.
        new = {path.name: self._load(path) for path in written if path.name not in self._loaded}
        self._loaded.update(new)
        return [self._loaded[path.name] for path in reversed(written)]

    def undo(self) -> Undone:
        """Put back the last changeset that is not undone yet, all of it or nothing.

        Files that already hold their old bytes are left alone, so an undo cut short by a crash is finished
        by the next one. Raises ToolError naming files that were changed since, NanodeckError when there is
        nothing to undo.
        """
        with self._lock:
            for path in self._newest_first():
                if _state(path) in _OVER:
                    continue
                manifest = self._load(path)
                back = self._way_back(manifest)
                if not back and _state(path) == "writing":
                    _mark(path, "void")
                    continue
                return self._put_back(path, manifest, back)
        raise NanodeckError("there is no change to undo")

    def recover(self) -> Undone | None:
        """After a crash: take back a changeset left half written or half undone; None when there is none.

        Raises ToolError naming files that were changed since.
        """
        path = next(iter(self._newest_first()), None)
        if path is None or _state(path) not in ("writing", "undoing"):
            return None
        manifest = self._load(path)
        _sweep(manifest)
        back = self._way_back(manifest)
        if _state(path) == "writing" and len(back) in (0, len(manifest.files)):
            if not back:
                _remove_empty(manifest.folders)
            _mark(path, "written" if back else "void")
            return None
        undone = self._put_back(path, manifest, back)
        return undone if back else None

    def _put_back(self, path: Path, manifest: Written, back: Sequence[FileWrite]) -> Undone:
        if _state(path) != "written":
            _sweep(manifest)
        path = _mark(path, "undoing")
        self._note_own(back)
        try:
            write_exactly(back)
        except HalfWrittenError:
            raise
        except NanodeckError:
            _mark(path, "written")
            raise
        _remove_empty(manifest.folders)
        _mark(path, "undone")
        return Undone(manifest.changeset, tuple(file.path for file in back))

    def _way_back(self, manifest: Written) -> list[FileWrite]:
        back: list[FileWrite] = []
        changed: list[str] = []
        for file in manifest.files:
            path = Path(file.path)
            try:
                present = atomic.read_file(path, file.path)
            except ToolError:
                changed.append(file.path)
                continue
            found = None if present is None else digest_of(present)
            if found == file.old:
                continue
            if found != file.new:
                changed.append(file.path)
                continue
            old = None if file.old is None else self.blobs.read(file.old)
            back.append(FileWrite(path, present, old, file.mode))
        if changed:
            raise ToolError(f"not undone, changed since: {', '.join(changed)}")
        return back

    def _keep(self, file: FileWrite) -> WrittenFile:
        path = Path(os.path.realpath(file.path))
        old, new = (None if data is None else self.blobs.keep(data) for data in (file.old, file.new))
        mode = None
        if old is not None:
            with suppress(OSError):
                mode = stat.S_IMODE(path.stat().st_mode)
        origin = os.path.realpath(file.origin) if file.origin else ""
        return WrittenFile(str(path), old, new, mode, origin)

    def _newest_first(self) -> list[Path]:
        return sorted(self._manifests.glob("*.json"), reverse=True)

    def _last_number(self) -> int:
        newest = next(iter(self._newest_first()), None)
        return int(newest.name.split(".")[0]) if newest else 0

    def _load(self, path: Path) -> Written:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Written)
        except (OSError, msgspec.MsgspecError) as error:
            raise NanodeckError(f"the checkpoint {path} is damaged: {error}; nothing was changed") from error


def _state(manifest: Path) -> State:
    return cast(State, manifest.name.split(".")[1])


def _mark(manifest: Path, state: State) -> Path:
    """Change the state; one that cannot be changed is found out from the files themselves."""
    marked = manifest.with_name(f"{manifest.name.split('.')[0]}.{state}.json")
    try:
        return manifest.rename(marked)
    except OSError:
        return manifest


def _sweep(manifest: Written) -> None:
    """Remove what a process that died left beside the files it was writing."""
    for folder in {Path(file.path).parent for file in manifest.files}:
        for left in folder.glob(f"{atomic.TEMPORARY}*"):
            left.unlink(missing_ok=True)


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in reversed(folders):
        with suppress(OSError):
            Path(folder).rmdir()
