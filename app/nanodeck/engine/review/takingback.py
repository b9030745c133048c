"""Taking an applied hunk back: out of the file as it is now, where all that came after it stays."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.commands import TakeBack
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import HunkTakenBack
from nanodeck.core.review import Found, ProposedFile
from nanodeck.core.review.carrying import carry, reversals
from nanodeck.engine.diffs.sources import GIT_SOURCES, Sources
from nanodeck.engine.review.reviews import Reviews
from nanodeck.engine.session import Session
from nanodeck.workspace.encoding import encoding_of
from nanodeck.workspace.writing.atomic import read_file
from nanodeck.workspace.writing.transaction import FileWrite


class TakingBack:
    """Takes hunks back, one after the other: only one `run` at a time."""

    def __init__(self, session: Session, sources: Sources, reviews: Reviews) -> None:
        self._session = session
        self._sources = sources
        self._reviews = reviews

    async def run(self, command: TakeBack) -> HunkTakenBack:
        """Write the files without the hunk. Raises NanodeckError, also where it no longer fits."""
        session = self._session
        if command.source.kind in GIT_SOURCES:
            raise NanodeckError("only an agent's changes can be taken back", "git restores all others")
        reading = await self._sources.look(command.source)
        load = reading.find(command.path, "agent").load
        if load is None:
            raise NanodeckError(f"{command.path} cannot be read")
        writes = await asyncio.to_thread(lambda: self._writes(reversals(load(), command.hunk)))
        if not writes:
            why = f"the rights of {command.path} are not taken back here"
            raise NanodeckError(why, "/undo and /rewind put them back")
        changeset, root = session.next_id("changeset"), session.workspace.root
        seen = [write for write in writes if write.new is not None and self._is_known(write)]
        await session.synced()
        await asyncio.to_thread(session.checkpointer.write, changeset, writes, root, back=True)
        session.answers.forget()
        session.written.update(write.path for write in writes)
        for write in seen:
            session.ledger.saw(write.path, write.new or b"")
        await self._reviews.look(write.path for write in writes)
        return HunkTakenBack(command.source, command.path, command.hunk, changeset)

    def _writes(self, changes: Sequence[ProposedFile]) -> list[FileWrite]:
        workspace = self._session.workspace
        writes: list[FileWrite] = []
        for change in changes:
            location = workspace.locate(change.path, workspace.root)
            now = read_file(location.path, location.shown)
            try:
                targets = carry(change, Found(now, encoding_of(now or change.old or b"")))
            except NanodeckError as error:
                raise NanodeckError(f"not taken back from {change.path}: {error.message}") from None
            mode = self._mode_before(location.path) if now is None else None
            writes += [FileWrite(location.path, now, target.new, mode) for target in targets]
        if len(writes) > 1:
            # A file that was moved goes back to where it was.
            gone = next(write.path for write in writes if write.new is None)
            mode = stat.S_IMODE(gone.stat().st_mode)
            return [w if w.new is None else replace(w, origin=gone, mode=mode) for w in writes]
        return writes

    def _mode_before(self, path: Path) -> int | None:
        """The rights that a file had before it was deleted."""
        kept = (file for written in reversed(self._session.checkpointer.history()) for file in written.files)
        return next((file.mode for file in kept if file.path == str(path) and file.mode is not None), None)

    def _is_known(self, write: FileWrite) -> bool:
        """Whether the model knows the file as it is, so that it knows it without the hunk as well."""
        return write.old is not None and self._session.ledger.standing(write.path, write.old) == "fresh"
