"""Two columns under headings: every word is there at every width."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck_widgets.listing import Entry, Row, rows_of

WORDS = st.lists(st.text("abc+/", min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)


def test_headings_stand_over_their_entries_and_both_columns_wrap() -> None:
    keys = Entry("Prompt", "ctrl+w  alt+backspace  ctrl+backspace", "Delete the word before")
    rows = list(rows_of([keys, Entry("Commands", "/new", "Start")], 60))
    assert rows == [
        Row("Prompt"),
        Row("", "ctrl+w  alt+backspace", "Delete the word before"),
        Row("", "ctrl+backspace", ""),
        Row(),
        Row("Commands"),
        Row("", "/new", "Start"),
    ]
    narrow = [row.right for row in rows_of([keys], 40)]
    assert narrow == ["", "Delete the word", "before"]


@given(WORDS, WORDS, st.integers(1, 90))
def test_no_letter_is_lost(left: str, right: str, width: int) -> None:
    rows = list(rows_of([Entry("", left, right)], width))
    assert "".join("".join(row.left for row in rows).split()) == left.replace(" ", "")
    assert "".join("".join(row.right for row in rows).split()) == right.replace(" ", "")
