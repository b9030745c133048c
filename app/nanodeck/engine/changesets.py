"""Changesets: neighbouring edits staged together, reviewed together, written all or none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import ChangesetEnded, ChangesetProposed, ChangesUndone, HunksMarked
from nanodeck.contracts.requests import Answer, Request, ReviewDetail
from nanodeck.core.permissions import Verdict
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.workspace.staging import StagedFile
from nanodeck.workspace.transaction import FileWrite

if TYPE_CHECKING:
    from nanodeck.engine.session import Session

_log = logging.getLogger(__name__)


@dataclass
class Proposal:
    """Staged edits of one batch: which call touched which file, and the verdict that asks, if any."""

    agent: str
    files: Sequence[StagedFile]
    paths: dict[str, set[str]] = field(default_factory=dict)
    """Call id -> paths it staged, as shown."""
    asking: Verdict | None = None


@dataclass(frozen=True)
class Outcome:
    """How a changeset ended; `review` knows what was accepted, `message` is the person's word on it."""

    review: Review
    message: str = ""
    failure: str = ""
    denied: bool = False
    stopped: bool = False
    """The turn was stopped while it was being written."""


class Changesets:
    """The changesets of a session: under review now, and the way back from the last one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reviews: dict[str, Review] = {}

    def mark(self, changeset: str, marks: tuple[HunkMark, ...]) -> None:
        """Decide on hunks under review; marks for anything else are ignored. Raises NanodeckError."""
        if changeset in self._reviews:
            self._reviews[changeset] = self._reviews[changeset].mark(marks)
            self._session.publish(self._agent_of(changeset), HunksMarked(changeset, marks))

    def _agent_of(self, changeset: str) -> str:
        for review in self._session.state.reviews:
            if review.changeset.id == changeset:
                return review.agent
        return "main"

    async def run(self, proposal: Proposal) -> Outcome:
        """Take staged edits through review and write what was accepted."""
        session = self._session
        changeset_id = session.next_id("changeset")
        proposed = [ProposedFile(file.shown, file.old, file.new, file.note) for file in proposal.files]
        review = await asyncio.to_thread(propose, changeset_id, tuple(proposal.paths), proposed)
        session.publish(proposal.agent, ChangesetProposed(review.changeset))
        self._reviews[changeset_id] = review
        try:
            outcome = await self._decide(review, proposal)
            if not outcome.denied:
                outcome = await self._write(outcome, proposal)
        except asyncio.CancelledError:
            session.publish(proposal.agent, ChangesetEnded(changeset_id, ()))
            raise
        finally:
            del self._reviews[changeset_id]
        applied = () if outcome.failure or outcome.denied else outcome.review.applied()
        session.publish(
            proposal.agent,
            ChangesetEnded(changeset_id, applied, outcome.review.rejected, outcome.failure),
        )
        if outcome.stopped:
            raise asyncio.CancelledError
        return outcome

    async def _decide(self, review: Review, proposal: Proposal) -> Outcome:
        if proposal.asking is None or not review.changeset.files:
            return Outcome(review.accept_all())
        changeset = review.changeset
        hunks = sum(len(file.hunks) for file in changeset.files)
        request = Request(
            self._session.next_id("request"),
            proposal.agent,
            next(iter(proposal.paths)),
            ReviewDetail(changeset.id, len(changeset.files), hunks),
            proposal.asking.reason,
            proposal.asking.rule,
        )
        answer: Answer = await self._session.requests.ask(request)
        decided = self._reviews[changeset.id]
        if answer.choice == "deny":
            everything = [
                HunkMark(file.path, hunk.id, "rejected") for file in changeset.files for hunk in file.hunks
            ]
            return Outcome(decided.mark(everything), answer.message, denied=True)
        return Outcome(decided, answer.message)

    async def _write(self, outcome: Outcome, proposal: Proposal) -> Outcome:
        targets = outcome.review.targets()
        if not targets:
            return outcome
        session = self._session
        where = {file.shown: file.path for file in proposal.files}
        writes = [FileWrite(where[target.path], target.old, target.new) for target in targets]
        await session.synced()

        stopped = False
        try:
            writing = asyncio.ensure_future(
                asyncio.to_thread(
                    session.checkpointer.write, outcome.review.changeset.id, writes, session.workspace.root
                )
            )
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                # A write that has begun is finished and told: half of it would be worse than a late stop.
                stopped = True
                await writing
        except (OSError, NanodeckError) as error:
            _log.warning("changeset not written: %s", error)
            return replace(outcome, failure=str(error), stopped=stopped)
        for write_done in writes:
            if write_done.new is not None:
                session.ledger.saw(write_done.path, write_done.new)
        return replace(outcome, stopped=stopped)

    async def undo(self) -> ChangesUndone:
        """Put back the last changeset. Raises NanodeckError when there is none or a file changed since."""
        undone = await asyncio.to_thread(self._session.checkpointer.undo)
        shown = tuple(self._session.workspace.show(path) for path in undone.files)
        return ChangesUndone(undone.changeset, shown)
