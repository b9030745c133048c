"""Files were put back, and nanodeck was killed before it could say so: the next start says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.modes import Mode
from nanodeck.store.journal import EVENTS_FILE, read_journal
from nanodeck.store.lines import encode_line
from nanodeck.store.places import Places
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
COMMAND = Reply(calls=[("bash", {"command": "echo more >> a.py"})])
STEPS: dict[str, tuple[tuple[cmd.Command, ...], type]] = {
    "undo": ((cmd.Undo(),), ev.ChangesUndone),
    "redo": ((cmd.Undo(), cmd.Redo()), ev.ChangesRedone),
    "load": ((cmd.LoadCheckpoint("good"),), ev.CheckpointTaken),
}


def journal_of(face: Face) -> Path:
    return Places.from_environment().sessions / face.state.session


def forget_the_last(folder: Path, told: type) -> None:
    """Cut the journal before the last event of this type: that is how a kill leaves it."""
    kept = read_journal(folder).envelopes
    last = max(place for place, one in enumerate(kept) if isinstance(one.event, told))
    (folder / EVENTS_FILE).write_bytes(b"".join(map(encode_line, kept[:last])))


@pytest.mark.parametrize("step", STEPS)
def test_what_was_put_back_is_told_once_by_the_next_start(project: Path, face_of: FaceOf, step: str) -> None:
    commands, told = STEPS[step]
    with ModelServer(COMMAND, Reply(["done"]), Reply(["fine"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.link.send(cmd.CreateCheckpoint("good"))
            face.wait(ev.Noticed)
            face.run("change it")
            for command in commands:
                face.link.send(command)
            face.wait(told)
        before = [type(one.event) for one in read_journal(journal_of(face)).envelopes]
        forget_the_last(journal_of(face), told)
        for _ in range(2):
            with face_of(server, resume="last", mode=Mode.YOLO) as face:
                face.run("and now?")
                assert "[The user " in str(server.requests[-1]["messages"])
    after = [type(one.event) for one in read_journal(journal_of(face)).envelopes]
    assert after.count(told) == before.count(told)
