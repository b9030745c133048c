"""A review that a person has in hand is theirs: nothing of it is written, or lost, behind their back."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark, Mark
from nanodeck.contracts.commands import (
    Cancel,
    MarkHunks,
    Send,
    SendComments,
    StartSession,
    SwitchMode,
    TakeBack,
    Undo,
    WriteComment,
)
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import Source
from nanodeck.core.review.file import ReviewedFile
from nanodeck.engine.agents import Agents
from nanodeck.engine.review.outside import Outside
from nanodeck.store.journal import read_journal
from nanodeck.workspace.writing.checkpoints import Checkpointer
from tests.support.face import PATIENCE, Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.holding import held

FaceOf = Callable[..., Face]
READ = Reply(calls=[("read", {"path": "a.py"})])
EDITS = [{"old_string": f"line {n}\n", "new_string": f"L{n}\n"} for n in (3, 20, 38)]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])
ALL: list[tuple[str, int, Mark]] = [("a.py", hunk, "accepted") for hunk in (1, 2, 3)]


def changed_lines(project: Path) -> list[str]:
    return [line for line in (project / "a.py").read_text().splitlines() if not line.startswith("line")]


def test_a_review_that_went_stale_is_asked_again_in_whatever_mode(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Outside, "start", lambda self: None)
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(SwitchMode(Mode.YOLO))
        path = project / "a.py"
        path.write_text(path.read_text().replace("line 20\n", "mine\n"))
        face.review(request, ("a.py", 2, "accepted"))
        again = face.request()
        assert changed_lines(project) == ["mine"]
        face.review(again, ("a.py", 3, "accepted"))
        face.wait(ev.TurnEnded)
        assert changed_lines(project) == ["mine", "L38"]


def test_a_review_that_outlived_its_process_is_asked_again_in_whatever_mode(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(READ, EDIT, Reply(["ok"])) as server:
        with face_of(server) as face:
            face.link.send(Send("go"))
            face.request()
            mark = HunkMark("a.py", 1, "rejected")
            face.link.send(MarkHunks(face.state.reviews[-1].changeset.id, (mark,)))
            face.wait(ev.HunksMarked)
        with face_of(server, resume="last", mode=Mode.YOLO) as face:
            request = face.open_request()
            assert changed_lines(project) == []
            face.review(request, ("a.py", 2, "accepted"))
            face.wait(ev.TurnEnded)
            assert changed_lines(project) == ["L20"]


@pytest.mark.parametrize("written", [True, False])
def test_a_review_that_was_sent_as_the_process_was_killed_is_written_or_asked_again(
    project: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    write = Checkpointer.write

    def killed(*arguments: Any, **named: Any) -> None:
        # What a kill leaves is what is on the disk now.
        if written:
            write(*arguments, **named)
        shutil.copytree(tmp_path / "home", tmp_path / "killed")
        shutil.copytree(project, tmp_path / "left")
        if not written:
            write(*arguments, **named)

    with ModelServer(READ, EDIT, Reply(["ok"]), Reply(["ok"])) as server:
        with monkeypatch.context() as patched, face_of(server) as face:
            patched.setattr(Checkpointer, "write", killed)
            face.link.send(Send("go"))
            face.review(face.request(), *ALL)
            face.wait(ev.TurnEnded)
        shutil.copytree(tmp_path / "left", project, dirs_exist_ok=True)
        monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "killed"))
        with face_of(server, resume="last") as face:
            if written:
                face.run("and now?")
                (review,) = face.state.reviews
                assert (review.state, [file.added for file in review.applied]) == ("applied", [3])
                assert "was written before nanodeck was stopped: a.py" in str(server.requests[-1]["messages"])
            else:
                request = face.open_request()
                assert [mark.mark for mark in face.state.reviews[-1].marks] == ["accepted"] * 3
                assert changed_lines(project) == []
                face.review(request)
                face.wait(ev.TurnEnded)
            assert changed_lines(project) == ["L3", "L20", "L38"]


def test_a_review_outlives_a_process_that_never_asked_it_again_until_it_is_stopped(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    async def endless(*_: object) -> list[ReviewedFile]:
        begun.set()
        await asyncio.Event().wait()
        return []

    with ModelServer(READ, EDIT, Reply(["ok"])) as server:
        with face_of(server) as face:
            face.link.send(Send("go"))
            face.request()
        with monkeypatch.context() as patched:
            patched.setattr("nanodeck.engine.review.changesets.review_files", endless)
            with face_of(server, resume="last"):
                assert begun.wait(PATIENCE)
        with face_of(server, resume="last") as face:
            face.open_request()
        with monkeypatch.context() as patched:
            patched.setattr("nanodeck.engine.review.changesets.review_files", endless)
            with face_of(server, resume="last") as face:
                face.link.send(Cancel())
                face.wait(ev.TurnEnded)
                assert face.state.reviews[-1].state == "refused"
        with face_of(server, resume="last") as face:
            face.run("and now?")
            assert (face.state.requests, changed_lines(project)) == ((), [])


def test_comments_written_before_anything_was_said_outlive_the_process(
    project: Path, face_of: FaceOf
) -> None:
    comment = Comment("", Source("head"), "a.py", (1, 1), (1, 1), " line 1", "why?")
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            face.link.send(WriteComment(comment))
            face.wait(ev.CommentWritten)
        with face_of(server, resume="last") as face:
            face.link.send(SendComments())
            face.wait(ev.TurnEnded)
        told = str(server.requests[-1]["messages"])
        assert "why?" in told
        assert f"Folder: {project}" in told, "the model still hears first where it is"


def test_comments_are_open_until_the_message_they_are_in_was_said(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = Comment("", Source("head"), "a.py", (1, 1), (1, 1), " line 1", "why?")
    begun = threading.Event()

    async def endless(*_: object) -> tuple[()]:
        begun.set()
        await asyncio.Event().wait()
        return ()

    with ModelServer(Reply(["ok"])) as server:
        with monkeypatch.context() as patched, face_of(server) as face:
            patched.setattr("nanodeck.engine.agent.attach", endless)
            face.link.send(WriteComment(comment))
            face.link.send(SendComments())
            assert begun.wait(PATIENCE)
        with face_of(server, resume="last") as face:
            face.link.send(SendComments())
            face.wait(ev.TurnEnded)
            assert face.state.comments == ()
        assert "why?" in str(server.requests[-1]["messages"])


async def applied(face: Face) -> TakeBack:
    """The first hunk that an agent wrote, to be taken back."""
    face.run("go")
    page = await face.link.ask(ReadDiff(Source("session")))
    return TakeBack(page.source, "a.py", page.files[0].hunks[0])


async def test_what_is_being_taken_back_as_the_session_ends_is_finished_and_told(
    project: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, close = Checkpointer.write, Agents.close
    begun, closing = threading.Event(), threading.Event()

    def late(*arguments: Any, **named: Any) -> None:
        begun.set()
        assert closing.wait(PATIENCE)
        write(*arguments, **named)

    async def told(agents: Agents) -> None:
        closing.set()
        await close(agents)

    with ModelServer(READ, EDIT, Reply(["ok"])) as server:
        with face_of(server, mode=Mode.AUTO_ACCEPT) as face:
            back = await applied(face)
            monkeypatch.setattr(Checkpointer, "write", late)
            monkeypatch.setattr(Agents, "close", told)
            face.link.send(back)
            assert begun.wait(PATIENCE)
        (journal,) = (tmp_path / "home").rglob("events.jsonl")
        last = [envelope.event for envelope in read_journal(journal.parent).envelopes][-2:]
        assert isinstance(last[0], ev.HunkTakenBack)
        assert changed_lines(project) == ["L20", "L38"]


async def test_what_is_taken_back_is_told_before_what_was_asked_for_after_it(
    project: Path, face_of: FaceOf
) -> None:
    with (
        ModelServer(READ, EDIT, Reply(["ok"])) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        back = await applied(face)
        with held(face.link):
            face.link.send(back)
            face.link.send(Undo())
        face.wait(ev.HunkTakenBack)
        face.wait(ev.ChangesUndone)
        assert changed_lines(project) == ["L3", "L20", "L38"]
        assert face.state.reviews[-1].gone == frozenset()
        with held(face.link):
            face.link.send(back)
            face.link.send(StartSession())
        face.wait(ev.HunkTakenBack)
        assert changed_lines(project) == ["L20", "L38"]
