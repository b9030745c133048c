"""Going back to before a turn: files, the conversation, or both."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.commands import MAIN_AGENT, Rewind
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.rewinding import RewindFile, RewindPlan, RewindTurn
from nanodeck.contracts.views import AgentView, Entry, ReplyEntry, SaidEntry, TurnMark
from nanodeck.core.prompt import after_rewind
from nanodeck.engine.agent import Agent
from nanodeck.engine.diffs.sources import Sources
from nanodeck.engine.review.reviews import Reviews
from nanodeck.engine.session import Session
from nanodeck.engine.undo.checkpoints import Checkpoints
from nanodeck.engine.undo.wayback import Way, entry_of, ways_back, writes_since
from nanodeck.workspace.shadow.restoring import Restored, in_the_way


class _Look(Struct, frozen=True):
    """What a rewind of files would do: every way with its numbers, and the changesets that go."""

    ways: Sequence[Way]
    files: Sequence[RewindFile]
    taken: Sequence[str]


class Rewinding:
    """Goes back in a session whose agent is at rest."""

    def __init__(
        self, session: Session, main: Agent, sources: Sources, reviews: Reviews, checkpoints: Checkpoints
    ) -> None:
        self._session = session
        self._main = main
        self._sources = sources
        self._reviews = reviews
        self._checkpoints = checkpoints

    @property
    def _view(self) -> AgentView:
        return self._session.state.agent(MAIN_AGENT)

    async def turns(self) -> tuple[RewindTurn, ...]:
        """The turns one can go back to before, newest first. Raises NanodeckError."""
        history = await asyncio.to_thread(self._session.checkpointer.history)
        show = self._session.workspace.show
        written = {(one.turn, show(Path(file.path))) for one in history for file in one.files}
        totals = Counter(turn for turn, _ in written)
        turns, messages, end = [], 0, len(self._view.transcript)
        for mark, entries in _turns(self._view, end):
            messages += sum(isinstance(entry, SaidEntry | ReplyEntry) for entry in entries)
            prompts = [entry.text for entry in entries if isinstance(entry, SaidEntry)]
            # What could not be said is no turn one could want to go back to.
            if prompts:
                files = tuple(file for file in mark.files if (mark.turn, file.path) in written)
                turns.append(RewindTurn(mark.turn, prompts[0], mark.time, messages, files, totals[mark.turn]))
        return tuple(turns)

    async def plan(self, turn: str) -> RewindPlan:
        """What going back to before `turn` would do. Raises NanodeckError."""
        found = await self._turn(turn)
        try:
            look = await self._look(turn)
        except NanodeckError as error:
            return RewindPlan(turn, (), found.messages, error.message)
        return RewindPlan(turn, tuple(look.files), found.messages)

    async def run(self, command: Rewind) -> None:
        """Go back. Raises NanodeckError when nothing was done."""
        turn = await self._turn(command.turn)
        if command.what != "files" and self._view.typed:
            raise NanodeckError("a command of yours is running", "stop it with esc, then /rewind")
        event = ev.Rewound(turn.turn, command.what, prompt=turn.text)
        if command.what != "files":
            event = replace(event, messages=turn.messages, changeset=self._session.next_id("changeset"))
        others: Collection[str] = ()
        if command.what in ("files", "both"):
            event = await self._put_back(event, frozenset(command.skip))
            others = event.skipped
        elif command.what == "conversation":
            others = {file.path for file in (await self.plan(turn.turn)).files}
        if command.what == "summary":
            self._main.summarise(event)
        else:
            self.tell(event, others)

    def tell(self, event: ev.Rewound, others: Collection[str]) -> None:
        """Say what went back; `others` are files that did not, though they changed since."""
        self._main.go_back(event)
        files = [file.path for file in event.files]
        if told := after_rewind(files, sorted(others), forgotten=event.what != "files"):
            self._main.note(told)

    async def _put_back(self, event: ev.Rewound, skip: Collection[str]) -> ev.Rewound:
        """Give files what they held before the turn, all of them or none. Raises NanodeckError."""
        session, look = self._session, await self._look(event.turn)
        skip = {*skip, *_blocked(look.ways, skip)}
        going = [way for way in look.ways if way.goes and way.shown not in skip]
        event = replace(event, skipped=tuple(_left_alone(look.ways, skip)))
        if not going:
            return event
        changeset = event.changeset or session.next_id("changeset")
        applied = _applied(look.files, {way.shown for way in going})
        event = replace(event, files=applied, changeset=changeset, taken=tuple(look.taken))
        files = [Restored(way.path, way.present, way.target) for way in going]
        await session.synced()
        kept = await self._checkpoints.before_rewind(changeset)
        await asyncio.to_thread(session.checkpointer.restore, changeset, files, rewound=event)
        session.answers.forget()
        session.written.update(way.path for way in going)
        await self._reviews.look(way.path for way in going)
        if kept:
            self._checkpoints.rewound(kept, event.turn, changeset, applied)
        return event

    async def _look(self, turn: str) -> _Look:
        """What became of every file since `turn` began, and its way back. Raises NanodeckError."""
        checkpointer, workspace = self._session.checkpointer, self._session.workspace
        writes = await asyncio.to_thread(writes_since, turn, checkpointer)
        ways = await asyncio.to_thread(ways_back, writes, workspace, checkpointer.blobs.find)
        going = [way for way in ways if way.goes]
        drawn = await self._sources.draw([entry_of(way) for way in going])
        tallies = {way.shown: (diff.added, diff.removed) for way, diff in zip(going, drawn, strict=True)}
        files = [
            RewindFile(way.shown, way.kind, *tallies.get(way.shown, (0, 0)), way.state, way.why)
            for way in ways
        ]
        return _Look(ways, files, [written.changeset for written in writes])

    async def _turn(self, name: str) -> RewindTurn:
        """A turn that is part of the conversation. Raises NanodeckError."""
        for turn in await self.turns():
            if turn.turn == name:
                return turn
        raise NanodeckError(f"{name} is no turn of this conversation", "/rewind lists them")


def _blocked(ways: Sequence[Way], skip: Collection[str]) -> list[str]:
    """The files that cannot come back while what is in their place stays."""
    going = [way for way in ways if way.goes and way.shown not in skip]
    blocked = in_the_way([Restored(way.path, way.present, way.target) for way in going])
    return [way.shown for way in going if way.path in blocked]


def _left_alone(ways: Sequence[Way], skip: Collection[str]) -> list[str]:
    """The files that stay as they are, though they were changed."""
    return [way.shown for way in ways if way.state == "clash" or (way.goes and way.shown in skip)]


def _applied(files: Sequence[RewindFile], going: Collection[str]) -> tuple[AppliedFile, ...]:
    """What becomes of those that go back."""
    return tuple(AppliedFile(f.path, f.kind, f.added, f.removed) for f in files if f.path in going)


def _turns(view: AgentView, end: int) -> list[tuple[TurnMark, list[Entry]]]:
    """Every turn with its entries, newest first."""
    turns = []
    for place in reversed(range(len(view.turns))):
        mark = view.turns[place]
        turns.append((mark, [view.transcript[position] for position in range(mark.position, end)]))
        end = mark.position
    return turns
