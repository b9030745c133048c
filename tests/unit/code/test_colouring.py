"""Colours of a whole file: right where a line alone would be misread, and where its lines end oddly."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck.code.colouring import decoded_colours, encoded_colours
from nanodeck.contracts.versions import Colour


def kinds(path: str, text: str) -> list[list[tuple[str, str]]]:
    """The coloured parts of each line, with their kinds."""
    coloured = decoded_colours(encoded_colours(path, text))
    lines = text.split("\n")
    return [
        [(line[a:b], kind) for a, b, kind in colours] for line, colours in zip(lines, coloured, strict=True)
    ]


def test_a_line_inside_a_string_is_no_code() -> None:
    found = kinds("a.py", 'x = """\nif None: return\n"""\nreturn 1\n')
    assert found[1] == [("if None: return", "string")]
    assert found[3] == [("return", "keyword"), ("1", "number")]


def test_other_ends_of_lines_count_as_they_are_written() -> None:
    found = kinds("a.py", "def f():\r\n    return 1\r\n")
    assert found[1] == [("return", "keyword"), ("1", "number")]


def test_what_is_no_known_code_has_no_colours() -> None:
    assert kinds("notes.unknown", "if a\nb") == [[], []]


@given(st.text("ab 'if\"\n\r\t#漢=()", max_size=60))
def test_colours_stay_within_their_lines_in_order(text: str) -> None:
    for line, colours in zip(text.split("\n"), decoded_colours(encoded_colours("a.py", text)), strict=True):
        at = 0
        for start, end, _ in colours:
            assert at <= start < end <= len(line)
            at = end


def test_colours_travel_as_short_lists() -> None:
    assert encoded_colours("a.py", "None") == [b'[[0,4,"keyword"]]']
    assert decoded_colours([b"[]", b'[[0,4,"keyword"]]']) == ((), (Colour(0, 4, "keyword"),))
