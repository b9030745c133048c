"""When a request may open over the deck by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.ui.gate import QUIET_SECONDS, Gate, Situation, may_interrupt

FREE = Situation("prompt")


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_quiet_empty_prompt_may_be_interrupted() -> None:
    assert may_interrupt(FREE, QUIET_SECONDS)
    assert may_interrupt(Situation("chat"), QUIET_SECONDS)


@pytest.mark.parametrize(
    "situation",
    [
        FREE._replace(prompt_empty=False),
        FREE._replace(dialog_open=True),
        FREE._replace(agent_in_view=False),
        FREE._replace(focus="review"),
        FREE._replace(focus="elsewhere"),
        Situation("chat", dialog_open=True),
    ],
)
def test_nothing_opens_while_the_person_is_in_the_middle_of_something(situation: Situation) -> None:
    assert not may_interrupt(situation, 3600.0)


def test_text_in_the_prompt_does_not_matter_while_reading_the_chat() -> None:
    assert may_interrupt(Situation("chat", prompt_empty=False), QUIET_SECONDS)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(0.1, 0.9), min_size=1, max_size=40))
def test_keys_less_than_a_second_apart_never_let_a_request_open(pauses: list[float]) -> None:
    clock = Clock()
    gate = Gate(clock)
    gate.key()
    for pause in pauses:
        clock.now += pause
        assert not gate.opens(FREE)
        assert gate.remaining > 0
        gate.key()
    clock.now += QUIET_SECONDS
    assert gate.opens(FREE)
    assert gate.remaining == 0


def test_a_deck_nobody_has_touched_yet_is_quiet() -> None:
    assert Gate(Clock()).opens(FREE)
