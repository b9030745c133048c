"""Checkpoints by name: made, listed, loaded and dropped; what all of them take gets smaller."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ReadCheckpointStore
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.trees import tree_of

FaceOf = Callable[..., Face]


def said(face: Face, command: cmd.Command) -> str:
    """What a command is answered with."""
    face.link.send(command)
    notice = face.wait(ev.Noticed)
    return f"{notice.text}; {notice.advice}".removesuffix("; ")


def test_the_files_go_back_to_a_named_checkpoint_and_that_can_be_undone(
    project: Path, face_of: FaceOf
) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "run.sh").write_text("echo\n")
    (project / "sub" / "run.sh").chmod(0o755)
    (project / "link").symlink_to("a.py")
    before = tree_of(project)
    with ModelServer() as server, face_of(server) as face:
        assert said(face, cmd.CreateCheckpoint(" good ")) == "checkpoint good: project is kept as it is"
        assert said(face, cmd.LoadCheckpoint("good")) == "everything is as it was at checkpoint good"
        (project / "sub" / "run.sh").unlink()
        (project / "sub").rmdir()
        (project / "sub").write_text("a file now")
        (project / "link").unlink()
        (project / "a.py").chmod(0o755)
        (project / "new").mkdir()
        (project / "new" / "file").write_text("new")
        after = tree_of(project)
        text = "5 files as at checkpoint good; /undo takes that back"
        assert said(face, cmd.LoadCheckpoint("good")) == text
        assert tree_of(project) == before
        last = face.state.checkpoints[-1]
        assert (last.kind, last.total) == ("rewind", 5)
        assert [path.name for path in project.iterdir() if path.name.startswith(".")] == []
        assert after != before


def test_what_cannot_be_done_with_a_name_is_said(project: Path, face_of: FaceOf) -> None:
    with ModelServer() as server, face_of(server) as face:
        assert said(face, cmd.LoadCheckpoint("x")) == (
            "there is no checkpoint x; /checkpoint create NAME makes one"
        )
        said(face, cmd.CreateCheckpoint("one"))
        assert said(face, cmd.CreateCheckpoint("one")).startswith("there is a checkpoint one")
        assert said(face, cmd.CreateCheckpoint(" ")).startswith("a checkpoint needs a name")
        assert said(face, cmd.DeleteCheckpoint("two")) == "there is no checkpoint two; there are: one"
        assert said(face, cmd.DeleteCheckpoint("one")) == "checkpoint one is dropped"
        assert face.state.checkpoints == ()


def test_what_is_too_old_is_dropped_and_named_ones_stay(project: Path, face_of: FaceOf) -> None:
    command = ("bash", {"command": "echo more >> a.py"})
    with (
        ModelServer(Reply(calls=[command]), Reply(["done"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("change it")
        said(face, cmd.CreateCheckpoint("kept"))
        store = asyncio.run(face.link.ask(ReadCheckpointStore()))
        assert (store.kept, store.problem) == (2, "")
        assert said(face, cmd.CollectCheckpoints(0, 1000)).startswith("1 checkpoint dropped")
        assert [checkpoint.name for checkpoint in face.state.checkpoints] == ["kept"]
        left = asyncio.run(face.link.ask(ReadCheckpointStore()))
        assert left.kept == 1
        (project / "a.py").write_text("")
        assert said(face, cmd.LoadCheckpoint("kept")).startswith("1 file as at checkpoint kept")
        assert (project / "a.py").read_text().endswith("more\n")


def test_what_is_too_old_is_dropped_by_a_later_start_but_nothing_with_a_name(
    project: Path, face_of: FaceOf
) -> None:
    change = Reply(calls=[("bash", {"command": "echo new > new"})])
    with ModelServer(change, Reply(["done"])) as server, face_of(server, mode=Mode.YOLO) as face:
        said(face, cmd.CreateCheckpoint("good"))
        face.run("change it")
        folder = Path(asyncio.run(face.link.ask(ReadCheckpointStore())).folder)
    for path in (folder / "refs").rglob("*"):
        os.utime(path, (1.0, 1.0))
    with ModelServer() as server, face_of(server) as face:
        assert face.wait(ev.Noticed).text.startswith("1 checkpoint dropped")
        assert asyncio.run(face.link.ask(ReadCheckpointStore())).kept == 1
