"""What /plan does, the same in every face: commands for the engine, and what is said."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck.contracts.commands import Command, Decide, Send, SwitchMode
from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.requests import Answer, PlanDetail, Request
from nanodeck.contracts.text import counted
from nanodeck.contracts.views import ReviewState, ReviewView, SessionView

_STATES: dict[ReviewState, str] = {
    "asking": "waits for your approval",
    "approved": "was approved",
    "returned": "was sent back",
    "refused": "was handed in, but the turn was stopped",
}


class Planned(NamedTuple):
    """What /plan leads to."""

    commands: tuple[Command, ...] = ()
    said: str = ""


def plan_command(state: SessionView, argument: str) -> Planned:
    """Carry out `/plan`, `/plan status`, `/plan done [mode]` or `/plan` with what is to be planned."""
    words = argument.split()
    if words == ["status"] or (not words and state.mode is Mode.PLAN):
        return Planned(said=plan_status(state))
    if words[:1] == ["done"] and len(words) <= 2:
        return _done(state, words[1] if words[1:] else Mode.NORMAL.value)
    entered: tuple[Command, ...] = () if state.mode is Mode.PLAN else (SwitchMode(Mode.PLAN),)
    return Planned((*entered, Send(argument.strip())) if words else entered)


def plan_status(state: SessionView) -> str:
    """Whether plan mode is on, and how the last plan stands."""
    on = "plan mode is on" if state.mode is Mode.PLAN else f"plan mode is off, the mode is {state.mode.value}"
    plan = last_plan(state)
    if plan is None:
        return f"{on}; there is no plan yet"
    lines = counted(plan.changeset.files[0].hunks[0].new_count, "line")
    return f"{on}; the plan ({lines}) {_STATES.get(plan.state, plan.state)}"


def last_plan(state: SessionView) -> ReviewView | None:
    """The plan that was handed in last."""
    plans = [review for review in state.reviews if review.changeset.plan]
    return plans[-1] if plans else None


def _done(state: SessionView, name: str) -> Planned:
    try:
        mode = parse_mode(name)
    except ValueError:
        mode = Mode.PLAN
    if mode is Mode.PLAN:
        return Planned(said=f"planning does not end in {name}: /plan done, or /plan done auto-accept")
    if request := _asked(state):
        return Planned((Decide(request.id, Answer("once", mode=mode)),))
    if state.mode is Mode.PLAN:
        return Planned((SwitchMode(mode),))
    return Planned(said=plan_status(state))


def _asked(state: SessionView) -> Request | None:
    return next((one for one in state.requests if isinstance(one.detail, PlanDetail)), None)
