"""R6: a review that was left open is asked again after a restart, with all that was decided on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import Cancel, MarkHunks, Send, SplitHunk, UndoDecision, WriteComment
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import ReviewView
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
EDITS = [
    {"old_string": "line 3\n", "new_string": "L3\n"},
    {"old_string": "line 7\n", "new_string": "L7\n"},
    {"old_string": "line 20\n", "new_string": "L20\n"},
    {"old_string": "line 38\n", "new_string": "L38\n"},
]
READ = Reply(calls=[("read", {"path": "a.py"})])
MOVE = "*** Begin Patch\n*** Update File: b.py\n*** Move to: c.py\n*** End Patch"
CALLS = Reply(
    calls=[
        ("edit", {"path": "a.py", "edits": EDITS}),
        ("apply_patch", {"patch": MOVE}),
        ("bash", {"command": "echo after >> log"}),
    ]
)
EDITED = "line 17\nline 18\nline 19\nmine\nline 21\nline 22\nline 23\n"


def marks(*numbers: int) -> tuple[HunkMark, ...]:
    return tuple(HunkMark("a.py", number, "accepted") for number in numbers)


def review_of(face: Face) -> ReviewView:
    return face.state.reviews[-1]


def decided_on(face: Face) -> None:
    """Take some steps of the open review, one of them back."""
    face.link.send(Send("go"))
    face.request()
    changeset = review_of(face).changeset.id
    face.link.send(SplitHunk(changeset, "a.py", 1))
    face.link.send(MarkHunks(changeset, marks(4)))
    face.link.send(MarkHunks(changeset, (HunkMark("a.py", 2, "edited", text=EDITED),)))
    face.link.send(MarkHunks(changeset, (HunkMark("a.py", 3, "rejected"),)))
    face.link.send(UndoDecision(changeset))
    face.wait(ev.HunksMarked, lambda event: event.redo == 1)


@pytest.fixture
def files(project: Path) -> Path:
    (project / "b.py").write_text("b\n")
    return project


@pytest.mark.parametrize("killed", [False, True])
def test_r6_a_review_is_asked_again_after_a_restart_and_its_turn_goes_on(
    files: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    with ModelServer(READ, CALLS, Reply(["ok"])) as server:
        with face_of(server) as face:
            decided_on(face)
            before, (old,) = review_of(face), face.state.requests
            # What a kill leaves is what is on the disk now.
            shutil.copytree(tmp_path / "home", tmp_path / "killed")
        if killed:
            monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "killed"))
        (files / "a.py").write_text("top\n" + (files / "a.py").read_text())
        with face_of(server, resume="last") as face:
            request = face.open_request()
            assert request.id != old.id
            review = review_of(face)
            assert (review.state, review.undo, review.redo) == ("asking", before.undo, before.redo)
            assert review.marks == before.marks
            starts = [[hunk.old_start for hunk in view.changeset.files[0].hunks] for view in (before, review)]
            assert starts == [[1, 6, 17, 35], [1, 7, 18, 36]]
            face.link.send(UndoDecision(review.changeset.id))
            face.wait(ev.HunksMarked)
            face.review(request, ("a.py", 3, "accepted"), ("c.py", 1, "accepted"))
            command = face.request()
            text = (files / "a.py").read_text()
            assert [line for line in text.splitlines() if not line.startswith("line")] == ["top", "L3", "L38"]
            assert not (files / "b.py").exists()
            face.answer(command, "once")
            assert face.wait(ev.TurnEnded).end == "done"
            assert (files / "log").read_text() == "after\n"
        told = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
        assert "a.py: applied 2 of 4 hunks" in told[1]
        assert "b.py -> c.py: renamed." in told[2]


def test_r6_stopping_a_review_that_was_taken_up_ends_its_turn(files: Path, face_of: FaceOf) -> None:
    with ModelServer(READ, CALLS, Reply(["ok"])) as server:
        with face_of(server) as face:
            decided_on(face)
        with face_of(server, resume="last") as face:
            face.open_request()
            face.link.send(Cancel())
            assert face.wait(ev.TurnEnded).end == "interrupted"
            assert review_of(face).state == "refused"
        with face_of(server, resume="last") as face:
            face.run("and now?")
            assert face.state.requests == ()
    assert not list((files.parent / "home").rglob("proposals/*"))


def test_r6_nobody_to_ask_or_nothing_kept_closes_the_review(files: Path, face_of: FaceOf) -> None:
    with ModelServer(READ, CALLS, Reply(["ok"]), Reply(["ok"])) as server:
        with face_of(server) as face:
            decided_on(face)
        for path in (files.parent / "home").rglob("proposals/*"):
            path.write_bytes(b"not a proposal")
        with face_of(server, resume="last") as face:
            face.run("again")
            assert [review.state for review in face.state.reviews] == ["refused"]
            assert "outcome is unknown" in str(server.requests[-1]["messages"])


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.PLAN])
def test_r6_a_plan_is_asked_again_after_a_restart_as_the_person_left_it(
    project: Path, face_of: FaceOf, mode: Mode
) -> None:
    calls = [("read", {"path": "a.py"}), ("plan", {"text": "# Plan\n"}), ("task", {"subject": "later"})]
    with ModelServer(Reply(calls=[("plan", {})]), Reply(calls=calls), Reply(["ok"])) as server:
        with face_of(server, mode=mode) as face:
            face.link.send(Send("go"))
            face.request()
            changeset = review_of(face).changeset.id
            edit = (HunkMark("plan.md", 1, "edited", text="# Mine\n"),)
            face.link.send(MarkHunks(changeset, edit))
            face.wait(ev.HunksMarked)
            lines = "plan.md", (1, 1), (1, 1), " # Mine"
            about = Comment("", Source("call", changeset), *lines, "why?", changeset=changeset, hunk=1)
            face.link.send(WriteComment(about))
            face.wait(ev.CommentWritten)
        with face_of(server, resume="last", mode=mode) as face:
            request = face.open_request()
            assert (review_of(face).changeset.id, review_of(face).marks) == (changeset, edit)
            assert (face.state.mode, len(face.state.comments)) == (Mode.PLAN, 1)
            face.answer(request, "once")
            assert face.wait(ev.TurnEnded).end == "done"
            assert face.state.mode is Mode.NORMAL
            assert [task.subject for task in face.state.tasks] == ["later"]
        results = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
    assert len(results) == 4
    assert "The plan is approved" in results[2]
    assert "-# Plan\n+# Mine" in results[2]
    assert "why?" in results[2]
