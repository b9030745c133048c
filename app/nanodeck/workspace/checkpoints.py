"""What files held before each changeset, so that the last one can be put back, also after a restart."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.workspace import atomic
from nanodeck.workspace.transaction import FileWrite, HalfWrittenError, write_exactly, write_files

# The state is part of a manifest's name, so that changing it needs no room on the disk. 'writing' and
# 'undoing' stay behind when the process dies meanwhile; 'void' was never written.
State = Literal["writing", "written", "void", "undoing", "undone"]
_OVER = ("void", "undone")


class Undone(Struct, frozen=True):
    """A changeset that was put back and the files this changed."""

    changeset: str
    files: tuple[Path, ...]


class _File(Struct, frozen=True, omit_defaults=True):
    """One file's content before and after, by hash (None = absent)."""

    path: str
    old: str | None
    new: str | None
    mode: int | None = None


class _Manifest(Struct, frozen=True):
    """One changeset; `folders` are those the write makes."""

    changeset: str
    files: tuple[_File, ...]
    folders: tuple[str, ...]


class Checkpointer:
    """Keeps old bytes under `folder`: blobs by hash and one numbered manifest a changeset."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        self._manifests = folder / "changesets"

    def write(self, changeset_id: str, files: Sequence[FileWrite], root: Path) -> None:
        """Keep the old bytes, then `write_files`; a write that fails leaves nothing to undo."""
        self.before(changeset_id, files)
        path = self._newest_first()[0]
        try:
            write_files(files, root)
        except HalfWrittenError:
            raise
        except BaseException:
            _mark(path, "void")
            raise
        _mark(path, "written")

    def before(self, changeset_id: str, files: Sequence[FileWrite]) -> None:
        """Keep the old bytes of `files`, on disk when this returns. Raises NanodeckError."""
        try:
            for folder in (self._blobs, self._manifests):
                _make_private(folder)
            kept = tuple(self._keep(file) for file in files if not file.folder)
            inner = (file.path / "in it" if file.folder else file.path for file in files)
            folders = tuple(dict.fromkeys(str(folder) for path in inner for folder in _missing(path)))
            path = self._manifests / f"{self._last_number() + 1:08d}.writing.json"
            atomic.save(path, msgspec.json.encode(_Manifest(changeset_id, kept, folders)))
        except OSError as error:
            raise NanodeckError(
                f"the old bytes cannot be kept ({error.strerror}); nothing was written",
                "free some room, then try again",
            ) from error

    def undo(self) -> Undone:
        """Put back the last changeset that is not undone yet, all of it or nothing.

        Files that already hold their old bytes are left alone, so an undo cut short by a crash is finished
        by the next one. Raises ToolError naming files that were changed since, NanodeckError when there is
        nothing to undo.
        """
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
            _mark(path, "written" if back else "void")
            return None
        undone = self._put_back(path, manifest, back)
        return undone if back else None

    def _put_back(self, path: Path, manifest: _Manifest, back: Sequence[FileWrite]) -> Undone:
        if _state(path) != "written":
            _sweep(manifest)
        path = _mark(path, "undoing")
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

    def _way_back(self, manifest: _Manifest) -> list[FileWrite]:
        back: list[FileWrite] = []
        changed: list[str] = []
        for file in manifest.files:
            path = Path(file.path)
            try:
                present = atomic.read_file(path, file.path)
            except ToolError:
                changed.append(file.path)
                continue
            found = None if present is None else _digest(present)
            if found == file.old:
                continue
            if found != file.new:
                changed.append(file.path)
                continue
            back.append(FileWrite(path, present, self._blob(file.old), file.mode))
        if changed:
            raise ToolError(f"not undone, changed since: {', '.join(changed)}")
        return back

    def _keep(self, file: FileWrite) -> _File:
        path = Path(os.path.realpath(file.path))
        new = None if file.new is None else _digest(file.new)
        if file.old is None:
            return _File(str(path), None, new)
        digest = _digest(file.old)
        blob = self._blobs / digest[:2] / digest
        if not blob.exists():
            _make_private(blob.parent)
            atomic.save(blob, file.old)
        with suppress(OSError):
            return _File(str(path), digest, new, stat.S_IMODE(path.stat().st_mode))
        return _File(str(path), digest, new)

    def _blob(self, digest: str | None) -> bytes | None:
        if digest is None:
            return None
        data = atomic.read_file(self._blobs / digest[:2] / digest, "the checkpoint")
        if data is None or _digest(data) != digest:
            raise NanodeckError("the checkpoint's kept bytes are damaged; nothing was undone")
        return data

    def _newest_first(self) -> list[Path]:
        return sorted(self._manifests.glob("*.json"), reverse=True)

    def _last_number(self) -> int:
        newest = next(iter(self._newest_first()), None)
        return int(newest.name.split(".")[0]) if newest else 0

    def _load(self, path: Path) -> _Manifest:
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Manifest)
        except (OSError, msgspec.MsgspecError) as error:
            raise NanodeckError(f"the checkpoint {path} is damaged: {error}; nothing was undone") from error


def _state(manifest: Path) -> State:
    return cast(State, manifest.name.split(".")[1])


def _mark(manifest: Path, state: State) -> Path:
    """Change the state; one that cannot be changed is found out from the files themselves."""
    marked = manifest.with_name(f"{manifest.name.split('.')[0]}.{state}.json")
    try:
        return manifest.rename(marked)
    except OSError:
        return manifest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _make_private(folder: Path) -> None:
    for missing in (*_missing(folder), folder):
        missing.mkdir(mode=0o700, exist_ok=True)


def _sweep(manifest: _Manifest) -> None:
    """Remove what a process that died left beside the files it was writing."""
    for folder in {Path(file.path).parent for file in manifest.files}:
        for left in folder.glob(f"{atomic.TEMPORARY}*"):
            left.unlink(missing_ok=True)


def _missing(path: Path) -> list[Path]:
    """The parents of `path` that a write must make, outermost first."""
    return [folder for folder in reversed(path.parents) if not folder.exists()]


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in reversed(folders):
        with suppress(OSError):
            Path(folder).rmdir()
