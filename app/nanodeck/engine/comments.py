"""The open comments of a session: written, thrown away, said to the model."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import CommentDropped, CommentsSent, CommentWritten
from nanodeck.core.review.remarks import write_message
from nanodeck.engine.reviews import Reviews
from nanodeck.engine.session import Session


class Comments:
    """Lives on the engine's loop. Comments of a review that waits go out with it, the others by `say`."""

    def __init__(self, session: Session, reviews: Reviews) -> None:
        self._session = session
        self._reviews = reviews

    def write(self, comment: Comment) -> None:
        """Keep a comment. Raises NanodeckError for one without words.

        An id that is not open gets a new comment: the old one was sent meanwhile.
        """
        if not comment.text.strip():
            raise NanodeckError("a comment needs words")
        known = any(written.id == comment.id for written in self._session.state.comments)
        named = comment if known else replace(comment, id=self._session.next_id("comment"))
        self._session.publish(MAIN_AGENT, CommentWritten(self._reviews.located(named)))

    def drop(self, comment_id: str) -> None:
        """Throw an open comment away."""
        if any(comment.id == comment_id for comment in self._session.state.comments):
            self._session.publish(MAIN_AGENT, CommentDropped(comment_id))

    def take(self, message: str) -> str:
        """One message of all comments that no review takes along; they are open no longer.

        Raises NanodeckError when there are none.
        """
        comments, waits = self._session.state.comments, self._reviews.waits
        free = tuple(comment for comment in comments if not waits(comment.changeset))
        if not free:
            advice = "those on the open review go with it: send the review" if comments else ""
            raise NanodeckError("there are no comments to send", advice)
        self._session.publish(MAIN_AGENT, CommentsSent(tuple(comment.id for comment in free)))
        return write_message(free, message)
