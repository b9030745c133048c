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
    SessionView,
)
from nanodeck.core.fold.agents import append, fresh, set_agent
from nanodeck.core.fold.session import change_review

UNDO = "/undo puts the files as they were before that"


def turn_place(view: AgentView, turn: str) -> int | None:
    """Which of the agent's turns is `turn`; None where it is no part of the conversation."""
    return next((place for place, mark in enumerate(view.turns) if mark.turn == turn), None)


def _rewound(state: SessionView, envelope: Envelope, event: ev.Rewound) -> SessionView:
    view = fresh(state, envelope)
    place = None if event.what == "files" else turn_place(view, event.turn)
    if place is not None:
        mark = view.turns[place]
        state = replace(state, tasks=mark.tasks)
        view = replace(
            view,
            transcript=view.transcript.cut(mark.position),
            turns=view.turns.cut(place),
            places={},
            context=mark.context,
            planning=mark.planning,
        )
    if words := rewound_words(event):
        advice = UNDO if event.changeset else ""
        view = append(view, NoticeEntry(f"rewound-{envelope.n}", "info", words, advice))
    if event.summary:
        view = append(view, ReplyEntry(f"summary-{envelope.n}", event.summary))
    state = set_agent(state, envelope.agent, view)
    for changeset in event.taken:
        state = change_review(state, changeset, state="undone", undone_by=event.changeset)
    return state


def _changes_undone(state: SessionView, envelope: Envelope, event: ev.ChangesUndone) -> SessionView:
    return _moved(state, envelope, event.changeset, undone=True, words=f"Undone: {', '.join(event.files)}")


def _changes_redone(state: SessionView, envelope: Envelope, event: ev.ChangesRedone) -> SessionView:
    return _moved(state, envelope, event.changeset, undone=False, words=f"Redone: {', '.join(event.files)}")


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
    view = append(fresh(state, envelope), NoticeEntry(f"undo-{envelope.n}", "info", words))
    return set_agent(state, envelope.agent, view)


REWINDING_STEPS: dict[type, Callable[[SessionView, Envelope, Any], SessionView]] = {
    ev.Rewound: _rewound,
    ev.ChangesUndone: _changes_undone,
    ev.ChangesRedone: _changes_redone,
}
