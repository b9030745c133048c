"""Steps of a review through the engine: split, picked, edited, undone, redone, sent."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import MarkHunks, RedoDecision, Send, SendReview, SplitHunk, UndoDecision
from nanodeck.contracts.requests import ReviewDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.conftest import FaceOf

READ = ("read", {"path": "a.py"})

NEAR = [
    {"old_string": "line 3\n", "new_string": "three\n"},
    {"old_string": "line 6\n", "new_string": "six\nand a half\n"},
]


def ids(face: Face) -> list[int]:
    (review,) = face.state.reviews
    return [hunk.id for file in review.changeset.files for hunk in file.hunks]


def test_parts_of_a_split_hunk_are_decided_each_and_every_step_is_undone(
    project: Path, face_of: FaceOf
) -> None:
    (project / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 13)))
    replies = Reply(calls=[READ]), Reply(calls=[("edit", {"path": "a.py", "edits": NEAR})]), Reply(["done"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request = face.request()
        assert isinstance(request.detail, ReviewDetail)
        changeset = request.detail.changeset
        assert ids(face) == [1]
        face.link.send(SplitHunk(changeset, "a.py", 1))
        face.wait(ev.HunksRevised)
        assert ids(face) == [2, 3]
        face.link.send(UndoDecision(changeset))
        face.wait(ev.HunksRevised)
        assert ids(face) == [1]
        face.link.send(RedoDecision(changeset))
        face.wait(ev.HunksRevised)
        face.link.send(MarkHunks(changeset, (HunkMark("a.py", 2, "rejected"),)))
        face.link.send(MarkHunks(changeset, (HunkMark("a.py", 3, "edited", text="line 5\nSIX\nline 7\n"),)))
        face.wait(ev.HunksMarked)
        face.link.send(UndoDecision(changeset))
        face.link.send(RedoDecision(changeset))
        for _ in range(3):
            face.wait(ev.HunksMarked)
        (review,) = face.state.reviews
        assert [(mark.hunk, mark.mark) for mark in review.marks] == [(2, "rejected"), (3, "edited")]
        face.link.send(SendReview(request.id))
        face.wait(ev.TurnEnded)
        told = str(server.requests[-1]["messages"][-1]["content"])
        text = (project / "a.py").read_text()
    assert "line 3\n" in text
    assert "SIX\n" in text
    assert "line 6" not in text
    assert "The person changed this before it was written" in told
    assert "Rejected by the person" in told


def test_a_hunk_that_cannot_be_split_is_said_and_the_review_goes_on(project: Path, face_of: FaceOf) -> None:
    (project / "a.py").write_text("a\nb\nc\n")
    edit = ("edit", {"path": "a.py", "edits": [{"old_string": "b", "new_string": "B"}]})
    replies = Reply(calls=[READ]), Reply(calls=[edit]), Reply(["done"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request = face.request()
        assert isinstance(request.detail, ReviewDetail)
        face.link.send(SplitHunk(request.detail.changeset, "a.py", 1))
        assert "one change" in face.wait(ev.Noticed).text
        face.link.send(UndoDecision(request.detail.changeset))
        face.review(request, ("a.py", 1, "accepted"))
        face.wait(ev.TurnEnded)
    assert (project / "a.py").read_text() == "a\nB\nc\n"
