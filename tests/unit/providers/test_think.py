"""Inline thinking, taken out of streamed text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.providers.think import Piece, ThinkSplitter

CASES = {
    "none": ("Hello there", "", "Hello there"),
    "block": ("<think>\nhm, well\n</think>\n\nHello", "hm, well\n", "Hello"),
    "upper case": ("<THINK>hm</Think>Hello", "hm", "Hello"),
    "long name": ("<thinking>hm</thinking>Hello", "hm", "Hello"),
    "blanks before": ("\n\n<think>hm</think>Hello", "hm", "Hello"),
    "empty block": ("<think>\n\n</think>\n\nHello", "", "Hello"),
    "late": ("Let me see.\n<think>hm</think>\nHello", "hm", "Let me see.\nHello"),
    "two blocks": ("<think>a</think>one\n<think>b</think>two", "ab", "one\ntwo"),
    "never closed": ("<think>hm, and so on", "hm, and so on", ""),
    "stray closing first": ("</think>\n\nHello", "", "Hello"),
    "stray closing later": ("<think>a</think>Hello </think>", "a", "Hello </think>"),
    "literal in a sentence": (
        "Write <think> and </think> around it",
        "",
        "Write <think> and </think> around it",
    ),
    "literal in code": ("Use `</think>` here", "", "Use `</think>` here"),
    "literal in a fence": ("So:\n```\n<think>x</think>\n```\nok", "", "So:\n```\n<think>x</think>\n```\nok"),
    "only a prefix": ("a < b <thin", "", "a < b <thin"),
    "code in thinking": ("<think>say `</think>` then</think>Hello", "say `</think>` then", "Hello"),
    "quote before the end": ("<think>it is 'x'</think>Hello", "it is 'x'", "Hello"),
    "leading blanks stay": ("  indented", "", "  indented"),
}


def split(pieces: list[str]) -> list[Piece]:
    splitter = ThinkSplitter()
    return [piece for text in pieces for piece in splitter.feed(text)] + splitter.end()


def joined(pieces: list[Piece], kind: str) -> str:
    return "".join(text for found, text in pieces if found == kind)


@pytest.mark.parametrize("name", CASES)
def test_thinking_and_text_part(name: str) -> None:
    given_text, reasoning, text = CASES[name]
    for pieces in (split([given_text]), split(list(given_text))):
        assert (joined(pieces, "reasoning"), joined(pieces, "text")) == (reasoning, text)
        assert all(kind != "orphan" for kind, _ in pieces)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_closing_tag_without_opening_says_that_all_before_was_thinking(size: int) -> None:
    text = "hm, well\n</think>\n\nHello"
    pieces = split([text[start : start + size] for start in range(0, len(text), size)])
    place = [kind for kind, _ in pieces].index("orphan")
    assert joined(pieces[:place], "text") == "hm, well\n"
    assert joined(pieces[place:], "text") == "Hello"


def test_a_stray_closing_tag_is_no_orphan_after_thinking_from_elsewhere() -> None:
    splitter = ThinkSplitter()
    splitter.thought = True
    assert splitter.feed("</think>\nHello") == [("text", "Hello")]


def test_only_what_may_become_a_tag_is_held_back() -> None:
    splitter = ThinkSplitter()
    assert splitter.feed("a <") == [("text", "a ")]
    assert splitter.feed("b") == [("text", "<b")]
    assert splitter.feed(" </th") == [("text", " ")]
    assert splitter.feed("e end") == [("text", "</the end")]


_BITS = st.sampled_from(
    ["<think>", "</think>", "<THINKING>", "</thinking>", "<", "think>", "`", "```", "\n", " ", "a", "'", "/"]
)


@given(st.lists(_BITS, max_size=25).map("".join), st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_what_comes_out_does_not_depend_on_the_cuts(text: str, size: int) -> None:
    cut = split([text[start : start + size] for start in range(0, len(text), size)])
    once = split([text])
    for kind in ("text", "reasoning"):
        assert joined(cut, kind) == joined(once, kind)


@given(st.text(alphabet="ab <>/`\nthink", max_size=60))
@settings(max_examples=200, deadline=None)
def test_text_without_tags_is_left_alone(text: str) -> None:
    if "<think" not in text and "</think" not in text and text.strip():
        assert joined(split(list(text)), "text") == text
