"""What files held before and after each changeset: the last one can be put back, also after a restart."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Literal, cast

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.contracts.rewinding import Rewound
from nanodeck.contracts.text import text_of
from nanodeck.workspace.shadow.restoring import (
    Restored,
    Restorer,
    Version,
    in_the_way,
    version_of,
)
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.blobs import Blobs, Elsewhere, digest_of
from nanodeck.workspace.writing.transaction import FileWrite, HalfWrittenError, write_exactly, write_files
from nanodeck.workspace.writing.written import (
    Side,
    Written,
    WrittenFile,
    decoded,
    encoded,
    exact_write,
    noted,
)

# The state is part of a manifest's name, so that changing it needs no room on the disk. 'writing',
# 'undoing' and 'redoing' stay behind when the process dies meanwhile; 'void' was never written.
# What is 'past' was undone before something else was written: it is not redone any more.
State = Literal["writing", "written", "void", "undoing", "undone", "redoing", "past"]
_UNDONE = ("undone", "past")
_OVER = ("void", *_UNDONE)
_ALONE: dict[State, State] = {"writing": "void", "redoing": "undone"}
"""What these become where no file was touched."""


class Undone(Struct, frozen=True):
    """A changeset that was put back and the files this changed."""

    changeset: str
    files: tuple[Path, ...]


class Checkpointer:
    """Keeps bytes before and after under `folder`: blobs, and one numbered manifest a changeset.

    `elsewhere` finds the bytes of what commands changed, `restorer` gives files links and rights. Writing
    and undoing may be asked for by several threads: one waits for the other.
    """

    def __init__(
        self, folder: Path, elsewhere: Elsewhere = lambda digests: {}, restorer: Restorer | None = None
    ) -> None:
        self.blobs = Blobs(folder / "blobs", elsewhere)
        self._restorer = restorer
        self._manifests = folder / "changesets"
        self._lock = Lock()
        self._loaded: dict[str, Written] = {}
        self._own: dict[Path, tuple[str | None, str | None]] = {}

    def write(
        self, changeset_id: str, files: Sequence[FileWrite], root: Path, *, turn: str = "", back: bool = False
    ) -> None:
        """Keep the bytes, then `write_files`; a write that fails leaves nothing to undo."""
        with self._lock:
            path = self.before(changeset_id, files, turn=turn, back=back)
            self._note_own(files)
            _do(path, lambda: write_files(files, root), "written", failed="void")
            self._overtake(path)

    def before(
        self, changeset_id: str, files: Sequence[FileWrite], *, turn: str = "", back: bool = False
    ) -> Path:
        """Keep the bytes of `files`, on disk when this returns; answers where that is noted.

        Raises NanodeckError.
        """
        try:
            kept = tuple(self._keep(file) for file in files if not file.folder)
        except OSError as error:
            raise _no_room(error) from error
        inner = (file.path / "in it" if file.folder else file.path for file in files)
        made = dict.fromkeys(str(parent) for path in inner for parent in atomic.missing_parents(path))
        return self._begin(Written(changeset_id, kept, tuple(made), turn, back))

    def note(self, written: Written) -> None:
        """Add what was written by others, a command or a restore, to what was written. Raises OSError."""
        with self._lock:
            atomic.make_private(self._manifests)
            path = self._manifests / f"{self._last_number() + 1:08d}.written.json"
            atomic.save(path, encoded(written))
            self._overtake(path)

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

    def restore(
        self,
        changeset_id: str,
        files: Sequence[Restored],
        *,
        rewound: Rewound | None = None,
        loaded: str = "",
    ) -> None:
        """Give files their targets, all or none, to be undone like any write; the rest as in `Written`.

        Raises NanodeckError, as a StaleFilesError where files are not what they were.
        """
        with self._lock:
            self._keep_versions(files)
            held = tuple(map(noted, files))
            manifest = Written(changeset_id, held, back=True, rewound=rewound, loaded=loaded)
            path = self._begin(manifest)
            self._put(path, manifest, files, "written", failed="void")
            self._overtake(path)

    def last(self) -> str:
        """The changeset that `undo` would put back; empty for none."""
        return next(
            (self._load(path).changeset for path in self._newest_first() if _state(path) not in _OVER), ""
        )

    def gone(self) -> list[Written]:
        """What was written and is undone. Raises NanodeckError."""
        return [self._load(path) for path in self._newest_first() if _state(path) in _UNDONE]

    def undone(self) -> str:
        """The changeset that `redo` would write again; empty for none."""
        path = self._to_redo()
        return self._load(path).changeset if path else ""

    def _to_redo(self) -> Path | None:
        found = None
        for path in self._newest_first():
            if _state(path) == "undone":
                found = path
            elif _state(path) != "void":
                break
        return found

    def _overtake(self, written: Path) -> None:
        """What was undone before `written` came is past."""
        number = _number(written)
        for path in (path for path in self._newest_first() if _number(path) < number):
            if _state(path) == "undone":
                _mark(path, "past")
            elif _state(path) not in _OVER:
                break

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
                back = self._way(manifest, back=True)
                if not back and _state(path) in _ALONE:
                    _mark(path, _ALONE[_state(path)])
                    continue
                return self._put_back(path, manifest, back)
        raise NanodeckError("there is no change to undo")

    def redo(self) -> Undone:
        """Write the changeset again that was undone last, if nothing was written since; all or nothing.

        Raises ToolError naming files that were changed since, NanodeckError when there is nothing to redo.
        """
        with self._lock:
            undone = self._to_redo()
            if undone is None:
                raise NanodeckError("there is no change to redo")
            manifest = self._load(undone)
            files = self._way(manifest, back=False)
            self._put(_mark(undone, "redoing"), manifest, files, "written", failed="undone")
            return Undone(manifest.changeset, tuple(file.path for file in files))

    def settle(self) -> None:
        """Finish what any process that died was putting back in this workspace. Raises NanodeckError."""
        if self._restorer:
            self._restorer.recover()

    def recover(self) -> Undone | None:
        """After a crash: take back a changeset left half written or half undone; None when there is none.

        Raises ToolError naming files that were changed since.
        """
        self.settle()
        path = next((path for path in self._newest_first() if _state(path) not in _OVER), None)
        if path is None or _state(path) == "written":
            return None
        manifest = self._load(path)
        _sweep(manifest)
        back = self._way(manifest, back=True)
        if _state(path) in _ALONE and len(back) in (0, len(manifest.files)):
            if not back:
                _remove_empty(manifest.folders)
            _mark(path, "written" if back else _ALONE[_state(path)])
            return None
        undone = self._put_back(path, manifest, back)
        return undone if back else None

    def _put_back(self, path: Path, manifest: Written, back: Sequence[Restored]) -> Undone:
        if _state(path) != "written":
            _sweep(manifest)
        self._put(_mark(path, "undoing"), manifest, back, "undone", failed="written")
        return Undone(manifest.changeset, tuple(file.path for file in back))

    def _put(
        self, path: Path, manifest: Written, files: Sequence[Restored], done: State, *, failed: State
    ) -> None:
        """Give `files` their targets; the state is `done` then, and `failed` where that fails."""
        exact = [exact_write(file) for file in files]
        self._note_own(exact)

        def write() -> None:
            if manifest.has_modes and self._restorer:
                self._restorer.restore(files)
            else:
                write_exactly(exact)
            if done == "undone":
                _remove_empty(manifest.folders)

        _do(path, write, done, failed=failed)

    def _way(self, manifest: Written, *, back: bool) -> list[Restored]:
        """What undoes a changeset, or with `back` off writes it again. Raises ToolError, NanodeckError."""
        going: list[tuple[Path, Version | None, Side, bool]] = []
        changed: list[str] = []
        for file in manifest.files:
            old, new = Side(file.old, file.mode), Side(file.new, file.new_mode)
            here, there = (new, old) if back else (old, new)
            try:
                present = version_of(Path(file.path))
            except OSError:
                changed.append(file.path)
                continue
            # Rights that a write left alone are the person's.
            with_mode = manifest.has_modes and file.mode != file.new_mode
            if there.is_held(present, with_mode):
                continue
            if not here.is_held(present, with_mode):
                changed.append(file.path)
            going.append((Path(file.path), present, there, with_mode))
        if changed:
            raise _changed_since(changed, back=back)
        kept = self.blobs.read_all(there.digest for _, _, there, _ in going if there.digest)
        files = [
            Restored(path, present, there.version(kept, present, with_mode))
            for path, present, there, with_mode in going
        ]
        if taken := in_the_way(files):
            raise _changed_since(map(str, taken), back=back)
        return files

    def _begin(self, written: Written) -> Path:
        """Note what is about to be written, on disk when this returns. Raises NanodeckError."""
        try:
            atomic.make_private(self._manifests)
            path = self._manifests / f"{self._last_number() + 1:08d}.writing.json"
            atomic.save(path, encoded(written))
        except OSError as error:
            raise _no_room(error) from error
        return path

    def _keep_versions(self, files: Sequence[Restored]) -> None:
        """Keep the bytes that nobody keeps yet. Raises NanodeckError."""
        versions = [version for file in files for version in (file.present, file.target) if version]
        data = {digest_of(version.data): version.data for version in versions}
        known = self.blobs.find(data)
        try:
            for digest in data.keys() - known.keys():
                self.blobs.keep(data[digest])
        except OSError as error:
            raise _no_room(error) from error

    def _keep(self, file: FileWrite) -> WrittenFile:
        path = Path(os.path.realpath(file.path))
        old, new = (None if data is None else self.blobs.keep(data) for data in (file.old, file.new))
        mode = None
        if old is not None:
            with suppress(OSError):
                mode = path.stat().st_mode
        origin = os.path.realpath(file.origin) if file.origin else ""
        return WrittenFile(str(path), old, new, mode, origin)

    def _newest_first(self) -> list[Path]:
        return sorted(self._manifests.glob("*.json"), reverse=True)

    def _last_number(self) -> int:
        newest = next(iter(self._newest_first()), None)
        return _number(newest) if newest else 0

    def _load(self, path: Path) -> Written:
        try:
            return decoded(atomic.load(path))
        except (OSError, msgspec.MsgspecError) as error:
            raise NanodeckError(f"the checkpoint {path} is damaged: {error}; nothing was changed") from error


def _do(path: Path, write: Callable[[], None], done: State, *, failed: State) -> None:
    """Write, and mark what became of it; what is half written stays marked as that."""
    try:
        write()
    except HalfWrittenError:
        raise
    except (NanodeckError, OSError):
        _mark(path, failed)
        raise
    _mark(path, done)


def _number(manifest: Path) -> int:
    return int(manifest.name.split(".")[0])


def _state(manifest: Path) -> State:
    return cast(State, manifest.name.split(".")[1])


def _mark(manifest: Path, state: State) -> Path:
    """Change the state; one that cannot be changed is found out from the files themselves."""
    marked = manifest.with_name(f"{manifest.name.split('.')[0]}.{state}.json")
    for _ in range(2):
        try:
            return manifest.rename(marked)
        except OSError:
            continue
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


def _changed_since(paths: Iterable[str], *, back: bool) -> ToolError:
    return ToolError(
        f"not {'undone' if back else 'redone'}, changed since: {', '.join(map(text_of, paths))}",
        "/rewind puts back what can be, and leaves such files alone",
    )


def _no_room(error: OSError) -> NanodeckError:
    return NanodeckError(
        f"the old bytes cannot be kept ({error.strerror}); nothing was written",
        "free some room, then try again",
    )
