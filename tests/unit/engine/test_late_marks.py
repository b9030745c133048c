"""Marks on hunks that moved along with their files while the person picked lines or wrote them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.commands import MarkHunks, Send, SendReview
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
READ = Reply(calls=[("read", {"path": "a.py"})])
EDIT = Reply(calls=[("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "L3\nL3b\n"})])
WRITTEN = "line 1\nline 2\nwritten\nline 4\nline 5\nline 6\n"


def change(project: Path, old: str, new: str) -> None:
    path = project / "a.py"
    path.write_text(path.read_text().replace(old, new))


def asked(face: Face) -> Hunk:
    """The hunk that waits, as it is shown now."""
    (file,) = face.state.reviews[-1].changeset.files
    return file.hunks[0]


def moved(face: Face, project: Path, old: str, new: str) -> Hunk:
    """The hunk as it was shown before a person changed the file."""
    face.link.send(Send("go"))
    face.request()
    before = asked(face)
    change(project, old, new)
    face.wait(ev.HunksRevised)
    return before


def send(face: Face, mark: HunkMark, shown: Hunk) -> None:
    review = face.state.reviews[-1]
    face.link.send(MarkHunks(review.changeset.id, (mark,), (shown,)))
    face.link.send(SendReview(review.request))
    face.wait(ev.TurnEnded)


def test_lines_written_anew_leave_what_the_person_changed_meanwhile(project: Path, face_of: FaceOf) -> None:
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        before = moved(face, project, "line 6\n", "mine\n")
        send(face, HunkMark("a.py", 1, "edited", text=WRITTEN), before)
        lines = (project / "a.py").read_text().splitlines()
        assert lines[:7] == ["line 1", "line 2", "written", "line 4", "line 5", "mine", "line 7"]


def test_picked_lines_are_those_that_were_picked(project: Path, face_of: FaceOf) -> None:
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        before = moved(face, project, "line 1\n", "mine\nline 1\n")
        place = before.body.split("\n").index("+L3b")
        send(face, HunkMark("a.py", 1, "accepted", (place,)), before)
        lines = (project / "a.py").read_text().splitlines()
        assert lines[:6] == ["mine", "line 1", "line 2", "line 3", "L3b", "line 4"]


def test_lines_written_anew_are_kept_where_they_no_longer_apply(project: Path, face_of: FaceOf) -> None:
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        before = moved(face, project, "line 3\n", "mine\n")
        review = face.state.reviews[-1]
        mark = HunkMark("a.py", 1, "edited", text=WRITTEN)
        face.link.send(MarkHunks(review.changeset.id, (mark,), (before,)))
        face.wait(ev.HunksMarked)
        assert (face.state.reviews[-1].marks, bool(asked(face).stale)) == ((mark,), True)
        face.link.send(SendReview(review.request))
        face.wait(ev.TurnEnded)
        assert (project / "a.py").read_text().splitlines()[2] == "mine"
