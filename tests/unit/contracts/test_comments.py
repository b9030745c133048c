from __future__ import annotations

from nanodeck.contracts.changes import Hunk
from nanodeck.contracts.comments import EXCERPT, comment_on
from nanodeck.contracts.lines import Line, lines_of
from nanodeck.contracts.sources import Source

BODY = " a\r\n-b\n-c\n+B\n d\n+e\n\\ No newline at end of file"
HUNK = Hunk(3, 10, 4, 20, 4, "", BODY)
SESSION = Source("session")


def test_lines_of_a_hunk_have_their_numbers_on_both_sides() -> None:
    assert lines_of(HUNK)[:4] == [
        Line(" ", "a\r", 10, 20),
        Line("-", "b", 11, 0),
        Line("-", "c", 12, 0),
        Line("+", "B", 0, 21),
    ]
    assert lines_of(Hunk(1, 0, 0, 0, 0, "", "")) == []


def test_a_comment_on_a_range_knows_numbers_excerpt_and_what_is_around() -> None:
    comment = comment_on(SESSION, "a.py", lines_of(HUNK), 1, 3, "why?", changeset="c1", hunk=3)
    assert (comment.old, comment.new) == ((11, 12), (21, 21))
    assert comment.excerpt == "-b\n-c\n+B"
    assert (comment.above, comment.below) == (("a",), ("d", "e"))
    assert (comment.id, comment.text, comment.changeset, comment.hunk) == ("", "why?", "c1", 3)


def test_a_comment_on_removed_lines_is_on_the_old_side_alone() -> None:
    comment = comment_on(SESSION, "a.py", lines_of(HUNK), 1, 1, "keep it")
    assert (comment.old, comment.new, comment.above, comment.below) == ((11, 11), None, ("a",), ("c", "d"))


def test_a_comment_on_a_whole_hunk_holds_no_mark_and_no_more_than_an_excerpt() -> None:
    whole = comment_on(SESSION, "a.py", lines_of(HUNK), 0, len(lines_of(HUNK)) - 1, "no")
    assert whole.excerpt == " a\n-b\n-c\n+B\n d\n+e"
    assert whole.new == (20, 23)
    long = lines_of(Hunk(1, 0, 0, 1, 500, "", "\n".join(["+x"] * 500)))
    comment = comment_on(SESSION, "a.py", long, 0, 499, "long")
    assert (comment.new, comment.excerpt.count("\n")) == ((1, 500), EXCERPT - 1)


def test_a_comment_on_a_hunk_without_lines_is_on_the_file() -> None:
    comment = comment_on(SESSION, "logo.png", [], 0, 0, "smaller", hunk=1)
    assert (comment.old, comment.new, comment.excerpt) == (None, None, "")
