"""Changes computed but not written: what a batch of edits adds up to."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.discreet import HIDDEN
from nanodeck.contracts.errors import ToolError
from nanodeck.core.secrets import Secrets
from nanodeck.workspace.ledger import Freshness, ReadLedger
from nanodeck.workspace.paths import Location
from nanodeck.workspace.writing.atomic import Anchor, anchor_of, read_file


class Origin(Struct, frozen=True):
    """The file that another is moved or copied from, and its bytes on disk."""

    path: Path
    shown: str
    data: bytes


class StagedFile(Struct, frozen=True):
    """One file's bytes before and after the batch (None = absent); `note` says how edits were matched.

    `mode` is that of a file made anew, if not the usual one. A `folder` has no bytes, only a place.
    `anchor` is the folder it was found in.
    """

    path: Path
    shown: str
    old: bytes | None
    new: bytes | None
    note: str = ""
    mode: int | None = None
    folder: bool = False
    origin: Origin | None = None
    anchor: Anchor | None = None


class Staging:
    """The changes of one batch, in the order the files were first touched.

    What is among `secrets` was hidden from whoever makes them.
    """

    def __init__(self, ledger: ReadLedger, secrets: Secrets = tuple) -> None:
        self.ledger = ledger
        self._secrets = secrets
        self._files: dict[Path, StagedFile] = {}
        self._looked: dict[Path, bytes | None] = {}
        self._anchors: dict[Path, Anchor | None] = {}

    def current(self, location: Location) -> bytes | None:
        """The file as the batch leaves it, staged or else on disk; None = absent. Raises ToolError."""
        if staged := self._files.get(location.path):
            return staged.new
        # Before the file: who swaps the folder in between is found out.
        self._anchors[location.path] = anchor_of(location.path.parent)
        data = read_file(location.path, location.shown)
        self._looked[location.path] = data
        return data

    def standing(self, location: Location, data: bytes) -> Freshness:
        """Whether the model knows `data`, the current content: what this batch staged, it does."""
        return "fresh" if location.path in self._files else self.ledger.standing(location.path, data)

    def take_from(self, source: Location, target: Location, new: bytes, note: str, mode: int | None) -> None:
        """Stage `new` as the content of `target`, which is a copy of `source` or `source` moved there."""
        self.put(target, new, note, mode)
        known = self._files.get(source.path)
        data = self._looked.get(source.path)
        if known and known.old is None:
            # Made in this batch: what it was made from is what counts.
            origin = known.origin
        else:
            origin = Origin(source.path, source.shown, data) if data is not None else None
        self._files[target.path] = replace(self._files[target.path], origin=origin)

    def put(self, location: Location, new: bytes | None, note: str = "", mode: int | None = None) -> None:
        """Stage `new` (None = deleted) as the content, computed from what `current` last gave.

        Raises ToolError.
        """
        staged = self._files.get(location.path)
        if staged is None and location.path not in self._looked:
            self.current(location)
        self._check(location, staged.new if staged else self._looked[location.path], new)
        if staged is None:
            old = self._looked[location.path]
            anchor = self._anchors[location.path]
            self._files[location.path] = StagedFile(
                location.path, location.shown, old, new, note, mode, anchor=anchor
            )
            return
        told = staged.note.split("; ") if staged.note else []
        notes = [*told, note] if note and note not in told else told
        self._files[location.path] = replace(staged, new=new, note="; ".join(notes), mode=mode or staged.mode)

    def _check(self, location: Location, now: bytes | None, new: bytes | None) -> None:
        """What was hidden must not be replaced by what the model saw in its place. Raises ToolError."""
        mark = HIDDEN.encode()
        if not now or not new or new.count(mark) <= now.count(mark):
            return
        secrets = (secret.encode("utf-8", "replace") for secret in self._secrets())
        if any(secret in now and secret not in new for secret in secrets):
            raise ToolError(
                f"{location.shown}: {HIDDEN} stands for a key that is hidden from you and would be lost: "
                "change other lines alone"
            )

    def make_folder(self, location: Location) -> None:
        """Stage a folder that is not there."""
        anchor = anchor_of(location.path.parent)
        made = StagedFile(location.path, f"{location.shown}/", None, b"", folder=True, anchor=anchor)
        self._files[location.path] = made

    def folder(self, location: Location) -> bool:
        """Whether a folder is staged at this place."""
        return location.path in self._files and self._files[location.path].folder

    def fork(self) -> Staging:
        """The same changes, to go on from without touching these."""
        forked = Staging(self.ledger, self._secrets)
        forked._files, forked._looked = dict(self._files), dict(self._looked)
        forked._anchors = dict(self._anchors)
        return forked

    def adopt(self, forked: Staging) -> None:
        """Go on with what a fork made of these changes."""
        self._files, self._looked, self._anchors = forked._files, forked._looked, forked._anchors

    @property
    def files(self) -> tuple[StagedFile, ...]:
        """Every file whose bytes the batch changes."""
        return tuple(file for file in self._files.values() if file.new != file.old)
