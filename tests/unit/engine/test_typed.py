"""Shell commands that the person types: run at once, told to the model or not, stopped."""

from __future__ import annotations

import threading
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import RunTyped, Send, StopTyped
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.views import ToolEntry
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.conftest import FaceOf

READ = ("read", {"path": "a.py"})


def typed(face: Face, command: str, joins: bool = True) -> ev.TypedEnded:
    face.link.send(RunTyped(command, joins))
    return face.wait(ev.TypedEnded)


def last_said(server: ModelServer) -> str:
    return str(server.requests[-1]["messages"][-1]["content"])


def test_the_output_joins_the_next_prompt_also_in_plan_mode(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server, mode=Mode.PLAN) as face:
        ended = typed(face, "echo from the shell; exit 3")
        assert (ended.outcome, ended.summary) == ("error", "exit code 3")
        face.run("why?")
        assert "$ echo from the shell; exit 3\nfrom the shell\n(exit code 3)" in last_said(server)
        assert last_said(server).endswith("why?")
        (entry,) = [e for e in face.state.agent("main").transcript if isinstance(e, ToolEntry)]
        assert (entry.title, entry.typed, entry.state) == ("! echo from the shell; exit 3", True, "ended")


def test_what_is_kept_apart_is_shown_and_not_told(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        assert typed(face, "echo kept-back", joins=False).output == "kept-back"
        face.run("hello")
        assert "kept-back" not in str(server.requests)


def test_a_command_runs_beside_a_turn_and_cannot_move_its_folder(project: Path, face_of: FaceOf) -> None:
    (project / "sub").mkdir()
    go = threading.Event()
    first = Reply(["at work"], calls=[READ], before_end=lambda: go.wait(30))
    try:
        with ModelServer(first, Reply(["done"])) as server, face_of(server) as face:
            face.link.send(Send("begin"))
            face.wait(ev.TextStreamed)
            assert typed(face, "cd sub; pwd").outcome == "ok"
            go.set()
            face.wait(ev.TurnEnded)
            told = [str(message["content"]) for message in server.requests[-1]["messages"]]
            assert any(f"pwd\n{project}/sub" in text for text in told)
            assert typed(face, "pwd").output == str(project)
            typed(face, "cd sub")
            assert face.state.cwd == f"{project}/sub"
    finally:
        go.set()


def test_a_command_is_stopped_with_what_it_said_so_far(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(RunTyped("echo begun; exec sleep 600"))
        face.wait(ev.OutputStreamed, lambda event: "begun" in event.text)
        face.link.send(StopTyped())
        ended = face.wait(ev.TypedEnded)
        assert (ended.outcome, ended.summary) == ("interrupted", "stopped")
        assert ended.output == "begun\n(stopped by the user)"
        assert not face.state.agent("main").typed


def test_a_command_that_cannot_start_says_why(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        ended = typed(face, "echo \0")
        assert ended.outcome == "error"
        assert ended.output.startswith("nothing was run")


def test_a_resumed_session_remembers_and_closes_what_was_open(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            face.run("hello")
            typed(face, "echo remembered")
            session = face.state.session
        with face_of(server, resume=session) as again:
            again.run("and now?")
            assert "$ echo remembered" in last_said(server)
