"""Checkpoints that a person asks for by name, and the store of all of them."""

from __future__ import annotations

import asyncio
import logging

from nanodeck.contracts.checkpoints import Checkpoint, CheckpointsDropped, CheckpointStore
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Noticed
from nanodeck.contracts.text import counted
from nanodeck.core.keeping import DAYS, MEGABYTES
from nanodeck.engine.session import Session
from nanodeck.engine.undo.checkpoints import Checkpoints, Point, applied
from nanodeck.workspace.shadow import NAMED, Difference
from nanodeck.workspace.shadow.restoring import Restored, Version

MEGABYTE = 1 << 20

_log = logging.getLogger(__name__)


class KeptCheckpoints:
    """Makes, loads and drops checkpoints of a session; says what all of the workspace take."""

    def __init__(self, session: Session, checkpoints: Checkpoints) -> None:
        self._session = session
        self._checkpoints = checkpoints

    async def create(self, name: str) -> None:
        """Keep the workspace as `name`. Raises NanodeckError."""
        name = name.strip()
        if not name:
            raise NanodeckError("a checkpoint needs a name", "/checkpoint create NAME")
        if self._find(name):
            raise NanodeckError(f"there is a checkpoint {name}", f"/checkpoint delete {name} drops it")
        point = await self._checkpoints.take(self._reference(name))
        self._checkpoints.tell(MAIN_AGENT, point, "named", (), name=name)
        left_out = f"; {counted(len(point.taken.skipped), 'file')} not kept" if point.taken.skipped else ""
        self._say(f"checkpoint {name}: {self._session.workspace.root.name} is kept as it is{left_out}")

    async def delete(self, name: str) -> None:
        """Drop the checkpoint `name`. Raises NanodeckError."""
        found = self._named(name)
        await asyncio.to_thread(self._session.shadow.forget, self._reference(found.name))
        self._session.publish(MAIN_AGENT, CheckpointsDropped((found.id,)))
        self._say(f"checkpoint {found.name} is dropped")

    async def load(self, name: str) -> tuple[str, ...]:
        """Give every file back what it held at `name`; the files it changed. Raises NanodeckError."""
        session, found = self._session, self._named(name)
        changeset = session.next_id("changeset")
        now = await self._checkpoints.take(self._checkpoints.name_of(changeset))
        changed = await asyncio.to_thread(session.shadow.changed, now.taken.tree, found.tree)
        if not changed:
            self._say(f"everything is as it was at checkpoint {found.name}")
            return ()
        await asyncio.to_thread(self._restore, changeset, found, changed)
        return self._told(now, found, changeset, changed)

    async def trim(self) -> None:
        """Let go of what is too old or too much where there is such, so that no store grows for ever."""
        shadow = self._session.shadow
        try:
            if await asyncio.to_thread(shadow.overdue, DAYS, int(MEGABYTES * MEGABYTE)):
                await self.collect(DAYS, MEGABYTES)
            else:
                await asyncio.to_thread(shadow.tidy)
        except NanodeckError as error:
            # Another start does it.
            _log.warning("checkpoints: %s", error)

    async def collect(self, days: float, megabytes: float) -> None:
        """Drop what is too old and, from the oldest on, what is too much. Raises NanodeckError."""
        session = self._session
        before = await asyncio.to_thread(session.shadow.stored)
        await asyncio.to_thread(session.shadow.collect, days, int(megabytes * MEGABYTE))
        kept = await asyncio.to_thread(session.shadow.trees)
        gone = tuple(known.id for known in session.state.checkpoints if known.tree not in kept)
        if gone:
            session.publish(MAIN_AGENT, CheckpointsDropped(gone))
        now = await asyncio.to_thread(session.shadow.stored)
        freed = max(before.size - now.size, 0) / MEGABYTE
        self._say(f"{counted(before.kept - now.kept, 'checkpoint')} dropped, {freed:.1f} MB freed")

    async def store(self) -> CheckpointStore:
        """What all sessions keep of the workspace."""
        folder = str(self._session.shadow.folder)
        try:
            found = await asyncio.to_thread(self._session.shadow.stored)
        except NanodeckError as error:
            return CheckpointStore(folder, problem=error.message)
        problem = "" if found.kept else self._checkpoints.problem
        return CheckpointStore(folder, found.size, found.kept, found.oldest, problem)

    def _restore(self, changeset: str, found: Checkpoint, changed: list[Difference]) -> None:
        session = self._session
        root, shadow = session.workspace.root, session.shadow
        held = shadow.read(digest for d in changed for digest in (d.old, d.new) if digest)

        def version(digest: str | None, mode: int) -> Version | None:
            if digest is None:
                return None
            if digest not in held:
                raise NanodeckError("what it held is no longer kept; nothing was changed")
            return Version(held[digest], mode)

        files = [
            Restored(root / d.path, version(d.old, d.old_mode), version(d.new, d.new_mode)) for d in changed
        ]
        session.checkpointer.restore(changeset, files, loaded=found.id)

    def _told(
        self, now: Point, found: Checkpoint, changeset: str, changed: list[Difference]
    ) -> tuple[str, ...]:
        files = applied(changed)
        self._checkpoints.tell(MAIN_AGENT, now, "rewind", files, changeset=changeset, name=found.name)
        self._say(f"{counted(len(files), 'file')} as at checkpoint {found.name}", "/undo takes that back")
        return tuple(file.path for file in files)

    def _named(self, name: str) -> Checkpoint:
        if found := self._find(name.strip()):
            return found
        known = ", ".join(c.name for c in self._session.state.checkpoints if c.kind == "named")
        raise NanodeckError(
            f"there is no checkpoint {name.strip() or 'without a name'}",
            f"there are: {known}" if known else "/checkpoint create NAME makes one",
        )

    def _find(self, name: str) -> Checkpoint | None:
        checkpoints = self._session.state.checkpoints
        return next((c for c in reversed(checkpoints) if c.kind == "named" and c.name == name), None)

    def _reference(self, name: str) -> str:
        return f"{NAMED}/{self._checkpoints.name_of(name).replace('/', '-')}"

    def _say(self, text: str, advice: str = "") -> None:
        self._session.publish(MAIN_AGENT, Noticed("info", text, advice))
