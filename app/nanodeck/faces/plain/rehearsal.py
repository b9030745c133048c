"""A review that is nobody's: decided on as in earnest, and written nowhere."""

from __future__ import annotations

from nanodeck.contracts.commands import (
    MAIN_AGENT,
    Command,
    MarkHunks,
    RedoDecision,
    SplitHunk,
    UndoDecision,
)
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import HunksMarked, HunksRevised
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck.core.review.steps import Steps, remarks, revisions
from nanodeck.faces.plain.questions import Step, refused
from nanodeck.faces.plain.review import Review

NAME = "rehearsal"


class Rehearsal:
    """Asks as a review does, and does at once what the engine would be asked for."""

    def __init__(self, *files: ProposedFile) -> None:
        self._steps = Steps(propose(NAME, [], files))
        self._review = Review(NAME, self._view)

    @property
    def _view(self) -> ReviewView:
        review = self._steps.review
        undo, redo = len(self._steps.past), len(self._steps.future)
        return ReviewView(review.changeset, "asking", MAIN_AGENT, NAME, review.marks, undo, redo)

    @property
    def verbatim(self) -> bool:
        """Lines of the file are being written."""
        return self._review.verbatim

    def lines(self) -> list[str]:
        """What is asked now."""
        return self._review.lines()

    def take(self, line: str) -> Step:
        """Take a line as the answer."""
        step = self._review.take(line)
        if step.over or not step.commands:
            return step
        before = self._steps
        try:
            for command in step.commands:
                self._steps = _after(self._steps, command)
        except NanodeckError as error:
            return refused(error.message)
        for revision in revisions(before.review, self._steps.review):
            event = HunksRevised(NAME, revision.path, revision.gone, revision.hunks)
            self._review.renew(self._view, event)
        self._review.renew(self._view, HunksMarked(NAME, remarks(before.review, self._steps.review)))
        return step._replace(asks=True)


def _after(steps: Steps, command: Command) -> Steps:
    match command:
        case MarkHunks(marks=marks, shown=shown):
            return steps.mark(marks, shown)
        case SplitHunk(path=path, hunk=hunk):
            return steps.split(path, hunk)
        case UndoDecision():
            return steps.undo()
        case RedoDecision():
            return steps.redo()
        case _:
            return steps
