"""Laying out and editing what is approved: nothing is lost, nothing is hidden."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from nanodeck.contracts.text import show_controls
from nanodeck_widgets.approval.editor import LineEditor
from nanodeck_widgets.approval.wrap import rows_of, visible

TEXT = st.text(alphabet=st.sampled_from("ab \n漢é-\t\x1b\u202e👩‍🚀"), max_size=80)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(2, 30))
def test_wrapped_rows_joined_again_are_the_text(text: str, width: int) -> None:
    rows = rows_of(visible(text), width)
    joined = "".join(("" if row.goes_on or at == 0 else "\n") + row.text for at, row in enumerate(rows))
    assert joined == visible(text)
    assert all(visible(text)[row.start :].startswith(row.text) for row in rows)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(2, 30))
def test_no_row_is_wider_than_the_room(text: str, width: int) -> None:
    assert all(cell_len(row.text) <= width for row in rows_of(visible(text), width))


def test_rows_break_after_a_blank_where_that_leaves_no_hole() -> None:
    assert [row.text for row in rows_of("alpha beta gamma", 12)] == ["alpha beta ", "gamma"]
    assert [row.text for row in rows_of("a " + "x" * 20, 12)] == ["a " + "x" * 10, "x" * 10]


@given(st.text(max_size=50))
def test_nothing_stays_invisible(text: str) -> None:
    assert visible(text) == show_controls(text).replace("\t", "→   ")
    assert "\x1b" not in visible(text)


KEYS = ["a", "b", " ", "left", "right", "home", "end", "backspace", "delete"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab ", max_size=10), st.lists(st.sampled_from(KEYS), max_size=30))
def test_the_editor_does_what_a_plain_string_does(start: str, keys: list[str]) -> None:
    editor = LineEditor(start)
    text, at = start, len(start)
    for key in keys:
        editor.press(key, key if len(key) == 1 else None)
        if key == "left":
            at = max(0, at - 1)
        elif key == "right":
            at = min(len(text), at + 1)
        elif key == "home":
            at = 0
        elif key == "end":
            at = len(text)
        elif key == "backspace":
            text, at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        elif key == "delete":
            text = text[:at] + text[at + 1 :]
        else:
            text, at = text[:at] + key + text[at:], at + 1
    assert (editor.text, editor.cursor) == (text, at)


def test_words_and_lines_can_be_deleted() -> None:
    editor = LineEditor("one two\nthree four", newlines=True)
    editor.press("ctrl+w", None)
    assert editor.text == "one two\nthree "
    editor.press("ctrl+u", None)
    assert editor.text == "one two\n"
    editor.press("up", None)
    editor.press("ctrl+right", None)
    editor.press("ctrl+k", None)
    assert editor.text == "one\n"


def test_a_line_without_new_lines_takes_a_paste_as_one_line() -> None:
    editor = LineEditor()
    editor.insert("a\r\nb\rc")
    assert editor.text == "a b c"
