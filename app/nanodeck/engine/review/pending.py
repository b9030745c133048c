"""Proposals that wait for a person, kept in the session's folder: a review outlives the process."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from nanodeck.contracts.events import Envelope
from nanodeck.contracts.reviewing import HunksMarked, HunksRevised
from nanodeck.engine.review.proposals import Proposal, StagedEdit
from nanodeck.store.plain import open_plain
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.staging import Origin, StagedFile

_log = logging.getLogger(__name__)

Decided = HunksMarked | HunksRevised


class _KeptFile(Struct, frozen=True):
    """A staged file as it is kept."""

    path: str
    shown: str
    old: bytes | None
    new: bytes | None
    note: str
    mode: int | None
    folder: bool
    origin: tuple[str, str, bytes] | None


class _Kept(Struct, frozen=True):
    """A proposal as it is kept."""

    edits: tuple[StagedEdit, ...]
    files: tuple[_KeptFile, ...]


class Pending(Struct, frozen=True):
    """A review that another process left open: its proposal, and what was decided on it.

    Of a plan there is nothing but the `call` that handed it in.
    """

    changeset: str
    edits: tuple[StagedEdit, ...] = ()
    files: tuple[StagedFile, ...] = ()
    events: tuple[Decided, ...] = ()
    call: str = ""


class Proposals:
    """The proposals kept in `folder`, one file a changeset."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, changeset: str, proposal: Proposal) -> None:
        """Keep `proposal`; where that fails its review does not outlive the process."""
        kept = _Kept(proposal.edits, tuple(_kept(file) for file in proposal.files))
        try:
            atomic.make_private(self._folder)
            atomic.save(self._folder / changeset, msgspec.msgpack.encode(kept))
        except OSError as error:
            _log.warning("a review cannot be kept for a restart: %s", error)

    def forget(self, changeset: str) -> None:
        """Remove what was kept of a changeset that has ended."""
        with suppress(OSError):
            (self._folder / changeset).unlink(missing_ok=True)

    def pending(self, changeset: str, past: Sequence[Envelope]) -> Pending | None:
        """A review of an earlier process; None where it was not kept whole."""
        try:
            with open_plain(self._folder / changeset) as file:
                kept = msgspec.msgpack.decode(file.read(), type=_Kept)
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("the review %s cannot be taken up: %s", changeset, error)
            return None
        events = (envelope.event for envelope in past)
        decided = (event for event in events if isinstance(event, Decided) and event.changeset == changeset)
        return Pending(changeset, kept.edits, tuple(map(_staged, kept.files)), tuple(decided))


def _kept(file: StagedFile) -> _KeptFile:
    origin = (str(file.origin.path), file.origin.shown, file.origin.data) if file.origin else None
    return _KeptFile(
        str(file.path), file.shown, file.old, file.new, file.note, file.mode, file.folder, origin
    )


def _staged(kept: _KeptFile) -> StagedFile:
    origin = Origin(Path(kept.origin[0]), *kept.origin[1:]) if kept.origin else None
    path = Path(kept.path)
    return StagedFile(
        *(path, kept.shown, kept.old, kept.new, kept.note, kept.mode, kept.folder, origin),
        atomic.anchor_of(path.parent),
    )
