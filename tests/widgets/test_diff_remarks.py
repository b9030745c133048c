"""Comments among the rows of a diff: under their lines in every layout, and nothing else moves."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.contracts.comments import Comment, comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.sources import Source
from nanodeck_widgets.diff.remarks import INDENT
from nanodeck_widgets.diff.rows import Layout, Rows
from nanodeck_widgets.diff.searching import seek, texts
from nanodeck_widgets.diff.side import NOTHING
from tests.widgets.diff_stage import changeset, three_hunks
from tests.widgets.test_diff_rows import LAYOUTS, changesets

SOURCE = Source("call", "c1")


def comment(
    change: Changeset, hunk: int, first: int, last: int, text: str = "why?", file: int = 0
) -> Comment:
    of = change.files[file]
    return comment_on(SOURCE, of.path, lines_of(of.hunks[hunk]), first, last, text, hunk=of.hunks[hunk].id)


def shown(rows: Rows) -> list[str]:
    """Rows in a word or two: kinds, and the text of lines and comments."""
    said = []
    for index in range(len(rows)):
        row = rows[index]
        if row.kind == "comment":
            said.append(rows.remarks[row.remark].rows[row.part])
        else:
            said.append(row.kind if row.kind != "line" else texts(rows, index)[0])
    return said


def test_a_comment_stands_under_the_last_of_its_lines() -> None:
    change = changeset()
    rows = Rows(change)
    assert rows.remark([comment(change, 0, 3, 4, "two\nlines"), comment(change, 1, 4, 4, "one")], 60)
    said = shown(rows)
    at = said.index("value_5 = five")
    assert said[at : at + 3] == ["value_5 = five", "you: two", "lines"]
    assert said[said.index("value_30 = 0") + 1] == "you: one"
    assert not rows.remark([comment(change, 0, 3, 4, "two\nlines"), comment(change, 1, 4, 4, "one")], 60)
    assert rows.remark([], 60)
    assert shown(rows) == shown(Rows(change))


def test_lines_of_a_range_are_named() -> None:
    change = changeset()
    rows = Rows(change)
    rows.remark([comment(change, 0, 0, 7)], 60)
    assert "you, lines 2-8: why?" in shown(rows)


def test_a_comment_whose_lines_are_others_now_stands_under_the_header_of_its_hunk() -> None:
    change = changeset()
    other = replace(comment(change, 1, 4, 4), excerpt="+something else")
    gone = replace(comment(change, 2, 3, 4), stale=True)
    rows = Rows(change)
    rows.remark([other, gone], 60)
    said = shown(rows)
    headers = [at for at, what in enumerate(said) if what == "hunk"]
    assert said[headers[1] + 1] == "you, on line 30 as it was: why?"
    assert said[headers[2] + 1] == "you, on line 55 as it was: why?"
    assert all(remark.spot.adrift for remark in rows.remarks)


def test_a_comment_on_lines_that_are_not_shown_stands_under_the_header_of_the_nearest_hunk() -> None:
    change = changeset()
    between = replace(comment(change, 0, 0, 0), old=(36, 36), new=(36, 36), excerpt=" value_36 = 36", hunk=0)
    rows = Rows(change)
    rows.remark([between], 60)
    (remark,) = rows.remarks
    assert (remark.spot.hunk, remark.spot.adrift, remark.rows) == (1, False, ("you, line 36: why?",))


def test_a_comment_on_a_file_that_is_not_shown_is_not_shown() -> None:
    change = changeset(three_hunks("a.py"), three_hunks("b.py"))
    rows = Rows(change)
    assert not rows.remark([comment(changeset(three_hunks("c.py")), 0, 4, 4)], 60)
    assert rows.remark([comment(change, 0, 4, 4, file=1)], 60)
    assert rows.remarks[0].spot.hunk == 3


@st.composite
def commented(draw: st.DrawFn) -> tuple[Changeset, list[Comment]]:
    change = draw(changesets())
    comments = []
    for number, file in enumerate(change.files):
        for hunk, proposed in enumerate(file.hunks):
            total = len(lines_of(proposed))
            if total and draw(st.booleans()):
                first = draw(st.integers(0, total - 1))
                last = draw(st.integers(first, total - 1))
                comments.append(comment(change, hunk, first, last, draw(st.text(max_size=40)), file=number))
    return change, comments


@settings(max_examples=50)
@given(commented(), LAYOUTS, st.integers(10, 40))
def test_comments_move_no_line_and_are_all_there(
    made: tuple[Changeset, list[Comment]], layout: Layout, width: int
) -> None:
    change, comments = made
    bare, rows = Rows(change, layout), Rows(change, layout)
    rows.remark(comments, width)
    assert [rows[row] for row in range(len(rows)) if rows[row].kind != "comment"] == [
        bare[row] for row in range(len(bare))
    ]
    told = [
        (row.remark, row.part) for row in map(rows.__getitem__, range(len(rows))) if row.kind == "comment"
    ]
    assert told == [(n, part) for n, remark in enumerate(rows.remarks) for part in range(len(remark.rows))]
    assert len(rows.remarks) == len(comments)
    assert all(cell_len(row) <= max(8, width - INDENT) for remark in rows.remarks for row in remark.rows)
    for index in range(1, len(rows)):
        row = rows[index]
        if row.kind == "comment" and not row.part and rows.remarks[row.remark].spot.line != NOTHING:
            above = index - 1
            while rows[above].kind == "comment":
                above -= 1
            assert rows.remarks[row.remark].spot.line in (rows[above].left, rows[above].right)


@settings(max_examples=40)
@given(commented(), LAYOUTS, st.sampled_from(["a", "limit", "字", "you"]), st.integers(0, 50))
def test_searching_reads_comments_too(
    made: tuple[Changeset, list[Comment]], layout: Layout, needle: str, start: int
) -> None:
    change, comments = made
    rows = Rows(change, layout)
    rows.remark(comments, 30)
    total = len(rows)
    start = min(start, max(0, total - 1))
    order = [(start + step) % total for step in range(total)]
    expected = next((row for row in order if any(needle in text for text in texts(rows, row))), None)
    assert seek(rows, lambda text: needle in text, start, 1) == expected


def test_a_comment_on_a_file_without_lines_stands_under_its_header() -> None:
    moved = FileDiff("b.py", "renamed", (Hunk(1, 1, 0, 1, 0, "", ""),), old_path="a.py")
    change = Changeset("c1", (), (moved,))
    rows = Rows(change)
    made = comment_on(SOURCE, "b.py", rows.body(0), 0, 0, "keep the name", changeset="c1", hunk=1)
    assert (made.old, made.new, made.excerpt) == (None, None, "")
    rows.remark([made], 60)
    assert shown(rows)[:2] == ["hunk", "you: keep the name"]
