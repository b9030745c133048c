"""The terminal's word on its background is heard, and never taken for keys."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.ui.ground import GroundAnswers, GroundTold, answers

ANSWER = "\x1b]11;rgb:fafa/fafa/f8f8\x1b\\"


def heard(*chunks: str) -> tuple[str, list[bool]]:
    """What is left of the chunks, and what was told."""
    listening, rest, told = GroundAnswers(), "", []
    for chunk in chunks:
        data, message = listening.take(chunk)
        rest += data
        if isinstance(message, GroundTold):
            told.append(message.light)
    return rest, told


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        (ANSWER, True),
        ("\x1b]11;rgb:1111/1414/1a1a\a", False),
        ("\x1b]11;rgb:f/f/f\a", True),
        ("\x1b]11;rgba:00/00/00/ff\a", False),
    ],
)
def test_light_and_dark_are_told_apart(answer: str, light: bool) -> None:
    assert heard(answer) == ("", [light])


@given(
    st.integers(3, len(ANSWER)), st.sampled_from(["", "a", "\x1b[A"]), st.sampled_from(["", "b", "\x1b[B"])
)
def test_keys_around_an_answer_that_comes_in_pieces_stay(cut: int, before: str, after: str) -> None:
    assert heard(before + ANSWER[:cut], ANSWER[cut:] + after) == (before + after, [True])


@given(st.lists(st.sampled_from(["a", "\x1b", "\x1b[", "\x1b]", "11;", "]", "\a", "\x1b[200~"])))
def test_what_is_no_answer_is_passed_on(chunks: list[str]) -> None:
    rest, told = heard(*chunks, "\a\a\x1b\x1b")
    assert rest == "".join(chunks) + "\a\a\x1b\x1b"
    assert told == []


def test_who_would_print_the_question_is_not_asked() -> None:
    assert [answers({"TERM": term}) for term in ("linux", "vt220", "xterm-256color", "")] == [
        False,
        False,
        True,
        True,
    ]
