"""A mark that arrives after its file has changed comes to what it would have come to before."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import Review
from tests.unit.core.test_rebase import (
    LINES,
    PATH,
    RANDOM,
    edited,
    file_of,
    joined,
    now_holding,
    proposal,
    two_hunks,
    written,
)


def mark_on(chance: random.Random, hunk: Hunk) -> HunkMark:
    """Lines of a hunk picked, or all of them written anew."""
    body = hunk.body.split("\n")
    if chance.random() < 0.5:
        places = [at for at, line in enumerate(body) if line[:1] in ("+", "-")]
        return HunkMark(PATH, hunk.id, "accepted", tuple(sorted(chance.sample(places, 1))))
    kept = [line[1:] for line in body if line[:1] in " +" and line]
    kept[chance.randrange(len(kept) + 1) :] = ["mine"]
    return HunkMark(PATH, hunk.id, "edited", text="\n".join(kept) + "\n")


def late(review: Review, mark: HunkMark, shown: Hunk) -> Review | None:
    """The review with a mark that was made on `shown`; None where it is refused."""
    try:
        return review.mark([mark], [shown])
    except NanodeckError:
        return None


@settings(max_examples=300)
@given(RANDOM)
def test_a_late_mark_writes_what_a_timely_one_does(chance: random.Random) -> None:
    lines = chance.choices(LINES, k=chance.randint(4, 30))
    review = proposal(joined(lines), joined(edited(chance, lines)))
    if not review.files:
        return
    hunk = chance.choice(file_of(review).hunks)
    mark, now = mark_on(chance, hunk), joined(edited(chance, lines))
    moved = late(now_holding(review, now), mark, hunk)
    timely = now_holding(review.mark([mark]), now)
    assert written(moved or now_holding(review, now)) == written(timely)
    if moved is None:
        assert mark.lines


def test_lines_picked_on_what_the_hunk_never_was_are_refused() -> None:
    review = two_hunks()
    first, second = file_of(review).hunks
    other = replace(second, body=f"{second.body}\n+more", id=first.id)
    for shown, lines in ((other, (0,)), (replace(first, body=f" top\n{first.body}"), (0,))):
        with pytest.raises(NanodeckError):
            review.mark([HunkMark(PATH, first.id, "accepted", lines)], [shown])
