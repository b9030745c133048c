"""Hunks as values: whatever is split, picked, edited, undone and redone, exactly those lines are written."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import Encoding, Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.core.review.steps import Steps, remarks, revisions
from nanodeck.core.review.text import split_lines
from tests.unit.core.random_reviews import (
    ENCODINGS,
    PATH,
    body,
    decided,
    expected,
    hunks_of,
    kept,
    proposal,
    review_of,
    somebody_changes_the_file,
)

CASES = int(os.environ.get("NANODECK_CASES", "5000"))
RANDOM = st.randoms(use_true_random=False)


def exactly_the_decided_lines_are_written(chance: random.Random) -> None:
    """Decide at random, undo and redo all of it; then somebody changes the file."""
    proposed = proposal(chance)
    steps = Steps(review_of(proposed))
    if not hunks_of(steps.review):
        assert not proposed.changes
        return
    states = [steps]
    for _ in range(chance.randrange(1, 6)):
        steps = decided(chance, steps, proposed)
        if steps is not states[-1]:
            states.append(steps)
    assert steps.review.targets() == expected(proposed, steps.review)
    somebody_changes_the_file(chance, steps, proposed)
    for before in reversed(states[:-1]):
        steps = steps.undo()
        assert steps.review == before.review
    assert steps.undo() is steps
    for after in states[1:]:
        steps = steps.redo()
        assert steps.review == after.review


@settings(max_examples=100, deadline=None)
@given(RANDOM)
def test_exactly_the_decided_lines_are_written(chance: random.Random) -> None:
    exactly_the_decided_lines_are_written(chance)


def test_exactly_the_decided_lines_are_written_in_thousands_of_cases() -> None:
    for seed in range(CASES):
        try:
            exactly_the_decided_lines_are_written(random.Random(seed))
        except Exception as error:
            error.add_note(f"the case of seed {seed}")
            raise


@settings(max_examples=100, deadline=None)
@given(RANDOM)
def test_a_split_hunk_is_the_same_change_in_parts(chance: random.Random) -> None:
    proposed = proposal(chance, ["modified"])
    review = review_of(proposed)
    for hunk in hunks_of(review):
        try:
            review = review.split(PATH, hunk.id)
        except NanodeckError:
            assert sum(1 for _ in _changes(hunk)) == 1
    whole = [proposed.new] if proposed.changes else []
    assert [target.new for target in review.accept_all().targets()] == whole
    for hunk in hunks_of(review):
        parts = body(hunk)
        assert hunk.old_count == sum(sign in " -" for sign, _ in parts)
        assert hunk.new_count == sum(sign in " +" for sign, _ in parts)
        assert sum(1 for _ in _changes(hunk)) == 1
    ids = [hunk.id for hunk in hunks_of(review)]
    assert len(ids) == len(set(ids))


def _changes(hunk: Hunk) -> Iterable[int]:
    """Where a run of changed lines begins."""
    before = " "
    for place, (sign, _) in enumerate(body(hunk)):
        if sign in "+-" and before == " ":
            yield place
        if sign != "\\":
            before = sign


@given(st.text(st.sampled_from("a\n\r\u0a0a\u0a00\u000a"), max_size=30), st.sampled_from(ENCODINGS))
def test_lines_of_every_encoding_join_to_the_same_bytes(text: str, encoding: Encoding) -> None:
    data = text.encode(encoding, errors="replace")
    lines = split_lines(data, encoding)
    assert b"".join(lines) == data
    assert [line.decode(encoding) for line in lines] == kept(data.decode(encoding))


OLD = "".join(f"line {n}\n" for n in range(1, 13))
NEW = OLD.replace("line 3\n", "three\n").replace("line 6\n", "six\nand a half\n")


def changing(old: str, new: str, encoding: Encoding = "utf-8") -> Review:
    return review_of(ProposedFile(PATH, old.encode(encoding), new.encode(encoding), "", encoding))


def test_picked_lines_alone_are_written_and_the_model_is_told() -> None:
    review = changing(OLD, NEW)
    (hunk,) = hunks_of(review)
    places = [place for place, (_, text) in enumerate(body(hunk)) if text in ("line 3\n", "three\n")]
    decided = review.mark([HunkMark(PATH, hunk.id, "accepted", tuple(places))])
    (target,) = decided.targets()
    assert target.new == OLD.replace("line 3\n", "three\n").encode()
    told = decided.report()
    assert told.startswith(f"{PATH}: applied 1 of 1 hunk (+1 -1).\nThe person took only a part of this")
    assert "-six\n-and a half\n+line 6" in told
    assert [(file.added, file.removed) for file in decided.applied()] == [(1, 1)]


def test_an_edited_hunk_is_written_as_the_person_wrote_it_and_the_model_is_told() -> None:
    review = changing(OLD.replace("\n", "\r\n"), NEW.replace("\n", "\r\n"))
    (hunk,) = hunks_of(review)
    text = (
        "".join(line for sign, line in body(hunk) if sign in " +").replace("\r", "").replace("three", "drei")
    )
    decided = review.mark([HunkMark(PATH, hunk.id, "edited", text=text)])
    (target,) = decided.targets()
    assert target.new == NEW.replace("three", "drei").replace("\n", "\r\n").encode()
    assert "from your lines to theirs" in decided.report()
    assert "-three\n+drei" in decided.report()


def test_a_hunk_of_one_change_cannot_be_split() -> None:
    review = changing("a\nb\nc\n", "a\nB\nc\n")
    with pytest.raises(NanodeckError, match="pick lines"):
        review.split(PATH, 1)
    with pytest.raises(NanodeckError, match="no hunk 7"):
        review.split(PATH, 7)


def test_what_cannot_be_written_is_refused_before_it_is_decided() -> None:
    review = changing("a\nb\n", "a\nB\n", "latin-1")
    with pytest.raises(NanodeckError, match="Latin-1, which has no '→'"):
        review.mark([HunkMark(PATH, 1, "edited", text="→")])
    with pytest.raises(NanodeckError, match="only changed lines"):
        review.mark([HunkMark(PATH, 1, "accepted", (0,))])
    gone = propose("c", [], [ProposedFile(PATH, b"a\n", None)])
    with pytest.raises(NanodeckError, match="is deleted"):
        gone.mark([HunkMark(PATH, 1, "accepted", (0,))])


def test_how_one_state_differs_from_another_is_told_as_marks_and_revisions() -> None:
    before = changing(OLD, NEW).mark([HunkMark(PATH, 1, "rejected")])
    after = before.split(PATH, 1)
    (revision,) = revisions(before, after)
    assert (revision.path, revision.gone, [hunk.id for hunk in revision.hunks]) == (PATH, (1,), [2, 3])
    assert remarks(before, after) == ()
    decided = after.mark([HunkMark(PATH, 3, "accepted")])
    assert revisions(after, decided) == ()
    assert remarks(after, decided) == (HunkMark(PATH, 3, "accepted"),)
    assert remarks(decided, after) == (HunkMark(PATH, 3, "undecided"),)
    (joined,) = revisions(after, before)
    assert (joined.gone, [hunk.id for hunk in joined.hunks]) == ((2, 3), [1])
    assert remarks(after, before) == (HunkMark(PATH, 1, "rejected"),)


def test_a_byte_order_mark_that_stays_is_in_no_hunk() -> None:
    review = changing("\ufeffone\n", "\ufeffzero\none\n", "utf-16-le")
    (hunk,) = hunks_of(review)
    assert hunk.body == "+zero\n one"
    edited = review.mark([HunkMark(PATH, hunk.id, "edited", text="mine")])
    assert [target.new for target in edited.targets()] == ["\ufeffmine\n".encode("utf-16-le")]
    (hunk,) = hunks_of(changing("\ufeffone", "one"))
    assert hunk.body.startswith("-\ufeffone")
