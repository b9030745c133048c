"""Checkpoints of a session: taken before what may change files, told once something was changed."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from operator import itemgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile, ChangeKind
from nanodeck.contracts.checkpoints import FILES_TOLD, Checkpoint, CheckpointKind
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import CheckpointTaken, Noticed
from nanodeck.contracts.text import text_of
from nanodeck.engine.calls.facts import judged
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.engine.session import Session
from nanodeck.engine.waiting import finished
from nanodeck.workspace.shadow import AFTER, Difference, Taken
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.written import Written, WrittenFile, number_of

_log = logging.getLogger(__name__)


class Point(Struct, frozen=True):
    """The workspace as it was at `time`, kept as `name`; later changesets have higher numbers."""

    name: str
    taken: Taken
    time: float
    number: int = 0


class Checkpoints:
    """Lives on the engine's loop. What cannot be kept is said once; the work goes on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.problem = ""
        """Why the last one could not be taken."""
        self._waiting: tuple[str, Point] | None = None
        self._running: dict[str, Point] = {}
        self._by_hand: list[tuple[int, WrittenFile]] = []
        self._following: set[asyncio.Task[None]] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._taking_up: asyncio.Task[None] | None = None

    async def before_edits(self, turn: str) -> None:
        """Keep the workspace if nothing was changed in `turn` so far."""
        if not self._has_one(turn) and (point := await self._try(self.name_of(f"edits of {turn}"))):
            self._waiting = (turn, point)

    def edited(self, agent: str, turn: str, changeset: str, files: Sequence[AppliedFile]) -> None:
        """Files were written: the checkpoint before them is one now."""
        if self._waiting and self._waiting[0] == turn and not self._has_one(turn):
            self.tell(agent, self._waiting[1], "turn", files, turn=turn, changeset=changeset)
        self._waiting = None

    async def before_rewind(self, changeset: str) -> Point | None:
        """Keep the workspace as it is before files go back; None where that cannot be done, which is said."""
        return await self._try(self.name_of(changeset))

    def rewound(self, point: Point, turn: str, changeset: str, files: Sequence[AppliedFile]) -> None:
        """Files went back to before `turn`: the checkpoint before that is one now."""
        self.tell(MAIN_AGENT, point, "rewind", files, turn=turn, changeset=changeset)

    @asynccontextmanager
    async def command(self, agent: str, call: ReadyCall) -> AsyncIterator[None]:
        """A command runs inside; what it changed is told and becomes part of what was written.

        That of a command that goes on as a job is told when the job has ended.
        """
        turn, jobs = self._session.state.agent(agent).turn, len(self._session.state.jobs)
        point = await self._try(self.name_of(f"{call.id} of {turn}")) if self._may_write(call) else None
        if point:
            self._running[call.id] = point
        try:
            yield
        finally:
            self._running.pop(call.id, None)
            begun = self._session.state.jobs[jobs:]
            if point and begun:
                following = self._follow(begun[-1].id, agent, turn, call.id, point)
                self._following.add(task := asyncio.create_task(following, name="following"))
                task.add_done_callback(self._following.discard)
            elif point and not self._session.left:
                telling = asyncio.ensure_future(self._tell_command(agent, turn, call.id, point))
                # A stop must not cost the person the way back.
                if await finished(telling):
                    raise asyncio.CancelledError
                telling.result()

    @asynccontextmanager
    async def between_runs(self, call: str) -> AsyncIterator[None]:
        """The command of a call does not run inside: what changes meanwhile is not its doing."""
        point = self._running.get(call)
        ended = await self._try(f"{point.name}.ended{AFTER}") if point else None
        try:
            yield
        finally:
            if ended:
                looking = asyncio.ensure_future(self._look_by_hand(ended))
                if await finished(looking):
                    raise asyncio.CancelledError
                looking.result()

    async def wrote(self, path: Path) -> None:
        """Nanodeck itself wrote the file at `path` as the person wanted: no command's doing."""
        try:
            digest = await asyncio.to_thread(self._keep, path)
        except OSError as error:
            self._failed(error)
            return
        self._note_by_hand(WrittenFile(str(path), None, digest))

    def take_up(self, agent: str, calls: Sequence[tuple[str, str]]) -> None:
        """Find out what commands changed whose process was stopped before it could tell: (turn, call)."""
        number = number_of(self._session.next_id("point"))
        self._taking_up = asyncio.create_task(self._take_up(agent, calls, number), name="taking-up")

    async def close(self) -> None:
        """Nothing more is found out, but for what nobody else will: of commands, whose jobs have ended."""
        if self._taking_up:
            await asyncio.wait([self._taking_up])
        await asyncio.gather(*self._following, return_exceptions=True)
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    def start_beside(self, work: Coroutine[None, None, None]) -> None:
        """Do `work` while other things go on; the end of the session ends it."""
        task = asyncio.create_task(work, name="checkpoints")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _follow(self, job: str, agent: str, turn: str, call: str, before: Point) -> None:
        await self._session.jobs.ended(job)
        if not self._session.left:
            await self._tell_command(agent, turn, call, before)

    async def _take_up(self, agent: str, calls: Sequence[tuple[str, str]], number: int) -> None:
        told = {(checkpoint.turn, checkpoint.call) for checkpoint in self._session.state.checkpoints}
        for turn, call in calls:
            name = self.name_of(f"{call} of {turn}")
            tree = await asyncio.to_thread(self._session.shadow.find, name)
            if tree and (turn, call) not in told:
                await self._tell_command(agent, turn, call, Point(name, Taken(tree), time.time(), number))

    async def take(self, name: str) -> Point:
        """Keep the workspace as it is now. Raises NanodeckError."""
        number = number_of(self._session.next_id("point"))
        taken = await asyncio.to_thread(self._session.shadow.take, name, tuple(self._session.written))
        return Point(name, taken, time.time(), number)

    def name_of(self, what: str) -> str:
        """What the store calls a tree of this session."""
        return f"{self._session.id}/{digest_of(what.encode('utf-8', 'surrogatepass'))[:16]}"

    def tell(
        self, agent: str, point: Point, kind: CheckpointKind, files: Sequence[AppliedFile], **about: str
    ) -> None:
        """The workspace was kept before `files` were changed."""
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
            skipped=tuple(text_of(path) for path in point.taken.skipped[:FILES_TOLD]),
            **about,
        )
        session.publish(agent, CheckpointTaken(checkpoint))

    def _may_write(self, call: ReadyCall) -> bool:
        """Whether anything may be changed by a command, as far as the judge can tell."""
        session = self._session
        if not call.command or getattr(call.arguments, "background", False):
            return True
        return judged(call.command, session.shell.folder, session.workspace.root).verdict != "allow"

    async def _tell_command(self, agent: str, turn: str, call: str, before: Point) -> None:
        session = self._session
        after = await self._try(before.name + AFTER)
        if after is None:
            return
        # A rule that is just being written down is known to be nobody's command only then.
        await session.rules.settled()
        try:
            changed = await asyncio.to_thread(self._changed, before, after)
            if not changed:
                await asyncio.to_thread(session.shadow.forget, before.name, after.name)
                return
            changeset = session.next_id("changeset")
            files = written_files(session.workspace.root, changed)
            await asyncio.to_thread(
                session.checkpointer.note, Written(changeset, files, turn=turn, call=call)
            )
        except (NanodeckError, OSError) as error:
            self._failed(error)
            return
        kind: CheckpointKind = "command" if self._has_one(turn) else "turn"
        self.tell(agent, before, kind, applied(changed), turn=turn, changeset=changeset, call=call)

    def _changed(self, before: Point, after: Point) -> list[Difference]:
        """What differs, without what was written by others meanwhile."""
        session, root = self._session, self._session.workspace.root
        changed = session.shadow.changed(before.taken.tree, after.taken.tree)
        history = session.checkpointer.history() if changed and before.number else []
        told = [(number_of(written.changeset), file) for written in history for file in written.files]
        since = sorted(
            (noted for noted in (*told, *self._by_hand) if noted[0] > before.number), key=itemgetter(0)
        )
        theirs = {file.path: file for _, file in since}
        left = [_after(difference, theirs.get(os.path.join(root, difference.path))) for difference in changed]
        return [d for d in left if (d.old, d.old_mode) != (d.new, d.new_mode)]

    async def _look_by_hand(self, ended: Point) -> None:
        """Note what the person changed since a command's first run had `ended`."""
        again = await self._try(ended.name.removesuffix(AFTER) + f".again{AFTER}")
        if again is None:
            return
        try:
            changed = await asyncio.to_thread(
                self._session.shadow.changed, ended.taken.tree, again.taken.tree
            )
        except (NanodeckError, OSError) as error:
            self._failed(error)
            return
        for file in written_files(self._session.workspace.root, changed):
            self._note_by_hand(file)

    def _note_by_hand(self, file: WrittenFile) -> None:
        self._by_hand.append((number_of(self._session.next_id("point")), file))

    def _keep(self, path: Path) -> str | None:
        try:
            return self._session.checkpointer.blobs.keep(path.read_bytes())
        except FileNotFoundError:
            return None

    async def _try(self, name: str) -> Point | None:
        """Keep the workspace as it is now; None where that cannot be done, which is said."""
        try:
            point = await self.take(name)
        except NanodeckError as error:
            self._failed(error)
            return None
        self.problem = ""
        return point

    def _has_one(self, turn: str) -> bool:
        return any(checkpoint.turn == turn for checkpoint in reversed(self._session.state.checkpoints))

    def _failed(self, error: NanodeckError | OSError) -> None:
        _log.warning("checkpoint: %s", error)
        text, advice = str(error), getattr(error, "advice", "")
        if text != self.problem:
            self.problem = text
            self._session.publish(MAIN_AGENT, Noticed("warning", f"no checkpoint was taken: {text}", advice))


def written_files(root: os.PathLike[str], changed: Sequence[Difference]) -> tuple[WrittenFile, ...]:
    """What differs, as files that were written."""
    return tuple(
        WrittenFile(
            os.path.join(root, difference.path),
            difference.old,
            difference.new,
            difference.old_mode or None,
            new_mode=difference.new_mode or None,
        )
        for difference in changed
    )


def applied(changed: Sequence[Difference]) -> list[AppliedFile]:
    """What differs, counted."""
    return [AppliedFile(text_of(d.path), _kind(d), d.added, d.removed) for d in changed]


def _after(difference: Difference, theirs: WrittenFile | None) -> Difference:
    """What is left of a difference after what others wrote."""
    if theirs is None:
        return difference
    mode = theirs.new_mode or difference.old_mode or difference.new_mode if theirs.new else 0
    return replace(difference, old=theirs.new, old_mode=mode)


def _kind(difference: Difference) -> ChangeKind:
    if difference.old is None:
        return "created"
    return "deleted" if difference.new is None else "modified"
