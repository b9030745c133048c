"""C1 to C4: files go back to before a turn, what shell commands changed too, without a git repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Redo, Rewind, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListTurns, PlanRewind, ReadDiff
from nanodeck.contracts.rewinding import RewindTurn
from nanodeck.contracts.sources import Source
from nanodeck.store.journal import read_journal
from nanodeck.store.places import Places
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
EDIT = ("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "LINE 3\n"})
READ = ("read", {"path": "a.py"})
WRITE = ("write", {"path": "sub/new.py", "content": "x = 1\n"})
SED = ("bash", {"command": "sed -i 's/^line 7$/seven/' a.py; rm gone.txt; chmod +x run; ln -sf a.py link"})


def files_of(project: Path) -> dict[str, tuple[object, bool]]:
    """Every file, and whether it may be run."""
    return {
        path.relative_to(project).as_posix(): (
            os.readlink(path) if path.is_symlink() else path.read_text(),
            os.access(path, os.X_OK),
        )
        for path in project.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def furnish(project: Path) -> None:
    (project / "gone.txt").write_text("still here\n")
    (project / "run").write_text("echo run\n")
    os.symlink("run", project / "link")


def model(*more: Reply) -> ModelServer:
    replies = [Reply(["hello"]), Reply(calls=[READ]), Reply(calls=[EDIT, WRITE]), Reply(["edited"])]
    return ModelServer(*replies, Reply(calls=[SED]), Reply(["ran"]), *more, Reply(["fine"]))


def three_turns(face: Face) -> None:
    for text in ("hello", "edit it", "run it"):
        assert face.run(text).end == "done"


async def turns(face: Face) -> dict[str, RewindTurn]:
    listed: tuple[RewindTurn, ...] = await face.link.ask(ListTurns())
    return {turn.text: turn for turn in listed}


def journal_of(session: str) -> list[object]:
    folder = Places.from_environment().sessions / session
    return [envelope.event for envelope in read_journal(folder).envelopes]


def told(server: ModelServer) -> str:
    return str(server.requests[-1]["messages"][-1]["content"])


async def test_c1_a_rewind_takes_edits_and_commands_back_and_is_undone_and_redone(
    project: Path, face_of: FaceOf
) -> None:
    """C1, C2, C4: `sed -i`, `rm`, `chmod` and `ln` go back with the edits; redo works; no repository."""
    furnish(project)
    with model() as server:
        with face_of(server, mode=Mode.YOLO) as face:
            before = files_of(project)
            three_turns(face)
            after = files_of(project)
            assert after != before
            listed = await turns(face)
            assert {file.path for file in listed["edit it"].files} == {"a.py", "sub/new.py"}
            assert {file.path for file in listed["run it"].files} == {"a.py", "gone.txt", "link", "run"}
            plan = await face.link.ask(PlanRewind(listed["edit it"].turn))
            assert {(file.path, file.kind, file.state) for file in plan.files} == {
                ("a.py", "modified", "restore"),
                ("gone.txt", "created", "restore"),
                ("link", "modified", "restore"),
                ("run", "modified", "restore"),
                ("sub/new.py", "deleted", "restore"),
            }
            assert next((f.added, f.removed) for f in plan.files if f.path == "a.py") == (2, 2)
            page = await face.link.ask(ReadDiff(Source("rewind", listed["edit it"].turn)))
            assert {file.path for file in page.files} == {file.path for file in plan.files}
            face.link.send(Rewind(listed["edit it"].turn, "both"))
            rewound = face.wait(ev.Rewound)
            assert (len(rewound.files), rewound.skipped, rewound.prompt) == (5, (), "edit it")
            assert files_of(project) == before
            assert not (project / "sub").exists()
            session = face.state.session
        with face_of(server, resume=session, mode=Mode.YOLO) as face:
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
            assert files_of(project) == after
            face.link.send(Redo())
            face.wait(ev.ChangesRedone)
            assert files_of(project) == before
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
            for _ in range(2):
                face.link.send(Undo())
                face.wait(ev.ChangesUndone)
            assert files_of(project) == before
            for _ in range(2):
                face.link.send(Redo())
                face.wait(ev.ChangesRedone)
            assert files_of(project) == after


async def test_c1_undo_takes_the_last_step_back_also_that_of_a_command(
    project: Path, face_of: FaceOf
) -> None:
    furnish(project)
    with model() as server, face_of(server, mode=Mode.YOLO) as face:
        before = files_of(project)
        three_turns(face)
        after = files_of(project)
        face.link.send(Undo())
        assert set(face.wait(ev.ChangesUndone).files) == {"a.py", "gone.txt", "link", "run"}
        assert (project / "gone.txt").exists()
        assert "LINE 3" in (project / "a.py").read_text()
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        assert files_of(project) == before
        face.link.send(Redo())
        face.link.send(Redo())
        face.wait(ev.ChangesRedone)
        face.wait(ev.ChangesRedone)
        assert files_of(project) == after
        face.link.send(Redo())
        assert "no change to redo" in face.wait(ev.Noticed).text
        face.run("and now?")
        assert "made the change again" in told(server)


async def test_c3_what_the_person_changed_since_is_merged_or_left_alone(
    project: Path, face_of: FaceOf
) -> None:
    """C3: the person's own lines stay; a file with both in one place is left alone, and said."""
    furnish(project)
    with model() as server, face_of(server, mode=Mode.YOLO) as face:
        three_turns(face)
        a, new = project / "a.py", project / "sub/new.py"
        a.write_text(a.read_text().replace("line 30\n", "mine\n"))
        new.write_text("x = 1\nmine = 2\n")
        turn = (await turns(face))["edit it"].turn
        states = {f.path: f.state for f in (await face.link.ask(PlanRewind(turn))).files}
        assert (states["a.py"], states["sub/new.py"]) == ("merge", "clash")
        page = await face.link.ask(ReadDiff(Source("rewind", turn)))
        assert "sub/new.py" in page.problem
        face.link.send(Rewind(turn, "files", ("run",)))
        assert face.wait(ev.Rewound).skipped == ("run", "sub/new.py")
        assert a.read_text() == "".join(f"line {n}\n" for n in range(1, 41)).replace("line 30\n", "mine\n")
        assert new.read_text() == "x = 1\nmine = 2\n"
        assert os.access(project / "run", os.X_OK)
        face.run("and now?")
        assert "put files back" in told(server)
        assert "These stayed as they are: run, sub/new.py" in told(server)


async def test_a_conversation_that_goes_back_alone_tells_the_model_of_changed_files(
    project: Path, face_of: FaceOf
) -> None:
    furnish(project)
    with model() as server, face_of(server, mode=Mode.YOLO) as face:
        three_turns(face)
        after = files_of(project)
        face.link.send(Rewind((await turns(face))["edit it"].turn, "conversation"))
        assert face.wait(ev.Rewound).files == ()
        assert files_of(project) == after
        face.run("and now?")
        assert "messages that the user took back: a.py, gone.txt, link, run, sub/new.py" in told(server)
        # The first turn did not change anything, but what came after it did.
        turn = (await turns(face))["hello"].turn
        assert len((await face.link.ask(PlanRewind(turn))).files) == 5


async def test_a_file_that_changes_while_it_is_put_back_stops_all_of_it(
    project: Path, face_of: FaceOf
) -> None:
    furnish(project)
    with model() as server, face_of(server, mode=Mode.YOLO) as face:
        three_turns(face)
        (project / "sub/new.py").unlink()
        os.mkfifo(project / "sub/new.py")
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        face.link.send(Undo())
        assert "sub/new.py" in face.wait(ev.Noticed).text
        assert "LINE 3" in (project / "a.py").read_text()
