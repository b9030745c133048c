"""The diffs of a session's sources: what calls and turns wrote, and what git tells."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from nanodeck.contracts.changes import Author, FileDiff, Hunk
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import DiffPage, Source
from nanodeck.core.review.proposed import ProposedFile
from nanodeck.engine.diffs.readings import Entry, Reading, look_at_git, look_at_writes, with_outside
from nanodeck.engine.session import Session
from nanodeck.engine.undo.wayback import look_back
from nanodeck.workspace.diffing import draw_files
from nanodeck.workspace.git.differences import read_blob
from nanodeck.workspace.writing.atomic import read_file

GIT_SOURCES = ("head", "staged")


class Sources:
    """Reads diffs for faces; keeps the one read last, so that its pages fit together."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reading: Reading | None = None
        self._drawn: dict[tuple[str | None, ...], FileDiff] = {}

    async def page(self, query: ReadDiff) -> DiffPage:
        """Some files of a diff; why there are none is part of the answer."""
        reading = self._reading
        if reading is None or reading.source != query.source or not query.first:
            reading = self._reading = await self.look(query.source)
            keys = {entry.key for entry in reading.entries}
            self._drawn = {key: diff for key, diff in self._drawn.items() if key in keys}
        first = max(query.first, 0)
        files = await self.draw(reading.entries[first : first + max(query.limit, 1)])
        return DiffPage(query.source, tuple(files), len(reading.entries), reading.problem)

    async def look(self, source: Source) -> Reading:
        """Find out what differs now, without drawing it."""
        workspace, meant = self._session.workspace, source
        if source.kind == "turn" and not source.name:
            meant = Source("turn", self._session.state.agent(MAIN_AGENT).last_turn)
        try:
            if source.kind in GIT_SOURCES:
                return await look_at_git(source, workspace)
            if source.kind == "rewind":
                return await asyncio.to_thread(look_back, source, workspace, self._session.checkpointer)
            found = await asyncio.to_thread(look_at_writes, meant, workspace, self._session.checkpointer)
            outside = self._session.state.outside
            if source.kind == "session" and outside:
                return await with_outside(found, workspace, outside)
            return replace(found, source=source)
        except NanodeckError as error:
            return Reading(source, problem=error.message)

    async def draw(self, entries: Sequence[Entry]) -> list[FileDiff]:
        """The diffs of `entries`, in their order; one that cannot be read says why."""
        missing = [entry for entry in entries if not (entry.diff or entry.key in self._drawn)]
        drawn = {entry.key: self._drawn[entry.key] for entry in entries if entry.key in self._drawn}
        loaded = await asyncio.to_thread(lambda: [_loaded(entry) for entry in missing])
        diffs = iter(await draw_files([file for file in loaded if isinstance(file, ProposedFile)]))
        for entry, file in zip(missing, loaded, strict=True):
            diff = next(diffs) if isinstance(file, ProposedFile) else file
            drawn[entry.key] = replace(diff, author=entry.author)
        self._drawn.update(drawn)
        return [entry.diff or drawn[entry.key] for entry in entries]

    async def versions(
        self, source: Source, path: str, author: Author = "agent"
    ) -> tuple[bytes | None, bytes | None]:
        """Both versions of a file, as in the diff that was read last. Raises NanodeckError."""
        reading = self._reading
        if reading is None or reading.source != source:
            reading = await self.look(source)
        entry = reading.find(path, author)
        if entry.load:
            file = await asyncio.to_thread(entry.load)
            return file.old, file.new
        root, name = self._session.workspace.root, entry.diff.old_path if entry.diff else ""
        old = await read_blob(root, f"HEAD:./{name or path}")
        if source.kind == "staged":
            return old, await read_blob(root, f":./{path}")
        return old, await asyncio.to_thread(read_file, root / path, path)


def _loaded(entry: Entry) -> ProposedFile | FileDiff:
    """What an entry is drawn from, or the diff that says why it cannot be."""
    why = ""
    try:
        if entry.load:
            return entry.load()
    except NanodeckError as error:
        why = f"cannot be shown: {error.message}"
    return FileDiff(entry.path, "modified", (Hunk(1, 0, 0, 0, 0, "", ""),), note=why)
