"""A disk that refuses at any moment of a running session: told, survived, and nothing lost afterwards."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import PASSING
from nanodeck.contracts.modes import Mode
from nanodeck.store.journal import Reading, read_journal
from nanodeck.store.places import Places
from tests.support.disk import CALLS, FaultyDisk
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.support.trusting import trust_before

FaceOf = Callable[..., Face]
READ = ("read", {"path": "a.py"})
WRITE = ("write", {"path": "b.py", "content": "x = 1\n"})
REPLIES = (Reply(["looking"], calls=[READ, WRITE]), Reply(["one"]), Reply(["two"]))
SAVING = set(CALLS) - {"pwrite", "ftruncate"}
"""The others write down who holds the session, or take back what could not be written."""
MOST = 60
"""More calls than the session makes."""


@pytest.fixture(autouse=True)
def trusted(project: Path) -> None:
    """What was trusted before is no matter of a disk that refuses now."""
    trust_before(project)


def saved(face: Face) -> Reading:
    return read_journal(Places.from_environment().sessions / face.state.session)


def nothing_is_lost(face: Face) -> None:
    """Every durable event that the face saw is on disk, once and in order."""
    seen = [event for event in face.events if not isinstance(event, PASSING)]
    reading = saved(face)
    written = [envelope.event for envelope in reading.envelopes]
    assert [envelope.n for envelope in reading.envelopes] == list(range(1, len(written) + 1))
    assert [event for event in seen if event not in written] == []
    assert reading.unknown == 0


def session_on(disk: FaultyDisk, face_of: FaceOf) -> Face:
    """Two turns; before the second one the disk works again. What it comes to once it is closed."""
    with ModelServer(*REPLIES) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        assert face.run("first").end == "done"
        disk.heal()
        assert face.run("second").end == "done"
    return face


@pytest.mark.parametrize(
    ("code", "count", "short"),
    [(errno.ENOSPC, 1, False), (errno.EIO, 1, False), (errno.ENOSPC, MOST, False), (errno.ENOSPC, 3, True)],
    ids=["full-once", "broken-once", "full-for-long", "half-written"],
)
def test_whichever_call_fails_the_session_goes_on_and_nothing_is_lost(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, code: int, count: int, short: bool
) -> None:
    for first in range(1, MOST):
        (project / "b.py").unlink(missing_ok=True)
        with monkeypatch.context() as patched:
            disk = FaultyDisk(first, count=count, code=code, short=short).install(patched)
            face = session_on(disk, face_of)
        if not disk.failed:
            assert first > 10
            return
        told = [event for event in face.events if isinstance(event, ev.Noticed) and event.level == "error"]
        assert told or not SAVING & set(disk.failed), f"call {first} ({disk.failed[0]}) failed silently"
        assert len(told) <= 2, [event.text for event in told]
        nothing_is_lost(face)
        assert (project / "b.py").read_text() == "x = 1\n"
    pytest.fail("the session makes more calls than were tried")


def test_a_session_that_could_not_be_begun_is_saved_as_soon_as_the_disk_works(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        disk = FaultyDisk(1, count=1000).install(patched)
        with ModelServer(Reply(["one"], before_end=disk.heal)) as server, face_of(server) as face:
            assert face.run("first").end == "done"
    assert disk.failed
    nothing_is_lost(face)
