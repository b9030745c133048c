from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.numbering import MAX_BYTES, count_lines, number_lines


@pytest.mark.parametrize(
    ("data", "count"),
    [(b"", 0), (b"a", 1), (b"a\n", 1), (b"\n", 1), (b"\n\n", 2), (b"a\nb", 2), (b"a\r\nb\r\n", 2)],
)
def test_a_last_line_counts_with_or_without_its_end(data: bytes, count: int) -> None:
    assert count_lines(data) == count


def test_a_whole_file_comes_without_a_note() -> None:
    assert str(number_lines(b"a\n\tb\r\n\nd", "f")) == "1\ta\n2\t\tb\n3\t\n4\td"


def test_a_part_says_which_and_where_to_go_on() -> None:
    data = b"".join(b"line %d\n" % number for number in range(1, 11))
    assert (
        str(number_lines(data, "f", 4, 2)) == "4\tline 4\n5\tline 5\n(lines 4-5 of 10; go on with offset=6)"
    )
    assert str(number_lines(data, "f", 9, 5)) == "9\tline 9\n10\tline 10\n(lines 9-10 of 10)"


def test_two_thousand_lines_are_the_most() -> None:
    lines = number_lines(b"x\n" * 5000, "f", 1, 9999)
    assert (lines.last, lines.total) == (2000, 5000)


def test_fifty_kilobytes_are_the_most() -> None:
    lines = number_lines((b"y" * 999 + b"\n") * 200, "f")
    assert len(lines.text.encode()) <= MAX_BYTES
    assert 45 < lines.last < 52


def test_a_very_long_line_is_cut_saying_so() -> None:
    lines = number_lines(b"z" * 1_000_000 + b"\nnext\n", "f")
    assert lines.text == f"1\t{'z' * 2000} (cut at 2,000 of 1,000,000 characters)\n2\tnext"
    assert lines.whole


def test_lines_out_of_sight_need_not_be_text() -> None:
    data = b"a\nb\n\xff\n"
    assert number_lines(data, "f", 1, 2).text == "1\ta\n2\tb"
    with pytest.raises(ToolError, match="line 3"):
        number_lines(data, "f", 2, 2)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("aé\t\r x", max_size=12), min_size=1, max_size=40),
    st.integers(1, 50),
    st.integers(1, 50),
    st.integers(20, 400),
)
def test_reading_on_shows_every_line_once(lines: list[str], offset: int, limit: int, max_bytes: int) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    shown: list[str] = []
    position = min(offset, len(lines))
    start = position
    while position <= len(lines):
        page = number_lines(data, "f", position, limit, max_bytes)
        assert page.first == position
        assert page.last >= position
        shown += page.text.split("\n")
        position = page.last + 1
    expected = enumerate(lines[start - 1 :], start)
    assert shown == [f"{number}\t{line.removesuffix(chr(13))}" for number, line in expected]
