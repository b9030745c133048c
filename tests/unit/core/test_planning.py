"""What /plan leads to in every state of a session."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts.commands import Decide, Send, SwitchMode
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer, PlanDetail, Request
from nanodeck.contracts.views import ReviewState, ReviewView, SessionView
from nanodeck.core.planning import plan_command, plan_status
from nanodeck.core.review.plan import propose_plan

NORMAL, PLANNING = SessionView(), SessionView(mode=Mode.PLAN)
PLAN = propose_plan("plan-1", "call", "# Plan\n", "# Plan\n").changeset
ASKING = replace(
    PLANNING,
    requests=(Request("request-2", "main", "call", PlanDetail("plan-1", "/plan.md")),),
    reviews=(ReviewView(PLAN, "asking", "main", "request-2"),),
)


def test_it_begins_with_or_without_what_is_to_be_planned() -> None:
    assert plan_command(NORMAL, "").commands == (SwitchMode(Mode.PLAN),)
    assert plan_command(NORMAL, "done with tests, what next?").commands == (
        SwitchMode(Mode.PLAN),
        Send("done with tests, what next?"),
    )
    assert plan_command(PLANNING, "status page\nfor x").commands == (Send("status page\nfor x"),)


def test_it_ends_in_the_mode_that_is_named_and_approves_what_waits() -> None:
    assert plan_command(PLANNING, "done").commands == (SwitchMode(Mode.NORMAL),)
    assert plan_command(PLANNING, "done accept-all").commands == (SwitchMode(Mode.YOLO),)
    approved = Decide("request-2", Answer("once", mode=Mode.AUTO_ACCEPT))
    assert plan_command(ASKING, "done auto-accept").commands == (approved,)
    for name in ("never", "plan"):
        words = f"planning does not end in {name}: /plan done, or /plan done auto-accept"
        assert plan_command(ASKING, f"done {name}") == ((), words)
    assert plan_command(NORMAL, "done") == ((), "plan mode is off, the mode is normal; there is no plan yet")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asking", "waits for your approval"),
        ("approved", "was approved"),
        ("returned", "was sent back"),
        ("refused", "was handed in, but the turn was stopped"),
    ],
)
def test_the_state_of_the_plan_is_said(state: ReviewState, words: str) -> None:
    seen = replace(PLANNING, reviews=(ReviewView(PLAN, state, "main"),))
    assert plan_status(seen) == f"plan mode is on; the plan (1 line) {words}"
    assert plan_command(seen, "").said == plan_command(seen, "status").said == plan_status(seen)
