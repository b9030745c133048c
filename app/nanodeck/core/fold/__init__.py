"""The state of a session as a fold over its events: pure, shared by engine, deck and tests."""

from __future__ import annotations

from nanodeck.contracts.events import Envelope
from nanodeck.contracts.views import SessionView
from nanodeck.core.fold.session import SESSION_STEPS
from nanodeck.core.fold.transcript import TRANSCRIPT_STEPS

_STEPS = {**SESSION_STEPS, **TRANSCRIPT_STEPS}


def fold(state: SessionView, envelope: Envelope) -> SessionView:
    """The state after `envelope`; unknown events change nothing."""
    step = _STEPS.get(type(envelope.event))
    return step(state, envelope, envelope.event) if step else state
