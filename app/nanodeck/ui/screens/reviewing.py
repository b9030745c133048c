"""What a person does in a review, as commands."""

from __future__ import annotations

from textual import on

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, RedoDecision, SendReview, SplitHunk, UndoDecision
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.screens.reading import Reading
from nanodeck_widgets.diff import messages


class Reviewing(Reading):
    """Sends on what the diff pane asks for."""

    @on(messages.Marked)
    def _marked(self, message: messages.Marked) -> None:
        self.host.send(MarkHunks(message.changeset, message.marks, message.shown))

    @on(messages.SplitWanted)
    def _split_wanted(self, message: messages.SplitWanted) -> None:
        self.host.send(SplitHunk(message.changeset, message.path, message.hunk))

    @on(messages.StepWanted)
    def _step_wanted(self, message: messages.StepWanted) -> None:
        step = UndoDecision if message.back else RedoDecision
        self.host.send(step(message.changeset))

    @on(messages.EditWanted)
    def _edit_wanted(self, message: messages.EditWanted) -> None:
        self._edit_hunk(message)

    @dialog
    async def _edit_hunk(self, wanted: messages.EditWanted) -> None:
        from nanodeck.ui.dialogs.hunk import HunkScreen

        text = await self.app.push_screen_wait(HunkScreen(wanted.path, wanted.text, wanted.line))
        if text is not None:
            mark = HunkMark(wanted.path, wanted.hunk.id, "edited", text=text)
            self.host.send(MarkHunks(wanted.changeset, (mark,), (wanted.hunk,)))

    @on(messages.Decided)
    def _decided(self, message: messages.Decided) -> None:
        self.host.send(Decide(message.request, message.answer))

    @on(messages.Sent)
    def _review_sent(self, message: messages.Sent) -> None:
        self.host.send(SendReview(message.request, message.message))
