"""Fuzzy ranking: what was meant comes first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.workspace.finding.fuzzy import PathIndex

FILES = [
    "README.md",
    "app/engine/agent.py",
    "app/engine/session.py",
    "app/engine/",
    "app/shell/session.py",
    "docs/engine.md",
    "tests/test_session.py",
    "app/store/sessions_of_an_entirely_different_name.py",
]


def rank(pattern: str, paths: list[str], limit: int) -> list[str]:
    return PathIndex(paths).find(pattern, limit)


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("readme", "README.md"),
        ("engine", "app/engine/"),
        ("engine.md", "docs/engine.md"),
        ("session", "app/shell/session.py"),
        ("engses", "app/engine/session.py"),
        ("engine/se", "app/engine/session.py"),
        ("ag py", "app/engine/agent.py"),
        ("tsess", "tests/test_session.py"),
        ("READ", "README.md"),
    ],
)
def test_the_best_match_comes_first(pattern: str, first: str) -> None:
    assert rank(pattern, FILES, 5)[0] == first


def test_what_lacks_a_letter_is_left_out() -> None:
    assert rank("zebra", FILES, 5) == []
    assert rank("dmr", FILES, 5) == []


def test_capitals_in_the_pattern_make_case_count() -> None:
    assert rank("rEADME", FILES, 5) == []


def test_an_empty_pattern_gives_what_is_near_the_top() -> None:
    assert rank("  ", FILES, 2) == ["README.md", "app/engine/"] or rank("", FILES, 1) == ["README.md"]


def test_a_long_pattern_over_long_equal_letters_does_not_explode() -> None:
    assert rank("a" * 30 + "b", ["a" * 4000] * 20, 5) == []


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_letters_taken_from_a_path_find_it(data: st.DataObject) -> None:
    path = data.draw(st.text("abcXY/._-", min_size=1, max_size=20))
    kept = data.draw(st.lists(st.integers(0, len(path) - 1), unique=True).map(sorted))
    assert rank("".join(path[i] for i in kept), [path], 5) == [path]


def kind_of(pattern: str, path: str) -> int:
    """How good a match is, worked out plainly; 9 for none."""
    seen = path if pattern != pattern.lower() else path.lower()
    name = seen[seen.rfind("/", 0, -1) + 1 :]
    held = [
        pattern in (name, name.removesuffix("/")),
        name.startswith(pattern),
        pattern in name,
        pattern in seen,
    ]
    rest = [iter(name), iter(seen)]
    held += [all(letter in letters for letter in pattern) for letters in rest]
    return held.index(True) if True in held else 9


PATHS = st.lists(st.text("abA/.", min_size=1, max_size=8).filter(lambda path: path[0] != "/"), unique=True)


@settings(max_examples=80, deadline=None)
@given(PATHS, st.text("abA/.", min_size=1, max_size=4), st.integers(1, 6))
def test_better_kinds_come_first_and_none_is_missing(paths: list[str], pattern: str, limit: int) -> None:
    found = rank(pattern, paths, limit)
    kinds = sorted(kind_of(pattern, path) for path in paths)
    assert [kind_of(pattern, path) for path in found] == [kind for kind in kinds if kind < 9][:limit]
    assert len(set(found)) == len(found)


@settings(max_examples=50, deadline=None)
@given(PATHS, st.lists(st.text("abA/.", min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_was_looked_for_before_makes_no_difference(paths: list[str], patterns: list[str]) -> None:
    index = PathIndex(paths)
    for pattern in patterns:
        for end in range(1, len(pattern) + 1):
            assert index.find(pattern[:end], 4) == rank(pattern[:end], paths, 4)


def test_a_search_that_is_not_wanted_any_more_ends_early_and_spoils_nothing() -> None:
    index = PathIndex(FILES)
    assert index.find("engses", 5, lambda: False) == []
    assert index.find("engses", 5) == ["app/engine/session.py"]
