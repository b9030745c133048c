"""Hunks taken back: one at a time, in any order, out of files that went on changing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import Encoding, Hunk
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import Found, ProposedFile, propose
from nanodeck.core.review.carrying import carry, reversals

PATH = "src/a.py"
LINES = (b"a\n", b"b\n", b"}\n", b"\n", b"x = 1\r\n", b"-\n")
CHANCE = st.randoms(use_true_random=False)


def edited(chance: random.Random, data: bytes) -> bytes:
    """`data` with a few places changed."""
    lines = data.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(lines))
        lines[at : at + chance.randrange(3)] = chance.choices(LINES, k=chance.randrange(3))
    return b"".join(lines).removesuffix(b"\n" * chance.randrange(2))


def hunks_of(old: bytes | None, new: bytes | None) -> tuple[Hunk, ...]:
    files = propose("", (), [ProposedFile(PATH, old, new)]).changeset.files
    return files[0].hunks if files else ()


def taken_back(old: bytes | None, new: bytes | None, hunk: Hunk, now: bytes | None) -> bytes | None:
    """`now` without `hunk` of what leads from `old` to `new`. Raises NanodeckError."""
    (change,) = reversals(ProposedFile(PATH, old, new), hunk)
    targets = carry(change, Found(now))
    return targets[0].new if targets else now


@settings(max_examples=60)
@given(CHANCE)
def test_all_hunks_taken_back_in_any_order_leave_what_was_before(chance: random.Random) -> None:
    old = b"".join(chance.choices(LINES, k=chance.randrange(60)))
    now = edited(chance, old)
    while hunks := hunks_of(old, now):
        left = len(hunks)
        made = taken_back(old, now, chance.choice(hunks), now)
        assert made is not None
        now = made
        assert len(hunks_of(old, now)) == left - 1
    assert now == old


@settings(max_examples=60)
@given(CHANCE)
def test_what_a_person_changed_since_stays_as_if_the_hunk_had_never_been(chance: random.Random) -> None:
    old = b"".join(chance.choices(LINES, k=chance.randrange(60)))
    new = edited(chance, old)
    hunks = hunks_of(old, new)
    if not hunks:
        return
    now, hunk = edited(chance, new), chance.choice(hunks)
    try:
        made = taken_back(old, new, hunk, now)
    except NanodeckError:
        return
    without = taken_back(old, new, hunk, new)
    targets = carry(ProposedFile(PATH, new, now), Found(without))
    assert (targets[0].new if targets else without) == made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "latin-1"])
def test_every_encoding_keeps_its_bytes(encoding: Encoding) -> None:
    mark = "" if encoding == "latin-1" else "\ufeff"
    lines = [f"zeile {n} ä\r\n" for n in range(30)]
    changed = [*lines[:3], "ungerade\n", *lines[4:20], *lines[21:]]
    old, new = (f"{mark}{''.join(text)}ohne Ende".encode(encoding) for text in (lines, changed))
    now = (mark + "".join([*changed[:10], "meine\r\n", *changed[10:]]) + "ohne Ende").encode(encoding)
    whole = (mark + "".join([*lines[:10], "meine\r\n", *lines[10:]]) + "ohne Ende").encode(encoding)
    change = ProposedFile(PATH, old, new, encoding=encoding)
    first, second = propose("", (), [change]).changeset.files[0].hunks
    (back,) = reversals(change, second)
    (target,) = carry(back, Found(now, encoding))
    rest = ProposedFile(PATH, old, back.new, encoding=encoding)
    (back,) = reversals(rest, first)
    (target,) = carry(back, Found(target.new, encoding))
    assert target.new == whole


def test_a_file_that_was_made_goes_only_while_nobody_touched_it() -> None:
    (hunk,) = hunks_of(None, b"new\n")
    assert taken_back(None, b"new\n", hunk, b"new\n") is None
    with pytest.raises(NanodeckError, match="changed meanwhile"):
        taken_back(None, b"new\n", hunk, b"new\nmine\n")


def test_a_file_that_was_removed_comes_back_only_where_there_is_none() -> None:
    (hunk,) = hunks_of(b"old\n", None)
    assert taken_back(b"old\n", None, hunk, None) == b"old\n"
    with pytest.raises(NanodeckError, match="there by now"):
        taken_back(b"old\n", None, hunk, b"mine\n")


def test_a_hunk_of_another_diff_is_refused() -> None:
    (hunk,) = hunks_of(b"a\n", b"b\n")
    with pytest.raises(NanodeckError, match="no longer there"):
        reversals(ProposedFile(PATH, b"a\n", b"c\n"), hunk)
