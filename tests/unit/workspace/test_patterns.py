"""Glob patterns as people and models write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.workspace.finding.patterns import compile_glob, split_fixed


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("*.py", ["a.py", "src/deep/b.py", ".py"], ["a.pyc", "a.py/b"]),
        ("src/*.py", ["src/a.py"], ["src/b/a.py", "x/src/a.py"]),
        ("/a.py", ["a.py"], ["b/a.py"]),
        ("./a/*", ["a/b"], ["a/b/c"]),
        ("**/*.py", ["a.py", "x/y/a.py"], ["a.txt"]),
        ("src/**", ["src/a", "src/b/c"], ["src", "srcs/a"]),
        ("src/", ["src/a", "src/b/c"], ["src"]),
        ("src/**/t_*.py", ["src/t_a.py", "src/x/y/t_b.py"], ["src/at_a.py"]),
        ("**", ["a", "a/b"], []),
        ("a**b", ["ab", "axxb"], ["ax/b"]),
        ("?.c", ["a.c"], ["ab.c", "/.c"]),
        ("[ab].c", ["a.c", "x/b.c"], ["c.c"]),
        ("[!ab].c", ["c.c"], ["a.c"]),
        ("[a-c]x[]]", ["bx]"], ["dx]"]),
        ("x[", ["x["], ["x"]),
        ("*.{ts,tsx}", ["a.ts", "b/c.tsx"], ["a.js"]),
        ("{src,lib}/{a,b{1,2}}.py", ["src/a.py", "lib/b2.py"], ["src/b.py"]),
        ("a{b", ["a{b"], ["ab"]),
        ("a}b,c", ["a}b,c"], []),
        (r"a\*b", ["a*b"], ["axb"]),
        ("a.b+c(d)$", ["a.b+c(d)$"], ["axb+c(d)$"]),
        ("ü*", ["über"], ["uber"]),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, matching: list[str], other: list[str]) -> None:
    wanted = compile_glob(pattern)
    assert [path for path in matching + other if wanted.match(path)] == matching


def test_an_empty_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        compile_glob("./")


@settings(max_examples=200, deadline=None)
@given(st.text("ab*?[]{},!\\/.^-&~|", max_size=20))
def test_no_pattern_breaks_the_translation(pattern: str) -> None:
    try:
        wanted = compile_glob(pattern)
    except ValueError:
        return
    wanted.match("a/b/a.b")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="*?[]{},\\/!"), min_size=1, max_size=20))
def test_a_plain_name_matches_itself(name: str) -> None:
    assert compile_glob(name).match(name)


def test_many_stars_are_no_trouble() -> None:
    assert not compile_glob("**/" * 20 + "*a" * 10 + "b").match("a/" * 30 + "a" * 60)


@pytest.mark.parametrize(
    ("pattern", "split"),
    [
        ("*.py", ("", "*.py")),
        ("a.py", ("", "a.py")),
        ("src/*.py", ("src", "/*.py")),
        ("src/a/b.py", ("src/a", "/b.py")),
        ("/abs/x/**/*.py", ("/abs/x", "/**/*.py")),
        ("/a.py", ("/", "/a.py")),
        ("../up/*", ("../up", "/*")),
        ("{a,b}/x/*", ("", "{a,b}/x/*")),
    ],
)
def test_literal_folders_are_split_off(pattern: str, split: tuple[str, str]) -> None:
    assert split_fixed(pattern) == split
