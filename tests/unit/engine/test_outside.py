"""Files that change while the deck is open: reviews move along at once, faces are told whose it is not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send
from nanodeck.contracts.modes import Mode
from nanodeck.engine.review import outside
from nanodeck.workspace.watching import Watch
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
READ = Reply(calls=[("read", {"path": "a.py"})])
EDITS = [{"old_string": f"line {n}\n", "new_string": f"L{n}\n"} for n in (3, 20)]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])
PATIENCE = 60


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(f"{old}\n", f"{new}\n"))


def changed(face: Face, path: str) -> None:
    """Wait until it is said that others changed a file."""
    face.wait(ev.FilesChanged, lambda event: path in event.paths)


def test_a_watch_says_that_it_watches_and_then_what_changes(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    seen: Queue[object] = Queue()
    watch = Watch([tmp_path], seen.put)
    try:
        assert seen.get(timeout=PATIENCE) == frozenset()
        (tmp_path / "deep/hidden").write_text("x")
        (tmp_path / "new").write_text("x")
        told = seen.get(timeout=PATIENCE)
        assert isinstance(told, frozenset)
        assert tmp_path / "new" in told
        assert tmp_path / "deep/hidden" not in told
    finally:
        watch.close()
    assert "watch" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("error", [OSError("OS file watch limit reached"), RuntimeError("no such thing")])
def test_a_system_that_cannot_watch_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[None]:
        raise error
        yield

    monkeypatch.setattr("watchfiles.watch", refuse)
    seen: Queue[object] = Queue()
    watch = Watch([tmp_path], seen.put)
    told = seen.get(timeout=PATIENCE)
    watch.close()
    assert isinstance(told, OSError)
    assert str(told) == str(error)


def test_r7_a_review_that_waits_moves_along_with_its_file_and_says_what_is_stale(
    project: Path, face_of: FaceOf
) -> None:
    (project / ".gitignore").write_text("*.log\n")
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        change(project / "a.py", "line 1", "top\nline 1")
        moved = face.wait(ev.HunksRevised)
        assert [(hunk.id, hunk.old_start, hunk.stale) for hunk in moved.hunks] == [(1, 1, ""), (2, 18, "")]
        # From here on it is watched for sure.
        change(project / "a.py", "line 20", "mine")
        (stale,) = face.wait(ev.HunksRevised).hunks
        assert stale.stale
        changed(face, "a.py")
        (project / "noise.log").write_text("x")
        (project / "sub/deep").mkdir(parents=True)
        (project / "sub/deep/b.py").write_text("x")
        changed(face, "sub/deep/b.py")
        (project / "sub/deep/b.py").write_text("y")
        changed(face, "sub/deep/b.py")
        face.review(request, ("a.py", 1, "accepted"))
        face.wait(ev.ChangesetEnded)
        written = len(face.events)
        face.wait(ev.TurnEnded)
        (project / "c.py").write_text("x")
        changed(face, "c.py")
        later = [event.paths for event in face.events[written:] if isinstance(event, ev.FilesChanged)]
        assert later == [("c.py",)], "what nanodeck wrote itself is nobody else's"
        assert not any(
            "noise.log" in event.paths for event in face.events if isinstance(event, ev.FilesChanged)
        )
        assert "top\n" in (project / "a.py").read_text()
        assert "L3\n" in (project / "a.py").read_text()


def test_a_project_with_too_many_folders_is_not_watched(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outside, "FOLDERS", 0)
    with ModelServer(READ, EDIT, Reply(["ok"])) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        assert face.run("go").end == "done"
        log = project.parent / "home"
        assert "not watched for: 1 folders" in "".join(path.read_text() for path in log.rglob("*.log"))
