"""Secrets that are known leave events before anybody sees or keeps them."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from nanodeck.contracts.discreet import HIDDEN
from nanodeck.contracts.events import ChangesetProposed, DraftChanged, Event
from nanodeck.core.secrets import Secrets

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
        data = msgspec.json.encode(_whole(msgspec.to_builtins(event)))
    spelled = [msgspec.json.encode(secret)[1:-1] for secret in sorted(known, key=len, reverse=True)]
    if not any(secret in data for secret in spelled):
        return event
    for secret in spelled:
        data = data.replace(secret, HIDDEN.encode())
    return msgspec.json.decode(data, type=type(event))


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(inner) for inner in value]
    return value
