"""R7: files that change while a review waits: hunks move along or go stale, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import MarkHunks, Send, UndoDecision
from nanodeck.contracts.modes import Mode
from nanodeck.workspace.writing.checkpoints import Checkpointer
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
READ = Reply(calls=[("read", {"path": "a.py"})])
EDITS = [
    {"old_string": "line 3\n", "new_string": "L3\n"},
    {"old_string": "line 20\n", "new_string": "L20\n"},
    {"old_string": "line 38\n", "new_string": "L38\n"},
]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])
ALL = tuple(HunkMark("a.py", hunk, "accepted") for hunk in (1, 2, 3))


def told(server: ModelServer) -> str:
    return str([m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"][-1])


def change(project: Path, old: str, new: str) -> None:
    path = project / "a.py"
    path.write_text(path.read_text().replace(f"{old}\n", f"{new}\n"))


def test_r7_hunks_that_still_apply_are_written_on_the_persons_file(project: Path, face_of: FaceOf) -> None:
    again = ("edit", {"path": "a.py", "old_string": "mine", "new_string": "yours"})
    with (
        ModelServer(READ, EDIT, Reply(calls=[again]), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        change(project, "line 10", "mine\nmine too")
        face.review(request, *((mark.path, mark.hunk, mark.mark) for mark in ALL))
        face.wait(ev.ChangesetEnded)
        text = (project / "a.py").read_text()
        assert [line for line in text.split("\n") if not line.startswith("line")] == [
            "L3", "mine", "mine too", "L20", "L38", ""
        ]  # fmt: skip
        face.wait(ev.TurnEnded)
        assert "a.py was changed by others meanwhile too" in str(server.requests[2]["messages"])
        assert "a.py changed since it was read" in told(server), "what the model never saw it cannot edit"


def test_r7_what_was_accepted_and_no_longer_applies_keeps_the_review_open(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        change(project, "line 20", "mine")
        mine = (project / "a.py").read_text()
        face.review(request, *((mark.path, mark.hunk, mark.mark) for mark in ALL))
        notice = face.wait(ev.Noticed)
        assert notice.text == "1 hunk that you accepted no longer apply: changed meanwhile in a.py"
        again = face.request()
        assert (project / "a.py").read_text() == mine
        (review,) = face.state.reviews
        assert [bool(hunk.stale) for hunk in review.changeset.files[0].hunks] == [False, True, False]
        assert [mark.hunk for mark in review.marks] == [1, 3]
        face.link.send(MarkHunks(review.changeset.id, (HunkMark("a.py", 2, "accepted"),)))
        assert "no longer applies" in face.wait(ev.Noticed).text
        face.link.send(UndoDecision(review.changeset.id))
        face.wait(ev.HunksMarked)
        face.review(again, ("a.py", 1, "accepted"))
        ended = face.wait(ev.ChangesetEnded)
        face.wait(ev.TurnEnded)
        assert (ended.rejected, ended.failure) == (2, "")
        assert (project / "a.py").read_text() == mine.replace("line 3\n", "L3\n")
        assert "Not written, as the same lines were changed meanwhile" in told(server)


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("line 10", "applied 3 of 3 hunks"),
        ("line 20", "changed since they were read: a.py; nothing was written"),
    ],
)
def test_r7_files_that_change_as_they_are_written_are_never_overwritten(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, line: str, result: str
) -> None:
    write = Checkpointer.write

    def late(*arguments: Any, **named: Any) -> None:
        change(project, line, "mine")
        write(*arguments, **named)

    monkeypatch.setattr(Checkpointer, "write", late)
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("go")
        text = (project / "a.py").read_text()
        assert "mine\n" in text
        assert ("L3\n" in text) is (line == "line 10")
        assert result in told(server)


def test_r7_files_that_change_all_the_time_are_left_alone(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, times = Checkpointer.write, iter(range(100))

    def restless(*arguments: Any, **named: Any) -> None:
        with (project / "a.py").open("a") as file:
            file.write(f"mine {next(times)}\n")
        write(*arguments, **named)

    monkeypatch.setattr(Checkpointer, "write", restless)
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("go")
        assert "the files change all the time; nothing was written" in told(server)
        assert "L3" not in (project / "a.py").read_text()


def test_a_review_is_asked_again_when_another_folder_took_the_place_of_its_files(
    project: Path, face_of: FaceOf
) -> None:
    for name in ("src", "theirs"):
        (project / name).mkdir()
        (project / name / "a.py").write_text("old\n")
    write = ("write", {"path": "src/new.py", "content": "new\n"})
    with ModelServer(Reply(calls=[write]), Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        (project / "src").rename(project / "away")
        (project / "theirs").rename(project / "src")
        face.review(request, ("src/new.py", 1, "accepted"))
        assert face.wait(ev.Noticed).text == "src: not the folder it was when the change was proposed"
        again = face.request()
        assert not (project / "src/new.py").exists()
        face.review(again)
        face.wait(ev.TurnEnded)
        assert (project / "src/new.py").read_text() == "new\n"
        assert not (project / "away/new.py").exists()
