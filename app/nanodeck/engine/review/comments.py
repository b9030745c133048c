"""The open comments of a session: written, thrown away, said to the model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import CommentDropped, CommentsSent, CommentWritten
from nanodeck.contracts.sources import Source
from nanodeck.core.review.anchors import anchored
from nanodeck.core.review.remarks import write_message
from nanodeck.engine.diffs.sources import Sources
from nanodeck.engine.diffs.versions import shown_lines
from nanodeck.engine.review.reviews import Reviews
from nanodeck.engine.session import Session


class Comments:
    """Lives on the engine's loop. Comments of a review that waits go out with it, the others by `take`."""

    def __init__(self, session: Session, reviews: Reviews, sources: Sources) -> None:
        self._session = session
        self._reviews = reviews
        self._sources = sources

    def write(self, comment: Comment) -> None:
        """Keep a comment. Raises NanodeckError for one without words.

        An id that is not open gets a new comment: the old one was sent meanwhile.
        """
        if not comment.text.strip():
            raise NanodeckError("a comment needs words")
        known = any(written.id == comment.id for written in self._open)
        named = comment if known else replace(comment, id=self._session.next_id("comment"))
        self._session.publish(MAIN_AGENT, CommentWritten(self._reviews.located(named)))

    def drop(self, comment_id: str) -> None:
        """Throw an open comment away."""
        if any(comment.id == comment_id for comment in self._open):
            self._session.publish(MAIN_AGENT, CommentDropped(comment_id))

    async def take(self, message: str) -> tuple[str, Callable[[], None]]:
        """One message of all comments that no review takes along, and what closes them once it is said.

        Raises NanodeckError when there are none.
        """
        for source in {comment.source for comment in self._free}:
            await self._follow(source)
        free = self._free
        if not free:
            advice = "those on the open review go with it: send the review" if self._open else ""
            raise NanodeckError("there are no comments to send", advice)
        sent = CommentsSent(tuple(comment.id for comment in free))
        return write_message(free, message), lambda: self._session.publish(MAIN_AGENT, sent)

    async def follow(self, source: Source) -> None:
        """Find the lines of the comments on `source` again, as its files are now.

        What one call wrote stays what it was: nothing moves there.
        """
        if source.kind != "call":
            await self._follow(source)

    async def _follow(self, source: Source) -> None:
        free = {comment.id for comment in self._free}
        for comment in self._open:
            if comment.source == source and comment.id in free:
                placed = await self._placed(comment)
                # What was proposed and not written has no other lines than those it was proposed with.
                proposed = source.kind == "call" and placed.stale
                if placed != comment and not proposed and comment in self._open:
                    self._session.publish(MAIN_AGENT, CommentWritten(placed))

    async def _placed(self, comment: Comment) -> Comment:
        try:
            versions = await self._sources.versions(comment.source, comment.path, comment.author)
            return await asyncio.to_thread(lambda: anchored(comment, *shown_lines(versions)))
        except (NanodeckError, OSError):
            return replace(comment, stale=True)

    @property
    def _open(self) -> tuple[Comment, ...]:
        return self._session.state.comments

    @property
    def _free(self) -> list[Comment]:
        """Those that no waiting review takes along."""
        return [comment for comment in self._open if not self._reviews.waits(comment.changeset)]
