"""Checkpoints of a session: taken before what may change files, told once something was changed."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from nanodeck.contracts.changes import AppliedFile, ChangeKind
from nanodeck.contracts.checkpoints import FILES_TOLD, Checkpoint, CheckpointKind
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import CheckpointTaken, Noticed
from nanodeck.engine.prepared import ReadyCall
from nanodeck.engine.session import Session
from nanodeck.engine.waiting import finished
from nanodeck.shell.reading import read_command
from nanodeck.shell.writing import Touched, touched_by
from nanodeck.workspace.blobs import digest_of
from nanodeck.workspace.checkpoints import WrittenFile
from nanodeck.workspace.shadow import Difference, Taken

_log = logging.getLogger(__name__)


class _Point(Struct, frozen=True):
    """The workspace as it was just now, under `name`."""

    name: str
    taken: Taken
    time: float


class Checkpoints:
    """Lives on the engine's loop. What cannot be kept is said once; the work goes on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._problem = ""
        self._waiting: tuple[str, _Point] | None = None

    async def before_edits(self, turn: str) -> None:
        """Keep the workspace if nothing was changed in `turn` so far."""
        if not self._has_one(turn) and (point := await self._take(f"edits of {turn}")):
            self._waiting = (turn, point)

    def edited(self, agent: str, turn: str, changeset: str, files: Sequence[AppliedFile]) -> None:
        """Files were written: the checkpoint before them is one now."""
        if self._waiting and self._waiting[0] == turn and not self._has_one(turn):
            self._tell(agent, self._waiting[1], "turn", files, turn=turn, changeset=changeset)
        self._waiting = None

    @asynccontextmanager
    async def command(self, agent: str, call: ReadyCall) -> AsyncIterator[None]:
        """A command runs inside; what it changed is told and becomes part of what was written."""
        point = await self._take(call.id) if _may_write(call) else None
        try:
            yield
        finally:
            if point and not self._session.left:
                telling = asyncio.ensure_future(self._tell_command(agent, call.id, point))
                # A stop must not cost the person the way back.
                if await finished(telling):
                    raise asyncio.CancelledError
                telling.result()

    async def _tell_command(self, agent: str, call: str, before: _Point) -> None:
        session = self._session
        after = await self._take(f"after {call}")
        if after is None:
            return
        try:
            changed = await asyncio.to_thread(session.shadow.changed, before.taken.tree, after.taken.tree)
            if not changed:
                await asyncio.to_thread(session.shadow.forget, before.name, after.name)
                return
            changeset, turn = session.next_id("changeset"), session.state.agent(agent).turn
            written = [_written(session.workspace.root, difference) for difference in changed]
            kept = [file for file in written if _can_be_told(file.path)]
            await asyncio.to_thread(session.checkpointer.note, changeset, kept, turn=turn, call=call)
        except (NanodeckError, OSError) as error:
            self._failed(error)
            return
        kind: CheckpointKind = "command" if self._has_one(turn) else "turn"
        files = [_applied(difference) for difference in changed]
        self._tell(agent, before, kind, files, turn=turn, changeset=changeset, call=call)

    async def _take(self, what: str) -> _Point | None:
        """Keep the workspace as it is now; None where that cannot be done, which is said."""
        session = self._session
        name = f"{session.id}/{digest_of(what.encode('utf-8', 'surrogatepass'))[:16]}"
        try:
            taken = await asyncio.to_thread(session.shadow.take, name, tuple(session.written))
        except NanodeckError as error:
            self._failed(error)
            return None
        self._problem = ""
        return _Point(name, taken, time.time())

    def _tell(
        self, agent: str, point: _Point, kind: CheckpointKind, files: Sequence[AppliedFile], **about: str
    ) -> None:
        session = self._session
        last = session.state.checkpoints[-1].number if session.state.checkpoints else 0
        checkpoint = Checkpoint(
            session.next_id("checkpoint"),
            last + 1,
            kind,
            point.taken.tree,
            point.time,
            files=tuple(files[:FILES_TOLD]),
            total=len(files),
            added=sum(file.added for file in files),
            removed=sum(file.removed for file in files),
            skipped=tuple(_shown(path) for path in point.taken.skipped[:FILES_TOLD]),
            **about,
        )
        session.publish(agent, CheckpointTaken(checkpoint))

    def _has_one(self, turn: str) -> bool:
        return any(checkpoint.turn == turn for checkpoint in reversed(self._session.state.checkpoints))

    def _failed(self, error: NanodeckError | OSError) -> None:
        _log.warning("checkpoint: %s", error)
        text, advice = str(error), getattr(error, "advice", "")
        if text != self._problem:
            self._problem = text
            self._session.publish(MAIN_AGENT, Noticed("warning", f"no checkpoint was taken: {text}", advice))


def _may_write(call: ReadyCall) -> bool:
    """Whether anything may be changed by a command, as far as its text tells."""
    if not call.command or getattr(call.arguments, "background", False):
        return True
    reading = read_command(call.command)
    return bool(reading.script) or touched_by(reading.parts) != Touched()


def _written(root: os.PathLike[str], difference: Difference) -> WrittenFile:
    path = os.path.join(root, difference.path)
    modes = difference.old_mode or None, difference.new_mode or None
    return WrittenFile(path, difference.old, difference.new, modes[0], new_mode=modes[1])


def _applied(difference: Difference) -> AppliedFile:
    kind: ChangeKind = (
        "created" if difference.old is None else "deleted" if difference.new is None else "modified"
    )
    return AppliedFile(_shown(difference.path), kind, difference.added, difference.removed)


def _can_be_told(path: str) -> bool:
    """Whether a name is text: others are in the trees alone."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode()
