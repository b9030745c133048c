"""The shell commands that asked in past sessions, and how the person answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.events import RequestClosed, RequestOpened
from nanodeck.contracts.requests import CommandDetail
from nanodeck.store.journal import open_journal
from nanodeck.store.places import Places
from nanodeck.store.sessions import events_in, list_sessions

_SESSIONS = 50
_OPENED = b'"event":{"type":"RequestOpened"'
_CLOSED = b'"event":{"type":"RequestClosed"'


class Asked(Struct, frozen=True):
    """A command that asked in `folder`; `allowed`: the person let it run as it was."""

    command: str
    folder: str
    allowed: bool


def asked_commands(places: Places, folder: str) -> list[Asked]:
    """Those of the last sessions of `folder`, newest session first."""
    sessions = (places.sessions / info.id for info in list_sessions(places, folder, _SESSIONS))
    return [asked for session in sessions for asked in _asked_in(session)]


def _asked_in(session: Path) -> Iterator[Asked]:
    open_now: dict[str, CommandDetail] = {}
    try:
        with open_journal(session) as file:
            for envelope in events_in(file, (_OPENED, _CLOSED)):
                event = envelope.event
                if isinstance(event, RequestOpened) and isinstance(event.request.detail, CommandDetail):
                    open_now[event.request.id] = event.request.detail
                elif isinstance(event, RequestClosed) and (detail := open_now.pop(event.request, None)):
                    answer = event.answer
                    as_it_was = answer is not None and answer.command in ("", detail.command)
                    allowed = as_it_was and answer is not None and answer.choice != "deny"
                    yield Asked(detail.command, detail.folder, allowed)
    except OSError:
        return
