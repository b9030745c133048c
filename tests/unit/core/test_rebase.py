"""Files that somebody changes under review: what still applies moves along, no line of theirs is lost."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import Found, ProposedFile, Review, propose
from nanodeck.core.review.steps import Steps, remarks, revisions
from tests.unit.core.test_review_bytes import parsed, patched

PATH = "src/a.py"
LINES = (b"", b"a", b"b", b"}", b"x = 1", b"-", b"+ ", b"\\")
RANDOM = st.randoms(use_true_random=False)
CASES = settings(max_examples=150)

NUMBERED = [b"line %d" % number for number in range(1, 41)]


def joined(lines: list[bytes], end: bytes = b"\n") -> bytes:
    return b"".join(line + b"\n" for line in lines[:-1]) + (lines[-1] + end if lines else b"")


def edited(chance: random.Random, lines: list[bytes]) -> list[bytes]:
    """`lines` with a few places changed."""
    lines = list(lines)
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(lines))
        lines[at : at + chance.randrange(3)] = chance.choices(LINES, k=chance.randrange(3))
    return lines


def proposal(old: bytes | None, new: bytes | None, path: str = PATH, **more: object) -> Review:
    return propose("c1", ["call-1"], [ProposedFile(path, old, new, **more)])  # type: ignore[arg-type]


def now_holding(review: Review, data: bytes | None, path: str = PATH) -> Review:
    return review.rebase({path: Found(data)})


def file_of(review: Review) -> FileDiff:
    (file,) = review.changeset.files
    return file


def written(review: Review) -> bytes | None:
    """The file as sending the review leaves it."""
    (file,) = review.files
    targets = review.targets()
    return targets[0].new if targets else file.ground.old


def changed(hunk: Hunk) -> list[tuple[str, bytes]]:
    return [(sign, line) for sign, line in parsed(hunk) if sign != " "]


@CASES
@given(RANDOM)
def test_the_result_is_the_persons_file_with_exactly_the_hunks_that_still_apply(
    chance: random.Random,
) -> None:
    lines = chance.choices(LINES, k=chance.randrange(30))
    end = chance.choice([b"", b"\n"])
    old, new = joined(lines, end), joined(edited(chance, lines), chance.choice([b"", end]))
    now = joined(edited(chance, lines), chance.choice([b"", end]))
    first = proposal(old, new)
    if not first.files:
        return
    review = now_holding(first, now)
    hunks = file_of(review).hunks
    applying = [hunk for hunk in hunks if not hunk.stale]
    assert [hunk.id for hunk in hunks] == [hunk.id for hunk in file_of(first).hunks]
    assert list(map(changed, hunks)) == list(map(changed, file_of(first).hunks))

    taken = [hunk for hunk in applying if chance.random() < 0.7]
    decided = review.mark([HunkMark(PATH, hunk.id, "accepted") for hunk in taken])
    assert written(decided) == patched(now, taken)
    assert written(review.accept_all()) == patched(now, applying)
    before, after = Counter(old.splitlines()), Counter((written(decided) or b"").splitlines())
    assert not (Counter(now.splitlines()) - before) - after, "a line of the person is gone"
    assert now_holding(decided, old) == first.mark([HunkMark(PATH, hunk.id, "accepted") for hunk in taken])


@CASES
@given(RANDOM)
def test_picks_edits_and_splits_move_along_or_are_stale(chance: random.Random) -> None:
    lines = chance.choices(LINES, k=chance.randint(4, 30))
    steps = Steps(proposal(joined(lines), joined(edited(chance, lines))))
    if not steps.review.files:
        return
    for _ in range(chance.randint(1, 8)):
        steps = decided(chance, steps, chance.choice(file_of(steps.review).hunks))
    now = joined(edited(chance, lines))
    rebased = steps.rebase({PATH: Found(now)})
    result = written(rebased.review)
    missing = Counter(now.splitlines()) - Counter(joined(lines).splitlines())
    assert not missing - Counter((result or b"").splitlines())
    assert (len(rebased.past), len(rebased.future)) == (len(steps.past), len(steps.future))
    if not rebased.review.written:
        assert result == now


def decided(chance: random.Random, steps: Steps, hunk: Hunk) -> Steps:
    lines = tuple(at for at, line in enumerate(hunk.body.split("\n")) if line[:1] in ("+", "-"))
    choice = chance.randrange(5)
    if choice == 0:
        try:
            return steps.split(PATH, hunk.id)
        except NanodeckError:
            return steps
    if choice == 1 and lines:
        some = tuple(line for line in lines if chance.random() < 0.5) or lines[:1]
        return steps.mark([HunkMark(PATH, hunk.id, "accepted", some)])
    if choice == 2:
        kept = [line[1:] for line in hunk.body.split("\n") if line[:1] in " +" and line]
        kept[chance.randrange(len(kept) + 1) :] = ["mine"]
        return steps.mark([HunkMark(PATH, hunk.id, "edited", text="\n".join(kept) + "\n")])
    if choice == 3:
        return steps.undo()
    return steps.mark([HunkMark(PATH, hunk.id, chance.choice(["accepted", "rejected"]))])


def change(*places: tuple[int, bytes]) -> bytes:
    lines = list(NUMBERED)
    for number, text in places:
        lines[number - 1] = text
    return joined(lines)


def two_hunks() -> Review:
    return proposal(joined(NUMBERED), change((5, b"five"), (30, b"thirty")))


def test_lines_put_in_above_move_every_hunk_and_keep_the_decisions() -> None:
    review = two_hunks().mark([HunkMark(PATH, 2, "accepted")])
    moved = now_holding(review, b"new\nlines\n" + joined(NUMBERED))
    assert [(hunk.old_start, hunk.new_start, hunk.stale) for hunk in file_of(moved).hunks] == [
        (4, 4, ""),
        (29, 29, ""),
    ]
    assert moved.marks == review.marks
    assert written(moved) == b"new\nlines\n" + change((30, b"thirty"))


def test_a_hunk_whose_lines_were_changed_is_stale_and_cannot_be_accepted() -> None:
    review = two_hunks().mark([HunkMark(PATH, 1, "accepted"), HunkMark(PATH, 2, "accepted")])
    now = change((5, b"mine"))
    moved = now_holding(review, now)
    stale, fresh = file_of(moved).hunks
    assert "changed meanwhile" in stale.stale
    assert not fresh.stale
    assert moved.stale == {(PATH, 1)}
    assert [mark.hunk for mark in moved.marks] == [2]
    assert written(moved) == change((5, b"mine"), (30, b"thirty"))
    with pytest.raises(NanodeckError, match="no longer applies"):
        moved.mark([HunkMark(PATH, 1, "accepted")])
    assert moved.mark([HunkMark(PATH, 1, "rejected")]).undecided == 0
    report = moved.report()
    assert "applied 1 of 2 hunks" in report
    assert "the same lines were changed meanwhile" in report
    assert "+five" in report


def test_a_stale_hunk_applies_again_with_its_decision_once_the_lines_are_back() -> None:
    review = two_hunks().mark([HunkMark(PATH, 1, "accepted")])
    assert now_holding(now_holding(review, change((5, b"mine"))), joined(NUMBERED)) == review


def test_splitting_a_stale_hunk_saves_the_part_that_nobody_touched() -> None:
    review = proposal(joined(NUMBERED), change((5, b"five"), (9, b"nine")))
    moved = now_holding(review, change((5, b"mine"))).split(PATH, 1)
    first, second = file_of(moved).hunks
    assert first.stale
    assert not second.stale
    assert written(moved.accept_all()) == change((5, b"mine"), (9, b"nine"))


def test_an_edited_hunk_keeps_the_edit_and_what_was_changed_beside_it() -> None:
    text = "line 2\nline 3\nline 4\nFIVE\nline 6\nline 7\nline 8\n"
    review = two_hunks().mark([HunkMark(PATH, 1, "edited", text=text)])
    moved = now_holding(review, change((7, b"mine")))
    assert moved.marks[0].text == text.replace("line 7", "mine")
    assert written(moved) == change((5, b"FIVE"), (7, b"mine"))


def test_an_edit_of_lines_that_were_changed_too_is_kept_but_not_written() -> None:
    text = "line 2\nline 3\nline 4\nFIVE\nline 6\nSEVEN\nline 8\n"
    review = two_hunks().mark([HunkMark(PATH, 1, "edited", text=text)])
    moved = now_holding(review, change((7, b"mine")))
    assert "edit it again" in file_of(moved).hunks[0].stale
    assert [mark.text for mark in moved.marks] == [text]
    assert written(moved) == change((7, b"mine"))
    again = moved.mark([HunkMark(PATH, 1, "edited", text=text)])
    assert not again.stale
    assert written(again) == change((5, b"FIVE"), (7, b"SEVEN"))
    (revision,) = revisions(moved, again)
    assert revision.gone == (1,)
    assert remarks(moved, again) == ()


@pytest.mark.parametrize(
    ("old", "new", "now", "why"),
    [
        (b"a\n", b"b\n", None, "gone"),
        (None, b"b\n", b"theirs\n", "is there by now"),
        (b"a\n", None, b"theirs\n", "changed meanwhile"),
        (b"a\n", None, None, "gone"),
    ],
)
def test_a_file_that_came_went_or_changed_bars_the_whole(
    old: bytes | None, new: bytes | None, now: bytes | None, why: str
) -> None:
    moved = now_holding(proposal(old, new).accept_all(), now)
    assert all(why in hunk.stale for hunk in file_of(moved).hunks)
    assert moved.targets() == ()
    assert moved.rejected == 1
    assert why in moved.report()


def test_a_file_written_in_another_encoding_meanwhile_bars_the_whole() -> None:
    review = two_hunks().rebase({PATH: Found(b"line 1\xe9\n" + joined(NUMBERED), "latin-1")})
    assert all("encoding" in hunk.stale for hunk in file_of(review).hunks)


def test_a_byte_order_mark_that_comes_or_goes_moves_nothing() -> None:
    mark = b"\xef\xbb\xbf"
    review = proposal(mark + joined(NUMBERED), mark + change((5, b"five"))).accept_all()
    assert written(now_holding(review, joined(NUMBERED))) == change((5, b"five"))
    assert written(now_holding(review, mark + b"top\n" + joined(NUMBERED))) == mark + b"top\n" + change(
        (5, b"five")
    )
