"""No byte is lost or invented, whatever is proposed and whatever is decided."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.core.review.alignment import changed_ranges
from nanodeck.core.review.text import split_lines

CASES = settings(max_examples=150, deadline=None)
LINES = st.sampled_from(
    ["", "a", "b", "}", "x = 1", "\r", "q\rq", "tab\t", "-", "+ ", "\\", "@@ -1 +1 @@", "é\u2028\x0b\x85"]
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file of some length and a version of it with a few places edited; ends of either kind."""
    old = draw(st.lists(LINES, max_size=60))
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        new[at : at + draw(st.integers(0, 3))] = draw(st.lists(LINES, max_size=3))
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    cut = st.sampled_from([None, -1])
    return joined(old, ends, draw(cut)), joined(new, ends, draw(cut))


def joined(lines: list[str], end: str, cut: int | None) -> bytes:
    return "".join(line + end for line in lines)[:cut].encode()


def parsed(hunk: Hunk) -> list[tuple[str, bytes]]:
    """Signs and exact lines of a body, read as any unified diff is read."""
    lines: list[tuple[str, bytes]] = []
    for line in hunk.body.split("\n") if hunk.body else []:
        if line.startswith("\\ No newline"):
            sign, last = lines[-1]
            lines[-1] = (sign, last[:-1])
        else:
            lines.append((line[0], line[1:].encode() + b"\n"))
    return lines


def patched(old: bytes, hunks: Iterable[Hunk]) -> bytes:
    """`old` with `hunks` applied from their bodies and line numbers alone; checks every old line."""
    lines = [line + b"\n" for line in old.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    result: list[bytes] = []
    at = 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += lines[at:start]
        at = start
        for sign, line in parsed(hunk):
            if sign in " -":
                assert lines[at] == line
                at += 1
            if sign in " +":
                result.append(line)
    return b"".join(result + lines[at:])


def review_of(old: bytes | None, new: bytes | None) -> Review:
    return propose("c1", ["call-1"], [ProposedFile("src/a.py", old, new)])


def only_file(changeset: Changeset) -> FileDiff:
    (file,) = changeset.files
    return file


@CASES
@given(texts(), st.randoms(use_true_random=False))
def test_targets_hold_exactly_the_accepted_hunks(pair: tuple[bytes, bytes], chance: random.Random) -> None:
    old, new = pair
    review = review_of(old, new)
    hunks = [hunk for file in review.changeset.files for hunk in file.hunks]
    marks = [
        HunkMark("src/a.py", hunk.id, chance.choice(["accepted", "rejected", "undecided"])) for hunk in hunks
    ]
    decided = review.mark(marks)
    accepted = {mark.hunk for mark in marks if mark.mark == "accepted"}
    expected = patched(old, [hunk for hunk in hunks if hunk.id in accepted])
    assert [target.new for target in decided.targets()] == ([expected] if expected != old else [])
    assert decided.mark(marks) == decided
    assert decided.mark(decided.marks) == decided


@CASES
@given(st.none() | st.binary(max_size=200), st.none() | st.binary(max_size=200))
def test_any_bytes_arrive_whole_or_not_at_all(old: bytes | None, new: bytes | None) -> None:
    review = review_of(old, new)
    assert review.targets() == ()
    after = review.accept_all()
    assert after.undecided == 0
    assert [target.new for target in after.targets()] == ([new] if old != new else [])
    assert all(target.old == old for target in after.targets())


@CASES
@given(texts())
def test_numbers_agree_with_the_bodies(pair: tuple[bytes, bytes]) -> None:
    shift = 0
    end = 0
    for file in review_of(*pair).changeset.files:
        for hunk in file.hunks:
            signs = [sign for sign, _ in parsed(hunk)]
            assert hunk.old_count == signs.count(" ") + signs.count("-")
            assert hunk.new_count == signs.count(" ") + signs.count("+")
            assert (hunk.added, hunk.removed) == (signs.count("+"), signs.count("-"))
            old_at = hunk.old_start - (hunk.old_count > 0)
            assert hunk.new_start - (hunk.new_count > 0) == old_at + shift
            assert old_at >= end
            end = old_at + hunk.old_count
            shift += hunk.new_count - hunk.old_count
        assert file.added == sum(hunk.added for hunk in file.hunks)
        assert file.removed == sum(hunk.removed for hunk in file.hunks)


@CASES
@given(st.binary(max_size=300))
def test_lines_join_to_the_same_bytes_and_end_at_line_feeds_only(data: bytes) -> None:
    lines = split_lines(data)
    assert b"".join(lines) == data
    assert all(line and b"\n" not in line[:-1] for line in lines)


def test_repetitive_files_are_compared_without_stalling_and_without_loss() -> None:
    chance = random.Random(3)
    old = b"".join(chance.choice([b"a\n", b"b\n", b"}\n"]) for _ in range(30_000))
    new = b"".join(chance.choice([b"a\n", b"b\n", b"}\n"]) for _ in range(30_000))
    (target,) = review_of(old, new).accept_all().targets()
    assert target.new == new
    assert patched(old, only_file(review_of(old, new).changeset).hunks) == new


def test_far_apart_edits_of_a_long_file_stay_apart() -> None:
    lines = [b"    value_%d = compute(%d)\n" % (n, n) if n % 3 else b"\n" for n in range(30_000)]
    edited = list(lines)
    for place in range(100, 30_000, 1_000):
        edited[place] = b"edited %d\n" % place
    ranges = changed_ranges(lines, edited)
    assert ranges == [(place, place + 1, place, place + 1) for place in range(100, 30_000, 1_000)]
    file = only_file(review_of(b"".join(lines), b"".join(edited)).changeset)
    assert len(file.hunks) == 30


def test_equal_lines_between_unique_ones_are_found_in_long_rewrites() -> None:
    old = [b"unique %d\n" % n if n % 2 else b"}\n" for n in range(9_000)]
    new = [line for n, line in enumerate(old) if n % 500 != 499] + [b"end\n"]
    ranges = changed_ranges(old, new)
    assert sum(b - a for a, b, _, _ in ranges) <= 40
    assert sum(d - c for _, _, c, d in ranges) <= 40
