"""A review told by its events: taken up again it stands where it stood, with every step."""

from __future__ import annotations

import random

from hypothesis import given, settings

from nanodeck.contracts.reviewing import HunksMarked, HunksRevised
from nanodeck.core.review import Found
from nanodeck.core.review.replay import replayed
from nanodeck.core.review.steps import Steps, remarks, revisions
from tests.unit.core.test_rebase import LINES, PATH, RANDOM, decided, edited, file_of, joined, proposal

Events = list[HunksMarked | HunksRevised]


def told(before: Steps, after: Steps) -> Events:
    """The events that lead from one state of a review to another."""
    left = len(after.past), len(after.future)
    revised = (
        HunksRevised("c1", one.path, one.gone, one.hunks, *left)
        for one in revisions(before.review, after.review)
    )
    marks = remarks(before.review, after.review)
    return [*revised, *([HunksMarked("c1", marks, *left)] if marks else [])]


@settings(max_examples=100)
@given(RANDOM)
def test_steps_told_by_events_are_the_same_steps(chance: random.Random) -> None:
    lines = chance.choices(LINES, k=chance.randint(4, 30))
    first = proposal(joined(lines), joined(edited(chance, lines)))
    if not first.files:
        return
    steps, events = Steps(first), Events()
    for _ in range(chance.randint(1, 10)):
        after = decided(chance, steps, chance.choice(file_of(steps.review).hunks))
        if chance.random() < 0.2:
            after = after.redo()
        events += told(steps, after)
        steps = after
    assert replayed(first, events) == steps


@settings(max_examples=100)
@given(RANDOM)
def test_a_review_that_moved_along_with_its_file_is_shown_as_it_was(chance: random.Random) -> None:
    lines = chance.choices(LINES, k=chance.randint(4, 30))
    first = proposal(joined(lines), joined(edited(chance, lines)))
    if not first.files:
        return
    steps, events, found = Steps(first), Events(), {PATH: Found(joined(lines))}
    for _ in range(chance.randint(1, 8)):
        if chance.random() < 0.3:
            found = {PATH: Found(joined(edited(chance, lines)))}
            after = steps.rebase(found)
        else:
            hunk = chance.choice(file_of(steps.review).hunks)
            after = steps if hunk.stale else decided(chance, steps, hunk)
        events += told(steps, after)
        steps = after
    again = replayed(first, events).rebase(found).review
    assert again.written == steps.review.written
    assert again.targets() == steps.review.targets()
