"""Reviews that somebody is asked for: decided on step by step, moved along with the files they are about."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import CommentsSent, CommentWritten, HunksMarked, HunksRevised
from nanodeck.contracts.requests import Answer, Request
from nanodeck.core.review import Found, Review
from nanodeck.core.review.file import ReviewedFile
from nanodeck.core.review.steps import Shown, Steps, remarks, revisions
from nanodeck.engine.review.proposals import Proposal
from nanodeck.engine.session import Session


class _Asked(Struct):
    """A review somebody is asked for, with every step it took, and the edits it is about, if it is."""

    steps: Steps
    request: Request
    proposal: Proposal | None


class Reviews:
    """The reviews of a session that wait for a person."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, _Asked] = {}
        self._answered: set[str] = set()
        self._looking = asyncio.Lock()

    async def ask(
        self, steps: Steps, request: Request, proposal: Proposal | None = None
    ) -> tuple[Answer, Steps]:
        """A person's answer to `request`, and the steps with those taken until then."""
        review = steps.review.id
        self._answered.discard(review)
        asked = self._asked[review] = _Asked(steps, request, proposal)
        try:
            answer = await self._session.requests.ask(request)
            self._answered.add(review)
            return answer, asked.steps
        finally:
            del self._asked[review]

    def mark(self, changeset: str, marks: tuple[HunkMark, ...], shown: tuple[Hunk, ...] = ()) -> None:
        """Decide on hunks under review; marks for anything else are ignored. Raises NanodeckError."""
        if asked := self._open(changeset):
            self._step(asked, asked.steps.mark(marks, shown))

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

    def commented(self, review: Review) -> Review:
        """`review` with the open comments on it."""
        return review.commented(self._comments(review))

    def told(self, review: Review, agent: str) -> None:
        """Say that the comments on `review` reached the model, and which hunks they rejected."""
        if not review.comments:
            return
        places = {(comment.path, comment.hunk) for comment in review.comments}
        known = [
            mark
            for view in self._session.state.reviews
            if view.changeset.id == review.id
            for mark in view.marks
        ]
        marks = tuple(m for m in review.marks if (m.path, m.hunk) in places and m not in known)
        if marks:
            self._session.publish(agent, HunksMarked(review.id, marks))
        ids = tuple(comment.id for comment in review.comments)
        self._session.publish(agent, CommentsSent(ids))

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

    @property
    def lasting(self) -> bool:
        """Whether a review waits that another process can take up, or is about to be asked again."""
        reviews = self._session.state.reviews
        return any(view.state == "asking" and view.changeset.id not in self._answered for view in reviews)

    async def look(self, paths: Iterable[Path] | None = None) -> None:
        """Move the reviews along whose files are among `paths`, which may have changed on disk; or all."""
        changed = None if paths is None else set(paths)
        async with self._looking:
            for asked in list(self._asked.values()):
                if asked.proposal is None:
                    continue
                if changed is None or changed.intersection(file.path for file in asked.proposal.files):
                    await self._follow(asked, asked.proposal)

    async def _follow(self, asked: _Asked, proposal: Proposal) -> None:
        try:
            # Held until they were rebased: files are known by identity, and steps may be taken meanwhile.
            steps = asked.steps
            found, known = await rebased_on(steps, proposal)
        except ToolError:
            # What cannot be read now is looked at again before anything is written.
            return
        if self._open(steps.review.id):
            self._step(asked, asked.steps.rebase(found, known))

    def moved(self, before: Shown, steps: Steps, agent: str) -> None:
        """Publish how a review differs by now from what it was `before`."""
        review, left = steps.review, (len(steps.past), len(steps.future))
        for revision in revisions(before, review):
            revised = HunksRevised(review.id, revision.path, revision.gone, revision.hunks, *left)
            self._session.publish(agent, revised)
        if marks := remarks(before, review):
            self._session.publish(agent, HunksMarked(review.id, marks, *left))
        for comment in self._comments(review):
            if (located := review.located(comment)) != comment:
                self._session.publish(agent, CommentWritten(located))

    def _open(self, changeset: str) -> _Asked | None:
        """The review that waits; one that was sent is settled, also while it still waits to be written."""
        asked = self._asked.get(changeset)
        return asked if asked and self._session.requests.find(asked.request.id) else None

    def _step(self, asked: _Asked, steps: Steps) -> None:
        before, asked.steps = asked.steps.review, steps
        self.moved(before, steps, asked.request.agent)

    def _comments(self, review: Review) -> list[Comment]:
        """The open comments on a review."""
        return [comment for comment in self._session.state.comments if comment.changeset == review.id]


async def rebased_on(
    review: Review | Steps, proposal: Proposal
) -> tuple[Mapping[str, Found], dict[int, ReviewedFile]]:
    """What the files of a review hold now, and those files rebased on it, for `rebase`. Raises ToolError."""

    def look() -> tuple[Mapping[str, Found], dict[int, ReviewedFile]]:
        known: dict[int, ReviewedFile] = {}
        found = proposal.found()
        review.rebase(found, known)
        return found, known

    return await asyncio.to_thread(look)
