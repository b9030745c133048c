"""Events of going back: a rewind, and undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.rewinding import rewound_words
from nanodeck.contracts.views import (
    AgentView,
    NoticeEntry,
    ReplyEntry,
    ReviewState,
    ReviewView,
    SessionView,
    TakenBack,
    TakenOff,
)
from nanodeck.core.fold.agents import append, fresh, set_agent
from nanodeck.core.fold.session import change_review
from nanodeck.core.fold.transcript import noted

UNDO = "/undo takes that back"


def turn_place(view: AgentView, turn: str) -> int | None:
    """Which of the agent's turns is `turn`; None where it is no part of the conversation."""
    return next((place for place, mark in enumerate(view.turns) if mark.turn == turn), None)


def _rewound(state: SessionView, envelope: Envelope, event: ev.Rewound) -> SessionView:
    view = fresh(state, envelope)
    if event.what != "files":
        state, view = _taken_off(state, view, event.turn, event.changeset, event.summary)
    if words := rewound_words(event):
        advice = UNDO if event.changeset else ""
        view = append(view, NoticeEntry(f"rewound-{envelope.n}", "info", words, advice))
    if event.summary:
        view = append(view, ReplyEntry(f"summary-{envelope.n}", event.summary))
    state = set_agent(state, envelope.agent, view)
    for review in state.reviews:
        if review.changeset.id in event.taken:
            state = change_review(state, review.changeset.id, **_gone(review, event))
    return state


def _gone(review: ReviewView, event: ev.Rewound) -> dict[str, Any]:
    """What becomes of a review that a rewind took back, all of it or but for files that it left alone."""
    files = review.changeset.files
    back = [file for file in files if not {file.path, file.old_path} & set(event.skipped)]
    if len(back) == len(files):
        return {"state": "undone", "undone_by": event.changeset}
    hunks = ((file.path, hunk.id) for file in back for hunk in file.hunks)
    taken = (TakenBack(*one, event.changeset) for one in hunks if one not in review.gone)
    return {"taken": (*review.taken, *taken)}


def _taken_off(
    state: SessionView, view: AgentView, turn: str, changeset: str, summary: str
) -> tuple[SessionView, AgentView]:
    """Without what was said since `turn` began; what can be undone is remembered."""
    place = turn_place(view, turn)
    if place is None:
        return state, view
    mark = view.turns[place]
    off = None
    if changeset:
        known = view.transcript, view.turns, view.context, view.planning, state.tasks
        off = TakenOff(changeset, turn, *known, summary)
    view = replace(
        view,
        transcript=view.transcript.cut(mark.position),
        turns=view.turns.cut(place),
        taken_off=off,
        places={},
        context=mark.context,
        planning=mark.planning,
    )
    return replace(state, tasks=mark.tasks), view


def _changes_undone(state: SessionView, envelope: Envelope, event: ev.ChangesUndone) -> SessionView:
    view = fresh(state, envelope)
    off, words = view.taken_off, ", ".join(event.files)
    if off is not None and off.changeset == event.changeset and not off.back:
        words = f"the conversation{', ' if words else ''}{words}"
        state = replace(state, tasks=off.tasks)
        view = replace(
            view,
            transcript=off.transcript,
            turns=off.turns,
            context=off.context,
            planning=off.planning,
            taken_off=replace(off, back=True),
            places={},
        )
    state = set_agent(state, envelope.agent, view)
    return _moved(state, envelope, event.changeset, undone=True, words=f"Undone: {words}")


def _changes_redone(state: SessionView, envelope: Envelope, event: ev.ChangesRedone) -> SessionView:
    view = fresh(state, envelope)
    off, words = view.taken_off, ", ".join(event.files)
    if off is not None and off.changeset == event.changeset and off.back:
        words = f"the conversation{', ' if words else ''}{words}"
        state, view = _taken_off(state, view, off.turn, off.changeset, off.summary)
        if off.summary:
            view = append(view, ReplyEntry(f"summary-{envelope.n}", off.summary))
    state = set_agent(state, envelope.agent, view)
    return _moved(state, envelope, event.changeset, undone=False, words=f"Redone: {words}")


def _moved(
    state: SessionView, envelope: Envelope, changeset: str, *, undone: bool, words: str
) -> SessionView:
    """After a changeset was undone or redone, and with it whatever it had taken back itself."""
    there: ReviewState = "undone" if undone else "applied"
    taken_back: ReviewState = "applied" if undone else "undone"
    for review in state.reviews:
        taken = tuple(
            replace(one, undone=undone) if one.changeset == changeset else one for one in review.taken
        )
        stands = review.state
        if review.changeset.id == changeset:
            stands = there
        elif review.undone_by == changeset:
            stands = taken_back
        if (taken, stands) != (review.taken, review.state):
            state = change_review(state, review.changeset.id, taken=taken, state=stands)
    return noted(state, envelope, "info", words)


REWINDING_STEPS: dict[type, Callable[[SessionView, Envelope, Any], SessionView]] = {
    ev.Rewound: _rewound,
    ev.ChangesUndone: _changes_undone,
    ev.ChangesRedone: _changes_redone,
}
