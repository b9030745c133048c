from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings, strategies as st
from msgspec.structs import replace

from nanodeck.contracts.comments import Comment
from nanodeck.contracts.sources import Source
from nanodeck.core.review.anchors import anchored

FILE = ["import os", "", "def a():", "    return 1", "", "def b():", "    return 1", ""]


def on_new(first: int, last: int, lines: Sequence[str], sign: str = "+") -> Comment:
    """A comment on lines that only the new side has, or that both have."""
    excerpt = "\n".join(sign + line for line in lines[first - 1 : last])
    old = (first, last) if sign == " " else None
    written = Comment("c1", Source("session"), "a.py", old, (first, last), excerpt, "why?")
    return anchored(written, lines if sign == " " else (), lines)


def test_lines_that_stand_elsewhere_are_found_again() -> None:
    comment = on_new(3, 4, FILE)
    assert (comment.new, comment.stale) == ((3, 4), False)
    assert anchored(comment, (), ["#!/bin/sh", "", *FILE]).new == (5, 6)
    assert anchored(comment, (), FILE[2:]).new == (1, 2)


def test_lines_that_are_there_twice_are_told_apart_by_what_is_around_them() -> None:
    second = on_new(7, 7, FILE)
    moved = anchored(second, (), ["# one", "# two", "# three", *FILE])
    assert moved.new == (10, 10)
    without_second = [*FILE[:5], "def b():", "    return 2", ""]
    assert anchored(on_new(4, 4, FILE), (), without_second).new == (4, 4)


def test_lines_that_are_no_longer_there_make_it_stale_until_they_come_back() -> None:
    comment = on_new(3, 4, FILE)
    gone = anchored(comment, (), ["def a(x):", "    return x"])
    assert gone == replace(comment, stale=True)
    assert anchored(gone, (), ["", *FILE]) == replace(comment, new=(4, 5), above=("", "import os", ""))


def test_a_bracket_alone_is_not_taken_for_another() -> None:
    comment = on_new(3, 3, ["call(", "  x", ")", "y = 1"])
    assert anchored(comment, (), ["other(", "  z", ")", "w = 2"]).stale
    assert anchored(comment, (), ["", "call(", "  x", ")", "y = 1"]).new == (4, 4)


def test_a_removed_line_is_followed_on_the_old_side() -> None:
    written = Comment("c1", Source("head"), "a.py", (4, 4), None, "-    return 1", "keep it")
    comment = anchored(written, FILE, ["nothing"])
    moved = anchored(comment, ["# new", *FILE], ["nothing"])
    assert (moved.old, moved.new, moved.stale) == ((5, 5), None, False)


def test_a_comment_on_both_sides_lives_with_the_new_one() -> None:
    written = Comment("c1", Source("call"), "a.py", (2, 2), (2, 2), "-old = 1\n+new = 1", "no")
    comment = anchored(written, ["a", "old = 1"], ["a", "new = 1"])
    without_old = anchored(comment, ["a"], ["a", "new = 1"])
    assert (without_old.old, without_old.new, without_old.stale) == (None, (2, 2), False)
    assert anchored(without_old, ["x", "a", "old = 1"], ["x", "a", "new = 1"]).old == (3, 3)
    assert anchored(comment, ["a", "old = 1"], ["a"]).stale


def test_line_ends_make_no_difference() -> None:
    written = Comment("c1", Source("call"), "a.txt", None, (1, 1), "+one\r", "no")
    assert not anchored(written, (), ["one"]).stale


def test_a_comment_without_lines_stays_what_it_is() -> None:
    whole = Comment("c1", Source("session"), "logo.png", None, None, "", "smaller please")
    assert anchored(whole, ["x"], ["y"]) == whole


words = st.text("abcdef", min_size=1, max_size=6)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=12, unique=True), st.data())
def test_lines_that_nobody_touched_are_always_found(lines: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    comment = on_new(first, last, lines)
    own = lines[first - 1 : last]
    others = st.lists(words.map(str.upper), max_size=8)
    kept = [
        [line for line in part if data.draw(st.booleans())] for part in (lines[: first - 1], lines[last:])
    ]
    before, after = data.draw(others) + kept[0], kept[1] + data.draw(others)
    now = anchored(comment, (), [*before, *own, *after])
    assert now.new == (len(before) + 1, len(before) + len(own))
    assert (now.stale, now.text, now.excerpt) == (False, comment.text, comment.excerpt)


@given(
    st.lists(st.sampled_from("abc}"), min_size=1, max_size=10),
    st.lists(st.sampled_from("abc}"), max_size=10),
    st.data(),
)
def test_it_is_never_shown_on_other_lines_and_never_lost(
    lines: list[str], later: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    comment = on_new(first, last, lines, data.draw(st.sampled_from("+ ")))
    now = anchored(comment, later, later)
    assert (now.text, now.excerpt, now.path) == (comment.text, comment.excerpt, comment.path)
    assert now.new
    if now.stale:
        assert now.new == comment.new
    else:
        assert later[now.new[0] - 1 : now.new[1]] == lines[first - 1 : last]
        back = anchored(now, lines, lines)
        assert back.stale or lines[back.new[0] - 1 : back.new[1]] == lines[first - 1 : last]  # type: ignore[index] # it has lines
