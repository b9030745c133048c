"""No key that was meant for something else ever answers a request."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.requests import Answer
from nanodeck_widgets.approval.docket import Docket
from nanodeck_widgets.approval.guard import APPEAR_SECONDS, QUIET_SECONDS, KeyGuard
from tests.widgets.approval_stage import Clock, approval_stage, request

ACCIDENTS = ["y", "n", "1", "4", "2", "s", "enter", "space", "tab", "e"]


def pressed(docket: Docket, key: str) -> Answer | None:
    """The answer a key leads to, the guard first as in the layer."""
    if docket.guard.absorbs():
        return None
    outcome = docket.press(key, key if len(key) == 1 else None)
    return outcome.answer if outcome else None


def arrived() -> tuple[Clock, Docket]:
    """A request that is shown just now."""
    clock = Clock()
    docket = Docket(clock)
    docket.offer([request("r1"), request("r2")])
    return clock, docket


@pytest.mark.parametrize("key", ACCIDENTS)
@pytest.mark.parametrize("milliseconds", [30, 100, 200, 300, 390, 450, 500, 600, 700, 800, 900])
@pytest.mark.parametrize("first", [0, 399])
def test_a_key_held_or_pressed_again_and_again_while_a_request_arrives_answers_nothing(
    key: str, milliseconds: int, first: int
) -> None:
    clock, docket = arrived()
    clock.now += first / 1000
    for _ in range(40):
        assert pressed(docket, key) is None
        assert docket.mode == "choose"
        clock.now += milliseconds / 1000


@settings(max_examples=200, deadline=None)
@given(
    st.floats(0, APPEAR_SECONDS * 0.99),
    st.lists(st.tuples(st.sampled_from(ACCIDENTS), st.floats(0, QUIET_SECONDS * 0.99)), max_size=30),
)
def test_typing_that_goes_on_without_a_pause_of_a_second_answers_nothing(
    first: float, keys: list[tuple[str, float]]
) -> None:
    clock, docket = arrived()
    clock.now += first
    for key, pause in keys:
        assert pressed(docket, key) is None
        clock.now += pause


@pytest.mark.parametrize(("key", "choice"), [("y", "once"), ("1", "once"), ("2", "session"), ("n", "deny")])
def test_a_key_after_the_dead_time_answers(key: str, choice: str) -> None:
    clock, docket = arrived()
    clock.now += APPEAR_SECONDS + 0.001
    answer = pressed(docket, key)
    assert answer is not None
    assert answer.choice == choice


@pytest.mark.parametrize("key", ["enter", "space", "a", "A", "Y", "3", "z"])
def test_enter_space_and_other_keys_do_nothing_at_any_time(key: str) -> None:
    clock, docket = arrived()
    for _ in range(10):
        clock.now += 5
        assert pressed(docket, key) is None
    assert docket.shown == request("r1")


@pytest.mark.parametrize("text", ["why is this", "the yard", "/permissions", " yes", "do not send"])
@pytest.mark.parametrize("milliseconds", [0, 100, 400, 900])
def test_a_sentence_begun_while_the_keys_are_live_answers_nothing(text: str, milliseconds: int) -> None:
    clock, docket = arrived()
    clock.now += 5
    for character in text:
        assert pressed(docket, character) is None
        assert docket.mode == "choose"
        clock.now += milliseconds / 1000


@pytest.mark.parametrize("milliseconds", [30, 100, 400, 500, 900])
def test_the_key_that_answered_one_request_never_answers_the_next_by_being_held(milliseconds: int) -> None:
    clock, docket = arrived()
    clock.now += 1
    assert pressed(docket, "y") == Answer("once")
    for _ in range(40):
        clock.now += milliseconds / 1000
        assert pressed(docket, "y") is None
    assert docket.shown == request("r2")


@pytest.mark.parametrize("milliseconds", [30, 100, 500, 900])
def test_the_enter_that_ended_the_editing_never_runs_what_was_edited(milliseconds: int) -> None:
    clock, docket = arrived()
    clock.now += 1
    assert pressed(docket, "e") is None
    assert pressed(docket, "x") is None
    for _ in range(40):
        assert pressed(docket, "enter") is None
        clock.now += milliseconds / 1000
    assert docket.mode == "confirm"


def test_walking_to_another_request_makes_the_keys_dead_again() -> None:
    clock, docket = arrived()
    clock.now += 1
    assert pressed(docket, "right") is None
    assert docket.shown == request("r2")
    clock.now += 0.1
    assert pressed(docket, "y") is None


def test_a_request_that_takes_the_place_of_a_closed_one_is_not_answered_by_a_key_meant_for_that() -> None:
    clock, docket = arrived()
    clock.now += 1
    docket.offer([request("r2")])
    assert docket.note
    clock.now += 0.2
    assert pressed(docket, "y") is None


def test_an_absorbed_key_keeps_the_keys_dead_longer() -> None:
    clock = Clock()
    guard = KeyGuard(clock)
    guard.arm()
    clock.now += 0.3
    assert guard.absorbs()
    clock.now += 0.9
    assert guard.remaining > 0
    clock.now += 0.11
    assert not guard.absorbs()


@pytest.mark.parametrize("key", ["y", "1", "enter", "space", "n"])
async def test_keys_held_in_the_prompt_when_the_layer_opens_go_nowhere(key: str) -> None:
    async with approval_stage() as (app, pilot):
        await pilot.press(*"draft ")
        app.offer(request("r1"))
        for _ in range(30):
            app.clock.now += 0.03
            await pilot.press(key)
        assert app.answers == []
        assert app.layer.is_open
        assert app.area.prompt.text == "draft "
