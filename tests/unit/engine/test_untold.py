"""Files were put back, and nanodeck was killed before it could say so: the next start says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListTurns
from nanodeck.contracts.rewinding import RewindWhat
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


@pytest.mark.parametrize(("what", "turns"), [("files", ["hello", "change it"]), ("both", ["hello"])])
async def test_a_rewind_that_was_not_told_goes_back_as_far_as_it_was_meant_to(
    project: Path, face_of: FaceOf, what: RewindWhat, turns: list[str]
) -> None:
    with ModelServer(Reply(["hello"]), COMMAND, Reply(["done"]), Reply(["fine"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            before = (project / "a.py").read_text()
            face.run("hello")
            face.run("change it")
            changed, _ = await face.link.ask(ListTurns())
            face.link.send(cmd.Rewind(changed.turn, what))
            rewound = face.wait(ev.Rewound)
        forget_the_last(journal_of(face), ev.Rewound)
        with face_of(server, resume="last", mode=Mode.YOLO) as face:
            listed = await face.link.ask(ListTurns())
            assert [turn.text for turn in reversed(listed)] == turns
            if what == "both":
                assert face.wait(ev.QueueReturned).texts == ("change it",)
            face.run("and now?")
            assert ("change it" in str(server.requests[-1]["messages"])) == (what == "files")
            face.link.send(cmd.Undo())
            face.wait(ev.ChangesUndone)
            assert (project / "a.py").read_text() != before
    told = [one.event for one in read_journal(journal_of(face)).envelopes]
    assert [event for event in told if isinstance(event, ev.Rewound)] == [rewound]


def test_what_a_command_changed_that_was_cut_short_is_found_out_however_short_the_next_start_is(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(COMMAND, Reply(["done"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.run("change it")
        journal = journal_of(face)
        # The second time nothing is left open any more, and it was not told all the same.
        for _ in range(2):
            forget_the_last(journal, ev.CheckpointTaken)
            for _ in range(2):
                with face_of(server, resume="last", mode=Mode.YOLO):
                    pass
                told = [one.event for one in read_journal(journal).envelopes]
                (taken,) = (event.checkpoint for event in told if isinstance(event, ev.CheckpointTaken))
                assert [file.path for file in taken.files] == ["a.py"]
