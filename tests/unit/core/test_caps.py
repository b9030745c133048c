"""A capped text never exceeds its limit and says what is missing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.core.caps import cap

MARKER = re.compile(r"\n\[… ([\d,]+) lines, ([\d,]+) bytes left out; the whole is in (\S+) …\]\n")


def keep(_: str) -> str:
    return "/state/whole.txt"


def fail(_: str) -> str:
    raise AssertionError("a short text needs no file")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab\n é漢🙂", max_size=400), st.integers(0, 300))
def test_a_capped_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(cap(text, limit, keep).encode()) <= limit


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab\n é漢🙂", min_size=200, max_size=600), st.integers(100, 190))
def test_head_and_tail_are_the_ends_of_the_text_and_the_marker_counts_the_rest(text: str, limit: int) -> None:
    found = MARKER.search(cap(text, limit, keep))
    assert found
    head, tail = found.string[: found.start()], found.string[found.end() :]
    assert text.startswith(head)
    assert text.endswith(tail)
    middle = text[len(head) : len(text) - len(tail)]
    assert int(found[2].replace(",", "")) == len(middle.encode())
    assert int(found[1].replace(",", "")) == middle.count("\n")
    assert found[3] == "/state/whole.txt"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_a_text_within_its_limit_is_left_alone(text: str) -> None:
    assert cap(text, len(text.encode()), fail) == text


@pytest.mark.parametrize("limit", [150, 151, 160, 400])
def test_cuts_are_at_line_ends(limit: int) -> None:
    lines = "".join(f"line {number}\n" for number in range(200))
    head, _, tail = cap(lines, limit, keep).partition("\n[… ")
    assert head.endswith("\n") or not head
    assert tail.split("…]\n")[1].startswith("line ")


def test_the_whole_is_kept_where_the_marker_says() -> None:
    kept: list[str] = []
    text = "x" * 5000

    def spill(whole: str) -> str:
        kept.append(whole)
        return "/state/7.txt"

    assert "the whole is in /state/7.txt" in cap(text, 1000, spill)
    assert kept == [text]
