"""What files held before each changeset, so that the last one can be put back, also after a restart."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.workspace import atomic
from nanodeck.workspace.transaction import FileWrite, write_exactly, write_files

State = Literal["writing", "written", "void", "undone"]


@dataclass(frozen=True)
class Undone:
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
    state: State
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
        try:
            write_files(files, root)
        except BaseException:
            self._mark_last("void")
            raise
        self._mark_last("written")

    def before(self, changeset_id: str, files: Sequence[FileWrite]) -> None:
        """Keep the old bytes of `files`, on disk when this returns. Raises NanodeckError."""
        try:
            for folder in (self._blobs, self._manifests):
                _make_private(folder)
            kept = tuple(self._keep(file) for file in files)
            folders = tuple(dict.fromkeys(str(folder) for file in files for folder in _missing(file.path)))
            path = self._manifests / f"{self._last_number() + 1:08d}.json"
            self._save(path, _Manifest(changeset_id, "writing", kept, folders))
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
            manifest = self._load(path)
            if manifest.state not in ("writing", "written"):
                continue
            back = self._way_back(manifest)
            if not back and manifest.state == "writing":
                self._save(path, msgspec.structs.replace(manifest, state="void"))
                continue
            write_exactly(back)
            _remove_empty(manifest.folders)
            self._save(path, msgspec.structs.replace(manifest, state="undone"))
            return Undone(manifest.changeset, tuple(file.path for file in back))
        raise NanodeckError("there is no change to undo")

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
        return int(newest.stem) if newest else 0

    def _mark_last(self, state: State) -> None:
        path = self._newest_first()[0]
        self._save(path, msgspec.structs.replace(self._load(path), state=state))

    def _load(self, path: Path) -> _Manifest:
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Manifest)
        except (OSError, msgspec.MsgspecError) as error:
            raise NanodeckError(f"the checkpoint {path} is damaged: {error}; nothing was undone") from error

    def _save(self, path: Path, manifest: _Manifest) -> None:
        atomic.save(path, msgspec.json.encode(manifest))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _missing(path: Path) -> list[Path]:
    """The parents of `path` that a write must make, outermost first."""
    return [folder for folder in reversed(path.parents) if not folder.exists()]


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in reversed(folders):
        with suppress(OSError):
            Path(folder).rmdir()
