"""Changesets: neighbouring edits staged together, reviewed together, written all or none."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.contracts.events import ChangesetEnded, ChangesetProposed, Noticed
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.rules import Why
from nanodeck.contracts.text import counted
from nanodeck.core.review import Review
from nanodeck.core.review.decisions import Place
from nanodeck.core.review.replay import replayed
from nanodeck.core.review.steps import Steps
from nanodeck.engine.review.outside import Outside
from nanodeck.engine.review.pending import Pending
from nanodeck.engine.review.proposals import Proposal, proposed_files
from nanodeck.engine.review.reviews import Reviews, rebased_on
from nanodeck.engine.session import Session
from nanodeck.engine.undo.checkpoints import Checkpoints
from nanodeck.engine.waiting import finished
from nanodeck.workspace.diffing import review_files
from nanodeck.workspace.writing.transaction import StaleFilesError

TRIES = 3
"""How often a change is moved along with files that go on changing while it is written."""

_log = logging.getLogger(__name__)


class Outcome(Struct, frozen=True):
    """How a changeset ended; `review` knows what was accepted, `message` is the person's word on it."""

    review: Review
    message: str = ""
    failure: str = ""
    denied: bool = False
    stopped: bool = False
    """The turn was stopped while it was being written."""


class _Decided(Struct, frozen=True):
    """What is to be written, the steps that led there, and whether a person took them."""

    outcome: Outcome
    steps: Steps
    asked: bool


class Changesets:
    """The changesets of a session: proposed, decided on, written, and the way back from the last one."""

    def __init__(
        self, session: Session, reviews: Reviews, outside: Outside, checkpoints: Checkpoints
    ) -> None:
        self.checkpoints = checkpoints
        self._session = session
        self._reviews = reviews
        self._outside = outside

    async def run(self, proposal: Proposal, pending: Pending | None = None) -> Outcome:
        """Take staged edits through review and write what was accepted; a `pending` review goes on."""
        session = self._session
        self._outside.start()
        changeset = pending.changeset if pending else session.next_id("changeset")
        try:
            proposed = await asyncio.to_thread(
                lambda: [file for file in proposed_files(proposal.files) if file.changes]
            )
            review = Review(changeset, proposal.calls, tuple(await review_files(proposed)))
            steps = await self._begun(review, proposal, pending)
            outcome = await self._carry_out(steps, proposal, asked=pending is not None)
        except asyncio.CancelledError:
            session.publish(proposal.agent, ChangesetEnded(changeset, ()))
            raise
        finally:
            if not session.left:
                session.proposals.forget(changeset)
        applied = () if outcome.failure or outcome.denied else outcome.review.applied()
        rejected = outcome.review.rejected
        session.publish(proposal.agent, ChangesetEnded(changeset, applied, rejected, outcome.failure))
        if not outcome.failure:
            self._reviews.told(outcome.review, proposal.agent)
        return outcome

    async def _begun(self, review: Review, proposal: Proposal, pending: Pending | None) -> Steps:
        """A review before its first step, or with those of another process, on the files as they are."""
        session = self._session
        if pending is None:
            session.publish(proposal.agent, ChangesetProposed(review.changeset))
            return Steps(review)
        steps = await asyncio.to_thread(replayed, review, pending.events)
        with suppress(ToolError):
            found, known = await rebased_on(steps, proposal)
            steps = steps.rebase(found, known)
        for shown in session.state.reviews:
            if shown.changeset.id == review.id:
                self._reviews.moved(shown, steps, proposal.agent)
        return steps

    async def _carry_out(self, steps: Steps, proposal: Proposal, *, asked: bool) -> Outcome:
        """Decide and write; decide again where files changed so that not all of it applies.

        A review that was asked once is the person's until they send it, whatever the mode is by then.
        """
        while True:
            decided = await self._decide(steps, proposal, asked=asked)
            asked = decided.asked
            if decided.outcome.denied or decided.outcome.failure:
                return decided.outcome
            if swapped := await asyncio.to_thread(proposal.swapped):
                names = ", ".join(map(self._session.workspace.show, swapped))
                why = f"{names}: not the folder it was when the change was proposed"
                if not asked:
                    return replace(decided.outcome, failure=why)
                self._reopened(why, proposal.agent)
                proposal = await asyncio.to_thread(proposal.anchored)
                steps = decided.steps
                continue
            try:
                done = await self._write(decided, proposal)
            except NanodeckError as error:
                _log.warning("changeset not written: %s", error)
                return replace(decided.outcome, failure=str(error))
            if isinstance(done, Outcome):
                return done
            steps = done

    async def _decide(self, steps: Steps, proposal: Proposal, *, asked: bool) -> _Decided:
        why, message = proposal.why(), ""
        wanted = why.verdict == "ask" or (asked and why.verdict == "allow")
        asked = wanted and bool(steps.review.files)
        if asked:
            await asyncio.to_thread(self._session.proposals.keep, steps.review.id, proposal)
            answer, steps = await self._reviews.ask(steps, self._request(steps, proposal, why), proposal)
            review = self._reviews.commented(steps.review)
            if answer.choice == "deny":
                return _Decided(Outcome(review.reject_all(), answer.message, denied=True), steps, asked)
            # The mode may have changed while the person thought it over.
            why, message = proposal.why(), answer.message
        else:
            review = steps.review.accept_all()
        refusal = why.reason if why.verdict == "deny" else ""
        return _Decided(Outcome(review, message, refusal), steps, asked)

    def _request(self, steps: Steps, proposal: Proposal, why: Why) -> Request:
        files = steps.review.changeset.files
        detail = ReviewDetail(steps.review.id, len(files), sum(len(file.hunks) for file in files))
        number = self._session.next_id("request")
        return Request(number, proposal.agent, proposal.calls[0], detail, why)

    async def _write(self, decided: _Decided, proposal: Proposal) -> Outcome | Steps:
        """Write what applies to the files as they are now; the steps to decide on again where not all does.

        Raises NanodeckError when nothing was written.
        """
        review = decided.outcome.review
        for _ in range(TRIES):
            found, known = await rebased_on(review, proposal)
            now = review.rebase(found, known)
            if lost := review.written - now.written:
                break
            try:
                return await self._write_exactly(replace(decided.outcome, review=now), proposal)
            except StaleFilesError:
                continue
        else:
            raise NanodeckError("the files change all the time; nothing was written")
        if not decided.asked:
            names = ", ".join(sorted({path for path, _ in lost}))
            raise NanodeckError(f"changed since they were read: {names}; nothing was written")
        return self._gone_stale(decided.steps, decided.steps.rebase(found, known), lost, proposal.agent)

    def _gone_stale(self, before: Steps, steps: Steps, lost: frozenset[Place], agent: str) -> Steps:
        """Say that the review stays open, as a part of what was accepted no longer applies."""
        self._reviews.moved(before.review, steps, agent)
        names = ", ".join(sorted({path for path, _ in lost}))
        text = f"{counted(len(lost), 'hunk')} that you accepted no longer apply: changed meanwhile in {names}"
        self._reopened(text, agent)
        return steps

    def _reopened(self, why: str, agent: str) -> None:
        advice = "nothing was written: look at the review again and send it"
        self._session.publish(agent, Noticed("warning", why, advice))

    async def _write_exactly(self, outcome: Outcome, proposal: Proposal) -> Outcome:
        """Write what was accepted, all or none. Raises NanodeckError."""
        targets = outcome.review.targets()
        if not targets:
            return outcome
        session = self._session
        writes = proposal.writes(targets)
        await session.synced()
        changeset, root = outcome.review.id, session.workspace.root
        turn = session.state.agent(proposal.agent).turn
        await self.checkpoints.before_edits(turn)
        writing = asyncio.ensure_future(
            asyncio.to_thread(session.checkpointer.write, changeset, writes, root, turn=turn)
        )
        # A write that has begun is finished and told: half of it would be worse than a late stop.
        stopped = await finished(writing)
        session.answers.forget()
        try:
            writing.result()
        except StaleFilesError:
            if stopped:
                raise asyncio.CancelledError from None
            raise
        except (OSError, NanodeckError) as error:
            _log.warning("changeset not written: %s", error)
            # The project's files are called what they are called everywhere else.
            failure = str(error).replace(f"{root}{os.sep}", "")
            return replace(outcome, failure=failure, stopped=stopped)
        session.written.update(write.path for write in writes)
        self.checkpoints.edited(proposal.agent, turn, changeset, outcome.review.applied())
        known = outcome.review.undrifted
        for target, write in zip(targets, writes, strict=True):
            if write.new is not None and not write.folder and target.path in known:
                session.ledger.saw(write.path, write.new)
        return replace(outcome, stopped=stopped)
