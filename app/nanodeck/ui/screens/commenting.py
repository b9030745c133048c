"""Comments on a diff, from the keys to commands."""

from __future__ import annotations

from msgspec.structs import replace
from textual import on

from nanodeck.contracts.commands import DropComment, SendComments, WriteComment
from nanodeck.contracts.comments import Comment
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.screens.sourcing import Sourcing
from nanodeck_widgets.diff import messages


class Commenting(Sourcing):
    """Lets comments be written, listed and sent."""

    @on(messages.CommentWanted)
    def _comment_wanted(self, message: messages.CommentWanted) -> None:
        self._write_comment(message.comment)

    @on(messages.CommentsWanted)
    def _comments_wanted(self) -> None:
        self.list_comments()

    @dialog
    async def _write_comment(self, comment: Comment) -> None:
        await self._written(comment)

    @dialog
    async def list_comments(self) -> None:
        """The open comments, until something else is to be done."""
        from nanodeck.ui.dialogs.comments import CommentsScreen, Wanted

        comments = self.session.comments
        while True:
            screen = CommentsScreen(comments, self._waits, self._drop)
            match await self.app.push_screen_wait(screen):
                case Wanted("edit", Comment() as comment):
                    made = await self._written(comment)
                    left = (made if known.id == comment.id else known for known in screen.comments)
                    comments = tuple(known for known in left if known is not None)
                case Wanted("open", Comment() as comment):
                    await self.bring_source(comment.source)
                    self._show_comment(comment)
                    return
                case Wanted("send"):
                    self.send_comments("")
                    return
                case _:
                    return

    def send_comments(self, message: str) -> None:
        """All open comments in one message."""
        self.host.send(SendComments(message))

    async def _written(self, comment: Comment) -> Comment | None:
        """The comment as it is after the person wrote it; None where it is no more."""
        from nanodeck.ui.dialogs.comment import CommentScreen

        text = await self.app.push_screen_wait(CommentScreen(comment))
        if text is None:
            return comment if comment.id else None
        if text:
            self.host.send(WriteComment(replace(comment, text=text)))
            return replace(comment, text=text)
        if comment.id:
            self._drop(comment)
        return None

    def _drop(self, comment: Comment) -> None:
        self.host.send(DropComment(comment.id))

    def _waits(self, comment: Comment) -> bool:
        """Whether a comment is on a review that is still to be sent."""
        return any(
            review.state == "asking" and review.changeset.id == comment.changeset
            for review in self.session.reviews
        )

    def _show_comment(self, comment: Comment) -> None:
        if not self.diff.go_to_comment(comment):
            self.app.notify("what it is on is not in view any more", markup=False)
