"""What a session that ended badly has left: opened again, it must be whole and go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.requests import Answer
from nanodeck.engine.calls import confining
from nanodeck.store.fsck import check_journal
from nanodeck.store.journal import EVENTS_FILE, read_journal
from nanodeck.store.places import Places
from nanodeck.workspace.shadow.checking import check
from tests.conftest import NO_SANDBOX
from tests.reliability import session
from tests.reliability.forked import Heard, Place, Reached, Say, Witness, forked
from tests.support.model_server import ModelServer, Reply


def opened_again(place: Place) -> Heard:
    """Open the session again and say something more; `reached` is the project as it was in between."""

    def work(say: Say) -> None:
        confining.tried_here = lambda cache: NO_SANDBOX
        with ModelServer(Reply(["fine"])) as server:
            session.use(place.home, server.url)
            found = session_of(place)
            with Witness(place.project, say, resume=found.name if found else "") as face:
                session.settle(face)
                say(Reached(0, session.state_of(place.project), session.said(face)))
                for request in face.state.requests:
                    face.link.send(cmd.Decide(request.id, Answer("deny")))
                ended = session.turn(face, "and now?")
                assert ended.end == "done", ended
                assert not face.state.requests, face.state.requests
            told = server.requests[-1]["messages"]
            wrong = list(unpaired(told))
            assert not wrong, wrong

    return forked(work)


def session_of(place: Place) -> Path | None:
    """The folder of the one session that was begun."""
    found = _sessions(place)
    assert len(found) <= 1, found
    return found[0] if found else None


def _sessions(place: Place) -> list[Path]:
    return sorted(path.parent for path in place.home.glob(f"sessions/*/{EVENTS_FILE}"))


def unpaired(messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Calls without a result and results without a call, as a strict provider finds them."""
    open_calls: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                yield f"no call {message['tool_call_id']}"
                continue
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            yield f"no result of {', '.join(open_calls)} before a message of {message['role']}"
        open_calls = [call["id"] for call in message.get("tool_calls") or ()]
    if open_calls:
        yield f"no result of {', '.join(open_calls)}"


def losses(place: Place, *heard: Heard) -> Iterator[str]:
    """What faces had seen and is not kept; nothing is before something was said."""
    folder = session_of(place)
    kept = {envelope.n: envelope for envelope in read_journal(folder).envelopes} if folder else {}
    for events in (one.events for one in heard):
        if any(isinstance(envelope.event, ev.MessageSent) for envelope in events):
            lost = [envelope for envelope in events if kept.get(envelope.n) != envelope]
            yield from (f"event {envelope.n} is lost: {type(envelope.event).__name__}" for envelope in lost)


def damages(place: Place) -> Iterator[str]:
    """What is wrong in what nanodeck keeps, beside a last line that was cut short."""
    for folder in _sessions(place):
        for damage in check_journal(folder):
            if not damage.what.startswith("cut short"):
                yield f"journal: {damage}"
    stores = Places.under(place.home).checkpoints
    for store in stores.iterdir() if stores.exists() else ():
        yield from (f"checkpoints: {wrong}" for wrong in check(store))


def left_behind(place: Place) -> Iterator[str]:
    """Drafts in the project that nobody needs any more."""
    yield from (f"left behind: {path.name}" for path in place.project.rglob(".nanodeck-*"))
