"""A review taken up again: what its events say was decided, step by step, on the proposal they were about."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from nanodeck.contracts.changes import Hunk
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.reviewing import HunksMarked, HunksRevised
from nanodeck.core.review.decisions import Place, Review
from nanodeck.core.review.steps import Steps


def replayed(review: Review, events: Iterable[HunksMarked | HunksRevised]) -> Steps:
    """The steps that `events` tell, from the `review` as it was proposed.

    Every event says how many steps can be undone and redone after it; what changes neither belongs to the
    step before it, or is no step: the review moved along with a file.
    """
    steps = Steps(review)
    shown = {(file.path, hunk.id): hunk for file in review.changeset.files for hunk in file.hunks}
    for event in events:
        steps = _advanced(steps, event.undo, event.redo)
        # What cannot be decided so any more is decided on anew.
        with suppress(NanodeckError):
            steps = Steps(_applied(steps.review, event, shown), steps.past, steps.future)
        if isinstance(event, HunksRevised):
            shown.update({(event.path, hunk.id): hunk for hunk in event.hunks})
    return steps


def _advanced(steps: Steps, undo: int, redo: int) -> Steps:
    """The steps with one more, one taken back or one taken again, so that as many are left."""
    while len(steps.past) > undo:
        steps = steps.undo()
    if len(steps.past) < undo:
        # Taking the last one again leads where its events lead.
        steps = steps.redo() if redo else Steps(steps.review, (*steps.past, steps.review))
    return steps


def _applied(review: Review, event: HunksMarked | HunksRevised, shown: dict[Place, Hunk]) -> Review:
    if isinstance(event, HunksMarked):
        return review.remark(event.marks, shown)
    there = {hunk.id for file in review.changeset.files if file.path == event.path for hunk in file.hunks}
    came = {hunk.id for hunk in event.hunks}
    if there.isdisjoint(came) and there.issuperset(event.gone):
        return review.split(event.path, event.gone[0])
    return review
