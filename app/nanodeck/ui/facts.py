"""What the title, state and status lines say, worked out of the session's state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.text import one_line
from nanodeck.contracts.views import (
    AgentView,
    ReviewView,
    SessionView,
    ToolEntry,
    TurnEntry,
)
from nanodeck_widgets.status import StateFacts, Tab, TitleFacts

SCRIPTED_PROVIDER = "demo"
TROUBLE_LENGTH = 60
DOING_LENGTH = 20


def state_facts(state: SessionView, *, started: bool) -> StateFacts:
    """The state line's facts; before the engine has `started` it says so."""
    agent = state.agent(MAIN_AGENT)
    model = state.model
    scripted = model is not None and model.provider == SCRIPTED_PROVIDER
    return StateFacts(
        mode=state.mode.value,
        model="" if scripted else one_line(str(model), 40) if model else "no model" if started else "",
        scripted=scripted,
        context=agent.context,
        window=state.window,
        work=_work(state, agent) if started else "starting",
        doing=_doing(agent) if agent.turn and not state.pressing else "",
        since=agent.turn_started
        if agent.turn
        else min((entry.started for entry in agent.typed), default=0.0),
        retry_at=agent.retry.until if agent.retry else 0.0,
        retry_reason=one_line(agent.retry.reason, TROUBLE_LENGTH) if agent.retry else "",
        steer=len(agent.steer),
        queued=len(agent.queued),
        jobs=sum(job.status == "running" for job in state.jobs),
        tasks=len(state.tasks),
        tasks_done=sum(task.status == "completed" for task in state.tasks),
        checkpoint=state.checkpoints[-1].number if state.checkpoints else 0,
        waiting=len(state.requests),
        trouble=_trouble(agent),
        **_sandbox(state),
    )


def _sandbox(state: SessionView) -> dict[str, Any]:
    sandbox = state.sandbox
    if sandbox is None:
        return {}
    access = "" if not sandbox.in_force else f"{sandbox.access}{'+net' if sandbox.network else ''}"
    weak = not sandbox.in_force or bool(sandbox.reduced)
    return {"sandbox": sandbox.brief, "sandbox_access": access, "sandboxed": not weak}


def _work(state: SessionView, agent: AgentView) -> str:
    if any(request.agent == MAIN_AGENT for request in state.pressing):
        return "asking"
    return "busy" if agent.turn else "running" if agent.typed else ""


def _doing(agent: AgentView) -> str:
    """What the turn spends its time with."""
    calls = [agent.transcript[position] for position in agent.places.values()]
    for state in ("writing", "running"):
        for call in calls:
            if isinstance(call, ToolEntry) and call.state == state and not call.typed:
                return f"{state} {one_line(call.name, DOING_LENGTH)}"
    if not agent.calling:
        return ""
    return (
        "writing" if agent.streamed else "thinking" if agent.streamed_reasoning else "waiting for the model"
    )


def _trouble(agent: AgentView) -> str:
    if agent.turn or not len(agent.transcript):
        return ""
    last = agent.transcript[len(agent.transcript) - 1]
    if not isinstance(last, TurnEntry) or last.end != "error":
        return ""
    return one_line(last.detail or "the turn failed", TROUBLE_LENGTH)


def panes_with_content(state: SessionView) -> frozenset[str]:
    """The names of the panes that have something to show; the chat always has."""
    kept = {"chat": True, "diff": state.reviews, "tasks": state.tasks, "jobs": state.jobs}
    return frozenset(name for name, content in kept.items() if content)


def tabs(state: SessionView, present: frozenset[str]) -> tuple[Tab, ...]:
    """The panes that are `present` as tabs of a narrow deck."""
    running = sum(job.status == "running" for job in state.jobs)
    done = sum(task.status == "completed" for task in state.tasks)
    asking = [review for review in state.reviews if review.state == "asking"]
    undecided = sum(undecided_hunks(review, state.comments) for review in asking)
    every = (
        Tab("chat", "Chat"),
        Tab("diff", "Diff", f"·{undecided}" if asking else "", lit=bool(asking)),
        Tab("tasks", "Tasks", f"{done}/{len(state.tasks)}"),
        Tab("jobs", "Jobs", f"{running}▶" if running else ""),
    )
    return tuple(tab for tab in every if tab.name in present)


def title_facts(
    state: SessionView,
    *,
    folder: str,
    narrow: bool,
    active: str,
    present: frozenset[str],
    branch: str = "",
) -> TitleFacts:
    """The title line's facts; tabs only where the panes are tabs."""
    return TitleFacts(
        folder=folder,
        branch=branch,
        session=one_line(state.title, 48),
        waiting=len(state.requests),
        tabs=tabs(state, present) if narrow else (),
        active=active,
    )


def window_title(state: SessionView, folder: str) -> str:
    """The name of the terminal's window: what waits comes first, as tabs cut the end."""
    waiting = f"⚠ {len(state.requests)} " if state.requests else ""
    return one_line(f"{waiting}{folder.rstrip('/').rpartition('/')[2] or folder} - nanodeck", 80)


def review_in_view(state: SessionView, chosen: str = "") -> ReviewView | None:
    """What the diff pane shows: the `chosen` review while it asks, else the oldest that asks or the last."""
    asking = [review for review in state.reviews if review.state == "asking"]
    if asking:
        return next((review for review in asking if review.changeset.id == chosen), asking[0])
    return state.reviews[-1] if state.reviews else None


def undecided_hunks(review: ReviewView, comments: Sequence[Comment]) -> int:
    """Hunks nobody has decided on, nor commented; a plan is not decided on by marks."""
    if review.changeset.plan:
        return 1
    decided = {(mark.path, mark.hunk) for mark in review.marks}
    decided |= {(one.path, one.hunk) for one in comments if one.changeset == review.changeset.id}
    hunks = {(file.path, hunk.id) for file in review.changeset.files for hunk in file.hunks}
    return len(hunks - decided)
