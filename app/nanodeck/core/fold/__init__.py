"""The state of a session as a fold over its events: pure, shared by engine, deck and tests."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.views import SessionView
from nanodeck.core.fold.rewinding import REWINDING_STEPS
from nanodeck.core.fold.session import SESSION_STEPS
from nanodeck.core.fold.transcript import TRANSCRIPT_STEPS

_STEPS = {**SESSION_STEPS, **TRANSCRIPT_STEPS, **REWINDING_STEPS}
# Commands may have changed files, too, also where nobody watches them.
_CHANGING = {
    ev.ChangesetEnded,
    ev.ChangesUndone,
    ev.ChangesRedone,
    ev.Rewound,
    ev.HunkTakenBack,
    ev.FilesChanged,
    ev.TypedEnded,
    ev.JobEnded,
    ev.TurnEnded,
}


def fold(state: SessionView, envelope: Envelope) -> SessionView:
    """The state after `envelope`; unknown events change nothing."""
    kind = type(envelope.event)
    if step := _STEPS.get(kind):
        state = step(state, envelope, envelope.event)
    return replace(state, changed=state.changed + 1) if kind in _CHANGING else state
