"""Clusters: every text is a row of them, and no place in one is taken for a place between two."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as some
from rich.cells import cell_len

from nanodeck_widgets.clusters import cluster_at, cluster_end, fitting

PARTS = [
    "a",
    " ",
    "漢",
    "e\u0301",
    "👩\u200d💻",
    "❤\ufe0f",
    "🇩🇪",
    "🇩",
    "👍🏽",
    "น้ำ",
    "שָׁ",
    "\u200d",
    "1\ufe0f\u20e3",
]
TEXTS = some.lists(some.sampled_from(PARTS), max_size=12).map("".join)


def edges(text: str) -> list[int]:
    """The places between clusters, from the first to the last."""
    found = [0]
    while found[-1] < len(text):
        found.append(cluster_end(text, found[-1]))
    return found


def test_what_people_see_as_one_character_is_one() -> None:
    for whole in (
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "❤\ufe0f",
        "🇩🇪",
        "👍🏽",
        "1\ufe0f\u20e3",
        "\u1112\u1161\u11ab",
    ):
        assert edges(f"a{whole}b") == [0, 1, 1 + len(whole), 2 + len(whole)]


@given(text=TEXTS)
def test_a_place_inside_a_cluster_is_told_from_one_between_two(text: str) -> None:
    places = edges(text)
    for start, end in pairwise(places):
        assert cluster_at(text, start) == (start, start)
        for inside in range(start + 1, end):
            assert cluster_at(text, inside) == (start, end)


@given(text=TEXTS, width=some.integers(2, 9))
def test_what_fits_is_whole_clusters_and_no_wider(text: str, width: int) -> None:
    at = 0
    while at < len(text):
        end = fitting(text, at, width)
        assert end in edges(text)
        assert end > at
        assert cell_len(text[at:end]) <= width
        at = end
