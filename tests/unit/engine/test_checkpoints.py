"""What a turn changes is kept before: by edits, by commands of any kind, also when they are stopped."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.commands import Cancel, Redo, Rewind, Send, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListTurns, ReadCheckpointStore, ReadDiff
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import NoticeEntry, ToolEntry
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.trees import contents_of

FaceOf = Callable[..., Face]


def bash(command: str) -> tuple[str, dict[str, str]]:
    return ("bash", {"command": command})


def test_a_command_is_a_change_like_an_edit(project: Path, face_of: FaceOf) -> None:
    (project / "gone").write_text("gone\n")
    edit = ("edit", {"path": "a.py", "old": "line 1\n", "new": "line one\n"})
    replies = (
        Reply(calls=[("read", {"path": "a.py"})]),
        Reply(calls=[edit]),
        Reply(calls=[bash("sed -i s/two/zwei/ a.py; rm gone; echo new > new; chmod +x a.py")]),
        Reply(calls=[bash("cat a.py")]),
        Reply(["done"]),
    )
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        face.run("change it")
        first, second = face.state.checkpoints
        assert (first.kind, first.number) == ("turn", 1)
        assert first.files == (AppliedFile("a.py", "modified", 1, 1),)
        assert (second.kind, second.number, second.turn) == ("command", 2, first.turn)
        assert [(file.path, file.kind) for file in second.files] == [
            ("a.py", "modified"),
            ("gone", "deleted"),
            ("new", "created"),
        ]
        rows = [row for row in face.state.agent("main").transcript if isinstance(row, ToolEntry)]
        assert [row.changeset for row in rows] == ["", first.changeset, second.changeset, ""]
        assert [row.changed for row in rows] == ["", "", "a.py, gone, new +1 -1", ""]
        page = asyncio.run(face.link.ask(ReadDiff(Source("call", second.changeset))))
        assert [(file.path, file.modes) for file in page.files] == [
            ("a.py", (0o644, 0o755)),
            ("gone", None),
            ("new", None),
        ]


def test_the_rights_of_files_go_back_to_the_bit_and_those_of_the_person_stay(
    project: Path, face_of: FaceOf
) -> None:
    modes = {"gone": 0o600, "open": 0o640, "kept": 0o644, "script": 0o755}
    for name, mode in modes.items():
        (project / name).write_text(f"{name}\n")
        (project / name).chmod(mode)
    command = "rm gone; chmod 777 open; chmod 600 script; echo more >> kept"
    with (
        ModelServer(Reply(calls=[bash(command)]), Reply(["done"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("change them")
        [checkpoint] = face.state.checkpoints
        page = asyncio.run(face.link.ask(ReadDiff(Source("call", checkpoint.changeset))))
        assert [(file.path, file.modes) for file in page.files] == [
            ("gone", None),
            ("kept", None),
            ("open", (0o640, 0o777)),
            ("script", (0o755, 0o600)),
        ]
        (project / "kept").chmod(0o664)
        face.link.send(Undo())
        assert set(face.wait(ev.ChangesUndone).files) == modes.keys()
        kept = {name: (project / name).stat().st_mode & 0o777 for name in modes}
        assert kept == {**modes, "kept": 0o664}


def test_what_a_command_made_of_files_and_folders_is_undone_and_redone(
    project: Path, face_of: FaceOf
) -> None:
    (project / "d").mkdir()
    (project / "d" / "x").write_text("x\n")
    commands = ["mv a.py b && mkdir a.py && mv b a.py/b && mkdir a.py/e", "rm -r d; echo file > d"]
    before = contents_of(project)
    with (
        ModelServer(Reply(calls=[bash(one) for one in commands]), Reply(["done"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("move them")
        after = contents_of(project)
        for _ in range(2):
            for _ in commands:
                face.link.send(Undo())
                face.wait(ev.ChangesUndone)
            assert contents_of(project) == before
            for _ in commands:
                face.link.send(Redo())
                face.wait(ev.ChangesRedone)
            assert contents_of(project) == after
        (project / "a.py" / "mine").write_text("mine\n")
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        face.link.send(Undo())
        assert "changed since" in face.wait(ev.Noticed).text
        assert (project / "a.py" / "mine").read_text() == "mine\n"


def test_files_whose_names_are_no_text_go_back_too(project: Path, face_of: FaceOf) -> None:
    names = [os.fsencode(project) + b"/" + name for name in (b"caf\xe9", b"new\nline", b"d\xff/in it")]
    command = "rm -r caf* new*; mkdir $'d\\xff'; echo made > $'d\\xff'/'in it'"
    for name in names[:2]:
        Path(os.fsdecode(name)).write_text("kept\n")
    with ModelServer(Reply(calls=[bash(command)]), Reply(["done"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.run("remove them")
            assert [file.path for file in face.state.checkpoints[0].files] == [
                "caf?",
                "d?/in it",
                "new\nline",
            ]
            assert [os.path.lexists(name) for name in names] == [False, False, True]
            session = face.state.session
        with face_of(server, resume=session, mode=Mode.YOLO) as face:
            [turn] = asyncio.run(face.link.ask(ListTurns()))
            face.link.send(Rewind(turn.turn, "both"))
            assert len(face.wait(ev.Rewound).files) == 3
            assert [os.path.lexists(name) for name in names] == [True, True, False]
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
            assert [os.path.lexists(name) for name in names] == [False, False, True]
            Path(os.fsdecode(names[2])).write_text("mine\n")
            face.link.send(Undo())
            assert "d?/in it" in face.wait(ev.Noticed).text


def test_what_changes_nothing_leaves_no_checkpoint(project: Path, face_of: FaceOf) -> None:
    replies = (Reply(calls=[bash("cat a.py"), bash("touch -c a.py; python3 -c 1")]), Reply(["done"]))
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        face.run("look at it")
        assert face.state.checkpoints == ()
        assert not [row for row in face.state.agent("main").transcript if isinstance(row, NoticeEntry)]


def test_what_a_stopped_command_changed_is_kept(project: Path, face_of: FaceOf) -> None:
    command = "rm a.py; echo gone; sleep 60"
    with ModelServer(Reply(calls=[bash(command)])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("remove it"))
        face.wait(ev.OutputStreamed, lambda event: "gone" in event.text)
        face.link.send(Cancel())
        assert face.wait(ev.TurnEnded).end == "interrupted"
        [checkpoint] = face.state.checkpoints
        assert checkpoint.files == (AppliedFile("a.py", "deleted", 0, 40),)


def test_without_git_everything_else_works_and_it_is_said_once(
    project: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bash", "sh", "touch", "env"):
        (tmp_path / "bin" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    replies = (Reply(calls=[bash("touch b")]), Reply(calls=[bash("touch c")]), Reply(["done"]))
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        assert face.run("make them").end == "done"
        notices = [row for row in face.state.agent("main").transcript if isinstance(row, NoticeEntry)]
        assert [notice.text for notice in notices] == ["no checkpoint was taken: git is not installed"]
        assert asyncio.run(face.link.ask(ReadCheckpointStore())).problem == "git is not installed"
    assert (project / "c").exists()


def test_what_a_command_changed_is_found_out_after_a_kill(
    project: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = bash("rm a.py; echo gone; sleep 60")
    with ModelServer(Reply(calls=[call])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.link.send(Send("remove it"))
            face.wait(ev.OutputStreamed, lambda event: "gone" in event.text)
            # What a kill leaves is what is on the disk now.
            shutil.copytree(tmp_path / "home", tmp_path / "killed")
        monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "killed"))
        with face_of(server, resume="last") as face:
            checkpoint = face.wait(ev.CheckpointTaken).checkpoint
            assert checkpoint.files == (AppliedFile("a.py", "deleted", 0, 40),)
            assert checkpoint.turn
            page = asyncio.run(face.link.ask(ReadDiff(Source("call", checkpoint.changeset))))
            assert [(file.path, file.kind) for file in page.files] == [("a.py", "deleted")]


def test_what_a_job_changed_is_told_when_it_has_ended_without_what_others_wrote(
    project: Path, face_of: FaceOf
) -> None:
    waits = "echo job > job.txt; until [ -e b.py ]; do sleep 0.01; done; echo more >> a.py"
    job = ("bash", {"command": waits, "background": True})
    write = ("write", {"path": "b.py", "content": "b\n"})
    with (
        ModelServer(Reply(calls=[job]), Reply(calls=[write]), Reply(["done"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("go")
        told = face.wait(ev.CheckpointTaken, lambda event: bool(event.checkpoint.call)).checkpoint
        assert [(file.path, file.kind) for file in told.files] == [
            ("a.py", "modified"),
            ("job.txt", "created"),
        ]
        notices = [row.text for row in face.state.agent("main").transcript if isinstance(row, NoticeEntry)]
        assert notices == ["A shell command that ran beside changed a.py, job.txt +2 -0"]


@pytest.mark.parametrize("killed", [False, True], ids=["left", "killed"])
def test_what_a_job_changed_is_told_though_nanodeck_ends_before_it(
    project: Path, face_of: FaceOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    job = ("bash", {"command": "echo job > job.txt; sleep 60", "background": True})
    replies = Reply(calls=[job]), Reply(calls=[bash("until [ -e job.txt ]; do sleep 0.01; done")])
    with ModelServer(*replies, Reply(["done"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.run("go")
            if killed:
                shutil.copytree(tmp_path / "home", tmp_path / "killed")
        if killed:
            monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "killed"))
        with face_of(server, resume="last") as face:
            if killed:
                face.wait(ev.CheckpointTaken)
            face.run("and now")
            assert [file.path for point in face.state.checkpoints for file in point.files] == ["job.txt"]
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
    assert not (project / "job.txt").exists()
