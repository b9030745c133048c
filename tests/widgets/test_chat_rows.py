"""Wrapping and heights: the arithmetic under the transcript."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from rich.cells import cell_len
from rich.style import Style

from nanodeck_widgets.chat.table import fitted_widths
from nanodeck_widgets.chat.wrap import breaks, plain, sliced
from nanodeck_widgets.heights import Heights

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
CLUSTERS = st.sampled_from(["a", "bc", " ", "  ", "漢", "字", "é", "👍", "…", "e\u0301", FAMILY, "─", "x-y"])
TEXTS = st.lists(CLUSTERS, max_size=40).map("".join)


@given(TEXTS, st.integers(2, 20), st.booleans())
@settings(max_examples=200, deadline=None)
def test_wrapped_text_fits_and_loses_nothing_but_blanks_at_the_end(
    text: str, width: int, words: bool
) -> None:
    cuts = breaks(text, width, words=words)
    assert all(cell_len(text[cut.start : cut.end].rstrip()) <= width for cut in cuts)
    joined = "".join(
        (cut.glue if index else "") + text[cut.start : cut.end] for index, cut in enumerate(cuts)
    )
    assert joined.rstrip(" ") == text.rstrip(" ")
    assert all(not cut.glue.strip(" ") for cut in cuts)


@given(st.lists(st.sampled_from(["word", "longer", "a"]), min_size=1, max_size=20), st.integers(6, 30))
@settings(max_examples=100, deadline=None)
def test_words_that_fit_are_never_parted(words: list[str], width: int) -> None:
    text = " ".join(words)
    for cut in breaks(text, width):
        assert set(text[cut.start : cut.end].split(" ")) <= set(words)


@given(st.lists(TEXTS, max_size=6), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_styled_pieces_are_cut_where_their_text_is(texts: list[str], width: int) -> None:
    pieces = [(text, Style(bold=bool(index % 2))) for index, text in enumerate(texts)]
    text = plain(pieces)
    cuts = breaks(text, width)
    rows = list(sliced(pieces, cuts))
    assert ["".join(s.text for s in row) for row in rows] == [text[cut.start : cut.end] for cut in cuts]


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 9)), max_size=40)


@given(st.lists(st.integers(0, 9), max_size=40), STEPS)
@settings(max_examples=200, deadline=None)
def test_sums_of_heights_agree_with_adding_them_up(
    start: list[int], steps: list[tuple[bool, int, int]]
) -> None:
    values, heights = list(start), Heights(start)
    for append, index, value in steps:
        if append or not values:
            values.append(value)
            heights.append(value)
        else:
            at = index % len(values)
            assert heights.change(at, value) == value - values[at]
            values[at] = value
    assert heights.total == sum(values)
    assert [heights.before(index) for index in range(len(values) + 1)] == [
        sum(values[:index]) for index in range(len(values) + 1)
    ]
    owners = [(index, within) for index, value in enumerate(values) for within in range(value)]
    assert [heights.locate(row) for row in range(heights.total)] == owners


@given(st.lists(st.integers(0, 80), min_size=1, max_size=8), st.integers(1, 120))
@settings(max_examples=200, deadline=None)
def test_columns_use_the_room_there_is_and_the_widest_give_way_first(natural: list[int], room: int) -> None:
    widths = fitted_widths(natural, room)
    if widths is None:
        assert sum(min(max(1, width), 4) for width in natural) > room
        return
    assert sum(widths) <= room
    assert all(1 <= width <= max(1, own) for width, own in zip(widths, natural, strict=True))
    if sum(max(1, width) for width in natural) <= room:
        assert list(widths) == [max(1, width) for width in natural]
