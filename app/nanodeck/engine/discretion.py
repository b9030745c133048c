"""Secrets that are known leave events before anybody sees or keeps them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import msgspec

from nanodeck.contracts.events import ChangesetProposed, DraftChanged, Event
from nanodeck.core.secrets import Secrets, hide

EventT = TypeVar("EventT", bound=Event)

# Lines under review are written as they stand in them: without what was hidden, files would be damaged.
_EXACT = (ChangesetProposed, DraftChanged)


def discreet(event: EventT, secrets: Secrets) -> EventT:
    """`event` without any of `secrets`; the same object where there is none in it."""
    known = secrets()
    if not known or isinstance(event, _EXACT):
        return event
    try:
        data = msgspec.json.encode(event)
    except UnicodeEncodeError:
        # Half characters are no part of a key; what stands beside them may be.
        data = msgspec.json.encode(_hidden(msgspec.to_builtins(event), ()))
    if not any(msgspec.json.encode(secret)[1:-1] in data for secret in known):
        return event
    told = _hidden(msgspec.to_builtins(event, str_keys=True), known)
    return msgspec.convert(told, type(event), str_keys=True)


def _hidden(value: object, secrets: Collection[str]) -> object:
    """`value` without any of `secrets`; what tells kinds of events apart is no text."""
    if isinstance(value, str):
        return hide(value.encode("utf-8", "replace").decode(), secrets)
    if isinstance(value, dict):
        return {key: inner if key == "type" else _hidden(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(inner, secrets) for inner in value]
    return value
