"""A changeset as rows: every line once, wherever one looks first, in every layout."""

from __future__ import annotations

import random

from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from nanodeck.contracts.changes import Changeset, Hunk
from nanodeck.contracts.lines import Line
from nanodeck.core.review import ProposedFile, propose
from nanodeck_widgets.diff import body as body_module
from nanodeck_widgets.diff.body import Body
from nanodeck_widgets.diff.rows import Layout, Rows
from nanodeck_widgets.diff.runs import Runs
from nanodeck_widgets.diff.searching import seek, texts
from nanodeck_widgets.diff.side import NOTHING, Pairs, rows_beside
from nanodeck_widgets.diff.text import displayed, rows_of, wrapped
from nanodeck_widgets.diff.words import emphasis, partners
from tests.widgets.diff_stage import changeset, three_hunks

CASES = settings(max_examples=100, deadline=None)
TEXTS = st.sampled_from(["", "a", "limit = None", "  x" * 9, "漢字かな" * 4, "\tt\tab", "end\r", "é\u0301"])
LAYOUTS = st.builds(Layout, st.booleans(), st.sampled_from([0, 1, 20]), st.sampled_from([0, 1, 7]))


@st.composite
def hunks(draw: st.DrawFn) -> Hunk:
    signs = draw(st.lists(st.sampled_from(" -+"), min_size=1, max_size=80))
    lines = [sign + draw(TEXTS) for sign in signs]
    if draw(st.booleans()):
        lines.append("\\ No newline at end of file")
    return Hunk(1, 10, 0, 20, 0, "", "\n".join(lines))


@st.composite
def changesets(draw: st.DrawFn) -> Changeset:
    contents = st.none() | st.lists(TEXTS, max_size=30).map(lambda lines: "\n".join(lines).encode())
    notes = st.sampled_from(["", "matched otherwise"])
    count = draw(st.integers(1, 3))
    files = [ProposedFile(f"f{n}", draw(contents), draw(contents), draw(notes)) for n in range(count)]
    return propose("c", [], files).changeset


def numbered(hunk: Hunk) -> list[Line]:
    old, new = hunk.old_start, hunk.new_start
    lines = []
    for line in hunk.body.split("\n"):
        sign = line[0]
        text = line[1:].strip() if sign == "\\" else line[1:]
        lines.append(Line(sign, text, old * (sign in " -"), new * (sign in " +")))
        old += sign in " -"
        new += sign in " +"
    return lines


@CASES
@given(hunks(), st.integers(1, 40), st.randoms(use_true_random=False))
def test_lines_are_the_same_wherever_one_looks_first(hunk: Hunk, block: int, chance: random.Random) -> None:
    expected = numbered(hunk)
    before, body_module.BLOCK = body_module.BLOCK, block
    try:
        body = Body(hunk)
        order = list(range(len(expected)))
        chance.shuffle(order)
        found = {index: body[index] for index in order}
    finally:
        body_module.BLOCK = before
    assert len(body) == len(expected)
    assert [found[index] for index in range(len(expected))] == expected


@CASES
@given(changesets(), LAYOUTS)
def test_every_line_is_shown_once_in_every_layout(change: Changeset, layout: Layout) -> None:
    rows = Rows(change, layout)
    seen: list[tuple[int, int]] = []
    for index in range(len(rows)):
        row = rows[index]
        if row.kind == "line" and not row.part:
            sides = {line for line in (row.left, row.right) if line != NOTHING}
            seen += [(row.hunk, line) for line in sides]
    expected = [(hunk, line) for hunk in range(len(rows.places)) for line in range(len(rows.body(hunk)))]
    assert sorted(seen) == expected


@CASES
@given(changesets(), LAYOUTS)
def test_hunks_know_their_rows(change: Changeset, layout: Layout) -> None:
    rows = Rows(change, layout)
    for hunk in range(len(rows.places)):
        first, last = rows.span(hunk)
        assert rows[first].kind == "hunk"
        kind = "line" if rows.hunk(hunk).body else "fact"
        assert all(rows[row].kind == kind for row in range(first + 1, last))
        assert all(rows.at_row(row) == hunk for row in range(rows.top_of(hunk), last))


@CASES
@given(changesets(), LAYOUTS, st.frozensets(st.integers(0, 2)))
def test_of_a_folded_file_there_is_one_row_and_the_cursor_stops_at_it_once(
    change: Changeset, layout: Layout, folded: frozenset[int]
) -> None:
    rows, places = Rows(change, layout, folded), Rows(change).places
    kinds = [(places[row.hunk].file, row.kind) for row in (rows[at] for at in range(len(rows)))]
    here = {place.file for place in places}
    for file in here:
        own = [kind for of, kind in kinds if of == file]
        assert (own == ["file"]) if file in folded else ("hunk" in own)
    stops = [0] if places else []
    while stops and (after := rows.next_shown(stops[-1], 1)) != stops[-1]:
        stops.append(after)
    assert [place for place in stops if places[place].file in folded] == [
        at for at, place in enumerate(places) if place.file in folded and not place.hunk
    ]
    assert all(rows.at_row(rows.top_of(at)) == at for at in stops)
    rows.fold(frozenset())
    assert len(rows) == len(Rows(change, layout))


@CASES
@given(TEXTS, st.integers(2, 30))
def test_wrapping_keeps_every_character_and_the_promised_height(text: str, width: int) -> None:
    shown = displayed(text)
    ranges = wrapped(shown, width)
    assert "".join(shown[a:b] for a, b in ranges) == shown
    assert rows_of(shown, width) == len(ranges)
    assert all(cell_len(shown[a:b]) <= width for a, b in ranges)


def test_tabs_end_at_every_fourth_cell_also_after_wide_characters() -> None:
    assert displayed("\ta\tb") == "    a   b"
    assert displayed("漢\tb") == "漢  b"


def test_control_characters_are_shown_and_markup_is_literal() -> None:
    assert displayed("[b]\x1b[31m\u202e") == "[b]␛[31m<202e>"


def test_files_are_named_when_there_are_several() -> None:
    assert Rows(changeset(three_hunks()))[0].kind == "hunk"
    assert Rows(changeset(three_hunks("a"), three_hunks("b")))[0].kind == "file"


def test_searching_goes_around_the_end_in_both_directions() -> None:
    rows = Rows(changeset())
    first, _ = rows.span(2)
    hit = seek(rows, lambda text: "changed" in text, len(rows) - 1, 1)
    assert hit is not None
    assert hit > first
    assert seek(rows, lambda text: "changed" in text, 0, -1) == hit
    assert seek(rows, lambda text: "nowhere" in text, 3, 1) is None


@CASES
@given(changesets(), LAYOUTS, st.sampled_from(["a", "limit", "字", "x  x", "tab"]), st.integers(0, 50))
def test_searching_finds_what_reading_every_row_finds(
    change: Changeset, layout: Layout, needle: str, start: int
) -> None:
    rows = Rows(change, layout)
    total = len(rows)
    start = min(start, max(0, total - 1))
    order = [(start + step) % total for step in range(total)]
    expected = next((row for row in order if any(needle in text for text in texts(rows, row))), None)
    assert seek(rows, lambda text: needle in text, start, 1) == expected


def test_a_long_new_file_is_indexed_without_being_parsed() -> None:
    text = "".join(f"line {n}\n" for n in range(100_000)).encode()
    rows = Rows(changeset(ProposedFile("big", None, text)))
    assert len(rows) == 100_001
    assert texts(rows, 99_999) == ["line 99998"]
    body = rows.body(0)
    assert body[50_000] == Line("+", "line 50000", 0, 50_001)
    assert len(body._parsed) == 2


def test_lines_beside_each_other_pair_up_in_order() -> None:
    pairs = Pairs([" ", "-", "-", "+", " ", "+", "-", "\\", "+"])
    assert list(zip(pairs.left, pairs.right, strict=True)) == [
        (0, 0),
        (1, 3),
        (2, NOTHING),
        (4, 4),
        (NOTHING, 5),
        (6, 8),
        (7, NOTHING),
    ]


@CASES
@given(st.lists(st.sampled_from(" -+\\"), max_size=30))
def test_rows_beside_each_other_are_counted_as_they_are_laid(signs: list[str]) -> None:
    assert rows_beside(signs) == len(Pairs(signs))


@CASES
@given(hunks())
def test_lines_beside_their_counterparts_are_all_there_once_and_in_order(hunk: Hunk) -> None:
    body = Body(hunk)
    pairs = Pairs(body.signs, Runs(body).partners)
    for side, signs in ((pairs.left, " -"), (pairs.right, " +")):
        shown = [line for line in side if line != NOTHING and body[line].sign != "\\"]
        assert shown == [line for line in range(len(body)) if body[line].sign in signs]


def test_a_line_stands_beside_its_counterpart_behind_inserted_ones() -> None:
    body = Body(Hunk(1, 1, 1, 1, 3, "", "-limit = None\n+log.info(1)\n+\n+limit = Bucket()"))
    pairs = Pairs(body.signs, Runs(body).partners)
    assert list(zip(pairs.left, pairs.right, strict=True)) == [(NOTHING, 1), (NOTHING, 2), (0, 3)]


def test_words_that_changed_are_marked_and_the_rest_is_not() -> None:
    old, new = "    limit = None", "    limit = Bucket(5)"
    left, right = emphasis(old, new)
    assert [old[a:b] for a, b in left] == ["None"]
    assert [new[a:b] for a, b in right] == ["Bucket(5)"]


def test_blanks_are_marked_only_where_nothing_else_changed() -> None:
    old, new = "  return share", "      return shares"
    left, right = emphasis(old, new)
    assert ([old[a:b] for a, b in left], [new[a:b] for a, b in right]) == (["share"], ["shares"])
    assert emphasis("  return", "      return") == (((0, 2),), ((0, 6),))


def test_lines_with_little_in_common_and_very_long_lines_get_no_marks() -> None:
    assert emphasis("import os", "return value + 1") == ((), ())
    assert emphasis("a " * 400, "a " * 399 + "b") == ((), ())


def test_a_changed_line_finds_its_counterpart_behind_inserted_ones() -> None:
    assert partners(["limit = None"], ["log.info(request)", "limit = Bucket()"]) == [(0, 1)]
    assert partners([], ["a"]) == []


def test_carriage_returns_show_only_where_line_ends_differ() -> None:
    same = Rows(changeset(ProposedFile("f", b"a\r\nb\r\n", b"a\r\nc\r\n")))
    assert texts(same, 2) == ["b"]
    mixed = Rows(changeset(ProposedFile("f", b"a\r\nb\r\n", b"a\r\nb\n")))
    assert [texts(mixed, row) for row in (2, 3)] == [["b␍"], ["b"]]
