"""Pieces of a reply that arrived together, as few as say the same: every one costs until it is drawn."""

from __future__ import annotations

from collections.abc import Iterable

from nanodeck.contracts.model import CallDelta, ModelEvent, ReasoningDelta, TextDelta


def merged(events: Iterable[ModelEvent]) -> list[ModelEvent]:
    """`events` with neighbouring pieces of the same text, thought or call joined."""
    told: list[ModelEvent] = []
    for event in events:
        joined = _joined(told[-1], event) if told else None
        if joined is None:
            told.append(event)
        else:
            told[-1] = joined
    return told


def _joined(before: ModelEvent, event: ModelEvent) -> ModelEvent | None:
    match before, event:
        case TextDelta(text=text), TextDelta(text=more):
            return TextDelta(text + more)
        case ReasoningDelta(text=text), ReasoningDelta(text=more):
            return ReasoningDelta(text + more)
        case CallDelta(id=call, name=name, arguments=text), CallDelta(id=same, arguments=more) if (
            call == same
        ):
            return CallDelta(call, name, text + more)
    return None
