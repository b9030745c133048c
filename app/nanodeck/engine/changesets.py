"""Changesets: neighbouring edits staged together, reviewed together, written all or none."""

from __future__ import annotations

import asyncio
import logging

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import (
    ChangesetEnded,
    ChangesetProposed,
    ChangesUndone,
    CommentsSent,
    CommentWritten,
    HunksMarked,
    HunksRevised,
)
from nanodeck.contracts.requests import Answer, Request, ReviewDetail
from nanodeck.core.permissions import Verdict
from nanodeck.core.review import Review, propose
from nanodeck.core.review.steps import Steps, remarks, revisions
from nanodeck.engine.proposals import Proposal, proposed_files
from nanodeck.engine.session import Session
from nanodeck.engine.waiting import finished

_log = logging.getLogger(__name__)


class Outcome(Struct, frozen=True):
    """How a changeset ended; `review` knows what was accepted, `message` is the person's word on it."""

    review: Review
    message: str = ""
    failure: str = ""
    denied: bool = False
    stopped: bool = False
    """The turn was stopped while it was being written."""


class _Asked(Struct):
    """A review somebody is asked for, with every step it took."""

    steps: Steps
    request: Request


class Changesets:
    """The changesets of a session: under review now, and the way back from the last one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, _Asked] = {}

    def mark(self, changeset: str, marks: tuple[HunkMark, ...]) -> None:
        """Decide on hunks under review; marks for anything else are ignored. Raises NanodeckError."""
        if asked := self._open(changeset):
            asked.steps = asked.steps.mark(marks)
            marked = HunksMarked(changeset, marks, len(asked.steps.past), len(asked.steps.future))
            self._session.publish(asked.request.agent, marked)
            self._relocate(asked)

    def split(self, changeset: str, path: str, hunk: int) -> None:
        """Split a hunk under review. Raises NanodeckError where there is nothing to split it at."""
        if asked := self._open(changeset):
            self._step(asked, asked.steps.split(path, hunk))

    def undo_decision(self, changeset: str) -> None:
        """Take the last step of a review back."""
        if asked := self._open(changeset):
            self._step(asked, asked.steps.undo())

    def redo_decision(self, changeset: str) -> None:
        """Take it again."""
        if asked := self._open(changeset):
            self._step(asked, asked.steps.redo())

    def located(self, comment: Comment) -> Comment:
        """`comment` on its lines in the review it belongs to; as it is when that no longer waits."""
        asked = self._open(comment.changeset)
        return asked.steps.review.located(comment) if asked else comment

    def versions(self, changeset: str, path: str) -> tuple[bytes | None, bytes | None] | None:
        """A file of a review that waits: as it is, and as it becomes when all is accepted."""
        asked = self._open(changeset)
        return asked.steps.review.versions(path) if asked else None

    def waits(self, changeset: str) -> bool:
        """Whether somebody is asked for a review of `changeset`."""
        return self._open(changeset) is not None

    def _open(self, changeset: str) -> _Asked | None:
        """The review that waits; one that was sent is settled, also while it still waits to be written."""
        asked = self._asked.get(changeset)
        return asked if asked and self._session.requests.find(asked.request.id) else None

    def _step(self, asked: _Asked, steps: Steps) -> None:
        before, asked.steps = asked.steps.review, steps
        changeset, agent = before.id, asked.request.agent
        left = len(steps.past), len(steps.future)
        for revision in revisions(before, steps.review):
            revised = HunksRevised(changeset, revision.path, revision.gone, revision.hunks, *left)
            self._session.publish(agent, revised)
        if marks := remarks(before, steps.review):
            self._session.publish(agent, HunksMarked(changeset, marks, *left))
        self._relocate(asked)

    def _relocate(self, asked: _Asked) -> None:
        """Let the comments of a review follow its hunks."""
        review = asked.steps.review
        for comment in self._comments(review):
            if (located := review.located(comment)) != comment:
                self._session.publish(asked.request.agent, CommentWritten(located))

    def _comments(self, review: Review) -> list[Comment]:
        """The open comments on a review."""
        return [comment for comment in self._session.state.comments if comment.changeset == review.id]

    async def run(self, proposal: Proposal) -> Outcome:
        """Take staged edits through review and write what was accepted."""
        session = self._session
        changeset_id = session.next_id("changeset")
        review = await asyncio.to_thread(
            lambda: propose(changeset_id, proposal.calls, list(proposed_files(proposal.files)))
        )
        session.publish(proposal.agent, ChangesetProposed(review.changeset))
        try:
            outcome = await self._decide(review, proposal)
            if not (outcome.denied or outcome.failure):
                outcome = await self._write(outcome, proposal)
        except asyncio.CancelledError:
            session.publish(proposal.agent, ChangesetEnded(changeset_id, ()))
            raise
        applied = () if outcome.failure or outcome.denied else outcome.review.applied()
        session.publish(
            proposal.agent,
            ChangesetEnded(changeset_id, applied, outcome.review.rejected, outcome.failure),
        )
        if outcome.review.comments and not outcome.failure:
            told = tuple(comment.id for comment in outcome.review.comments)
            session.publish(proposal.agent, CommentsSent(told))
        return outcome

    async def _decide(self, review: Review, proposal: Proposal) -> Outcome:
        verdict = proposal.verdict()
        if verdict.decision == "ask" and review.changeset.files:
            answer, review = await self._ask(review, proposal, verdict)
            if answer.choice == "deny":
                return Outcome(review.reject_all(), answer.message, denied=True)
            # The mode may have changed while the person thought it over.
            verdict, message = proposal.verdict(), answer.message
        else:
            review, message = review.accept_all(), ""
        refusal = verdict.reason if verdict.decision == "deny" else ""
        return Outcome(review, message, refusal)

    async def _ask(self, review: Review, proposal: Proposal, verdict: Verdict) -> tuple[Answer, Review]:
        changeset = review.changeset
        hunks = sum(len(file.hunks) for file in changeset.files)
        request = Request(
            self._session.next_id("request"),
            proposal.agent,
            proposal.calls[0],
            ReviewDetail(changeset.id, len(changeset.files), hunks),
            verdict.reason,
            verdict.rule,
        )
        return await self.ask(review, request)

    async def ask(self, review: Review, request: Request) -> tuple[Answer, Review]:
        """A person's answer to `request`, and `review` with the marks made until then."""
        asked = self._asked[review.id] = _Asked(Steps(review), request)
        try:
            answer = await self._session.requests.ask(request)
            review = asked.steps.review
            return answer, review.commented(self._comments(review))
        finally:
            del self._asked[review.id]

    async def _write(self, outcome: Outcome, proposal: Proposal) -> Outcome:
        targets = outcome.review.targets()
        if not targets:
            return outcome
        session = self._session
        writes = proposal.writes(targets)
        await session.synced()
        changeset, root = outcome.review.id, session.workspace.root
        turn = session.state.agent(proposal.agent).turn
        writing = asyncio.ensure_future(
            asyncio.to_thread(session.checkpointer.write, changeset, writes, root, turn=turn)
        )
        # A write that has begun is finished and told: half of it would be worse than a late stop.
        stopped = await finished(writing)
        session.answers.forget()
        try:
            writing.result()
        except (OSError, NanodeckError) as error:
            _log.warning("changeset not written: %s", error)
            return replace(outcome, failure=str(error), stopped=stopped)
        session.written.update(write_done.path for write_done in writes)
        for write_done in writes:
            if write_done.new is not None and not write_done.folder:
                session.ledger.saw(write_done.path, write_done.new)
        return replace(outcome, stopped=stopped)

    async def undo(self) -> ChangesUndone:
        """Put back the last changeset. Raises NanodeckError when there is none or a file changed since."""
        self._session.answers.forget()
        undone = await asyncio.to_thread(self._session.checkpointer.undo)
        shown = tuple(self._session.workspace.show(path) for path in undone.files)
        return ChangesUndone(undone.changeset, shown)
