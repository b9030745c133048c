"""However requests come and go under somebody's fingers: an answer is for what is shown, none is lost."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck_widgets.approval.docket import Docket
from nanodeck_widgets.approval.guard import APPEAR_SECONDS
from tests.widgets.approval_stage import Clock, request

KEYS = ["y", "n", "1", "2", "s", "4", "left", "right", "tab", "e", "escape", "enter", "x"]
PRESSED = st.sampled_from(KEYS)
PASSED = st.floats(0.0, 1.5)
CLOSED = st.integers(0, 5)
STEPS = st.lists(st.one_of(PRESSED, PASSED, CLOSED, st.sampled_from(["ask", "review", "hear"])), max_size=60)


@settings(max_examples=100)
@given(STEPS)
def test_an_answer_is_for_the_request_that_was_shown_long_enough(steps: list[str | float | int]) -> None:
    clock = Clock()
    docket = Docket(clock)
    waiting: list[Request] = []
    answered: set[str] = set()
    shown, since = "", clock.now
    for number, step in enumerate(steps):
        if isinstance(step, float):
            clock.now += step
        elif step not in KEYS:
            if step == "ask":
                waiting.append(request(f"r{number}", agent=f"a{number % 3}"))
            elif step == "review":
                waiting.append(request(f"v{number}", ReviewDetail(f"s{number}", 1, 1)))
            elif step == "hear":
                waiting = [each for each in waiting if each.id not in answered]
            elif isinstance(step, int) and waiting:
                waiting.pop(step % len(waiting))
            docket.offer(waiting)
        elif docket.shown is not None and not docket.guard.absorbs():
            outcome = docket.press(str(step), str(step) if len(str(step)) == 1 else None)
            if outcome and outcome.answer and outcome.request:
                assert outcome.request.id == shown
                assert clock.now - since >= APPEAR_SECONDS
                assert outcome.request in waiting
                assert outcome.request.id not in answered
                assert not outcome.request.changeset
                answered.add(outcome.request.id)
        if shown != (docket.shown.id if docket.shown else ""):
            shown, since = docket.shown.id if docket.shown else "", clock.now
        left = [each for each in waiting if each.id not in answered and not each.changeset]
        assert bool(docket.shown) == bool(left)
        assert set(map(id, left)) <= set(map(id, docket.requests))
