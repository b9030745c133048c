"""Sessions: what survives a crash, what a new one forgets, which commands change it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import (
    AddProvider,
    Cancel,
    ChangeFolder,
    ResumeSession,
    Send,
    StartSession,
    SwitchModel,
    Undo,
)
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListFiles, ListModels, ListSessions, ReadOutput, RecallPrompts
from nanodeck.contracts.views import ReplyEntry, ToolEntry
from tests.support.face import Face, options_for
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def journals(project: Path) -> list[Path]:
    return sorted((project.parent / "home" / "sessions").glob("*/events.jsonl"))


def test_looking_in_leaves_no_session_behind(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server):
        pass
    assert journals(project) == []


def test_a_killed_process_loses_nothing_that_was_said(project: Path, face_of: FaceOf) -> None:
    call = ("bash", {"command": "echo begun > started; sleep 60"})
    with ModelServer(Reply(["I run it."], calls=[call]), Reply(["again"])) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "nanodeck", "-p", "run it", "--accept-all", "--cwd", str(project)],
            env={**os.environ, "OPENAI_BASE_URL": server.url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not (project / "started").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        with face_of(server, resume="last") as face:
            face.run("go on")
            transcript = list(face.state.agent("main").transcript)
        tool = next(entry for entry in transcript if isinstance(entry, ToolEntry))
        assert (tool.state, tool.outcome) == ("ended", "interrupted")
        told = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
        assert "outcome is unknown" in told[0]


def test_a_killed_process_loses_nothing_of_the_reply_that_was_coming(project: Path, face_of: FaceOf) -> None:
    held = threading.Event()
    half = Reply(["First I look, ", "then I\n"], before_end=held.wait)
    with ModelServer(half, Reply(["again"])) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "nanodeck", "--plain", "--cwd", str(project), "run it"],
            env={**os.environ, "OPENAI_BASE_URL": server.url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        while b"then I" not in process.stdout.readline():
            assert process.poll() is None
        process.kill()
        process.communicate()
        held.set()
        with face_of(server, resume="last") as face:
            face.run("go on")
            transcript = list(face.state.agent("main").transcript)
        (cut, _) = [entry for entry in transcript if isinstance(entry, ReplyEntry)]
        assert (cut.text, cut.cut) == ("First I look, then I\n", True)
        assert "First I look, then I" in json.dumps(server.requests[-1]["messages"])


def test_a_second_process_on_the_same_session_is_refused(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.run("hi")
        with pytest.raises(NanodeckError, match=str(os.getpid())):
            face_of(server, resume=face.state.session)


def test_a_new_session_forgets_and_an_earlier_one_comes_back(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.run("remember the apple")
        first = face.state.session
        face.link.send(StartSession())
        face.run("what was it?")
        assert face.state.session != first
        assert "apple" not in json.dumps(server.requests[-1]["messages"])
        face.link.send(ResumeSession(first))
        face.run("and now?")
        assert face.state.session == first
        assert "apple" in json.dumps(server.requests[-1]["messages"])


def test_a_session_that_cannot_be_resumed_leaves_a_working_one(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(ResumeSession("20200101-000000-00000000"))
        assert face.wait(ev.Noticed).level == "error"
        assert face.run("hi").end == "done"


def test_a_provider_is_added_and_used_without_its_key_in_sight(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(AddProvider("mine", server.url, "big-model", "sk-secret-canary-1234567890"))
        assert str(face.wait(ev.ModelSwitched).model) == "mine/big-model"
        face.run("hi")
        assert server.requests[-1]["model"] == "big-model"
        home = project.parent / "home"
        assert "canary" in (home / "keys.toml").read_text()
        assert (home / "keys.toml").stat().st_mode & 0o777 == 0o600
        rest = [path for path in home.rglob("*") if path.is_file() and path.name != "keys.toml"]
        assert rest
        assert not any(b"canary" in path.read_bytes() for path in rest)


def test_an_unknown_model_is_said_and_the_old_one_stays(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(SwitchModel("x", "no-such-provider"))
        assert "no-such-provider" in face.wait(ev.Noticed).text
        assert face.run("hi").end == "done"


def test_without_a_model_a_message_is_answered_with_what_to_do(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(Reply(["ok"])) as server:
        monkeypatch.delenv("MODEL")
        with face_of(server) as face:
            assert face.state.model is None
            face.link.send(Send("hi"))
            assert face.wait(ev.Noticed).advice
            assert face.wait(ev.TurnEnded).end == "error"


def test_the_shell_folder_moves_by_command_and_stays_for_the_next(project: Path, face_of: FaceOf) -> None:
    (project / "sub").mkdir()
    calls = [("bash", {"command": "pwd"}), ("bash", {"command": "cd ..; pwd"})]
    with ModelServer(Reply(calls=calls), Reply(["ok"])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(ChangeFolder("sub"))
        assert face.wait(ev.FolderChanged).folder == str(project / "sub")
        face.link.send(ChangeFolder("nowhere"))
        assert "nowhere" in face.wait(ev.Noticed).text
        face.link.send(Send("where?"))
        assert face.wait(ev.FolderChanged).folder == str(project)
        face.wait(ev.TurnEnded)
        told = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
        assert told[0].startswith(str(project / "sub"))
        assert "folder is now" in told[1]


def test_nothing_to_undo_and_undo_in_a_running_turn_are_said(project: Path, face_of: FaceOf) -> None:
    wait = ("bash", {"command": "sleep 60"})
    with ModelServer(Reply(calls=[wait])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Undo())
        assert "nothing" in face.wait(ev.Noticed).text or face.events
        face.link.send(Send("go"))
        face.wait(ev.ToolStarted)
        face.link.send(Undo())
        assert "running" in face.wait(ev.Noticed).text
        face.link.send(Cancel())
        face.wait(ev.TurnEnded)


def test_a_stop_while_a_request_waits_withdraws_it(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[("bash", {"command": "ls"})])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(Cancel())
        assert face.wait(ev.RequestClosed).answer is None
        face.wait(ev.TurnEnded)
        face.answer(request, "once")
        assert face.state.requests == ()


async def test_queries_are_answered(project: Path, face_of: FaceOf) -> None:
    calls = [("bash", {"command": "seq 1 30000"})]
    with (
        ModelServer(Reply(calls=calls), Reply(["ok"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("count")
        assert await face.link.ask(ListFiles("ap")) == ("a.py",)
        assert await face.link.ask(RecallPrompts()) == ("count",)
        (session,) = await face.link.ask(ListSessions())
        assert (session.title, session.folder) == ("count", str(project))
        lists = await face.link.ask(ListModels())
        assert ("scripted",) in [found.models for found in lists]
        tool = next(e for e in face.state.agent("main").transcript if isinstance(e, ToolEntry))
        whole = await face.link.ask(ReadOutput(tool.id, first=-3))
        assert "30000" in whole.text
        with pytest.raises(NanodeckError):
            await face.link.ask(ReadOutput("no-such-call"))


def test_a_job_runs_beside_the_turn_and_its_end_is_told(project: Path, face_of: FaceOf) -> None:
    job = ("bash", {"command": "echo from the job", "background": True})
    with ModelServer(Reply(calls=[job]), Reply(["ok"])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("start it"))
        assert face.wait(ev.JobEnded).status == "done"
        face.run("and?")
        assert "from the job" in json.dumps(server.requests[-1]["messages"])


def test_the_demo_works_on_its_own_copy(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NANODECK_DEMO_PACE", "0")
    before = sorted(project.rglob("*"))
    with ModelServer(Reply(["ok"])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(SwitchModel("demo"))
        face.run("hi")
        copy = Path(face.state.folder)
        assert copy.is_dir()
        assert copy != project
        assert sorted(project.rglob("*")) == before
        assert server.requests == []
    assert not copy.parent.exists()


def test_a_resumed_session_goes_on_with_its_own_model(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server, model="first-model") as face:
            face.run("hi")
        with face_of(server, resume="last") as face:
            face.run("again")
        with face_of(server, resume="last", model="other-model") as face:
            face.run("and again")
        assert [body["model"] for body in server.requests] == ["first-model", "first-model", "other-model"]


def test_a_provider_that_cannot_be_used_is_not_stored(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(AddProvider("mine", "no url at all", "model", "key-1234567"))
        assert "base URL" in face.wait(ev.Noticed).text
        face.link.send(AddProvider("mine", server.url, "model", "two\nlines"))
        assert "characters" in face.wait(ev.Noticed).text
        assert not (project.parent / "home" / "settings.toml").exists()
        assert not (project.parent / "home" / "keys.toml").exists()


def test_a_session_of_another_folder_is_not_taken_up_in_this_one(project: Path, face_of: FaceOf) -> None:
    other = project.parent / "other"
    other.mkdir()
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            face.run("hi")
            first = face.state.session
        with Face(options_for(other)) as face:
            face.link.send(ResumeSession(first))
            assert str(project) in face.wait(ev.Noticed).text
            face.run("hi")
            assert face.state.folder == str(other)


def test_after_the_tour_work_goes_on_in_the_folder_of_the_session(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NANODECK_DEMO_PACE", "0")
    other = project.parent / "other"
    other.mkdir()
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            face.run("hi")
            first = face.state.session
        with Face(options_for(other, resume=first)) as face:
            face.link.send(SwitchModel("demo"))
            face.link.send(SwitchModel("scripted", "custom"))
            face.run("hi")
            assert face.state.folder == str(project)


def test_a_resumed_session_stands_where_its_shell_stood(project: Path, face_of: FaceOf) -> None:
    (project / "sub").mkdir()
    (project / "gone").mkdir()
    enter, look = [Reply(calls=[("bash", {"command": command})]) for command in ("cd sub", "pwd; cd ../gone")]
    with ModelServer(enter, Reply(["ok"]), look, Reply(["ok"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.run("go")
        with face_of(server, mode=Mode.YOLO, resume="last") as face:
            face.run("where?")
            assert server.requests[-1]["messages"][-1]["content"].startswith(str(project / "sub"))
        (project / "gone").rmdir()
        with face_of(server, mode=Mode.YOLO, resume="last") as face:
            face.run("where?")
            assert f"the shell is in {project} now" in server.requests[-1]["messages"][-1]["content"]
            assert face.state.cwd == str(project)


def test_a_resumed_model_knows_that_its_jobs_have_ended(project: Path, face_of: FaceOf) -> None:
    job = ("bash", {"command": "sleep 60", "background": True})
    with ModelServer(Reply(calls=[job]), Reply(["ok"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.run("start it")
            shutil.copytree(project.parent / "home", project.parent / "died")
        with face_of(server, resume="last") as face:
            face.run("and?")
            assert "was ended with the session" in server.requests[-1]["messages"][-1]["content"]
        (project.parent / "home").rename(project.parent / "closed")
        (project.parent / "died").rename(project.parent / "home")
        with face_of(server, resume="last") as face:
            face.run("and?")
            assert "does not run any more" in server.requests[-1]["messages"][-1]["content"]


def test_an_engine_that_has_ended_leaves_no_log_open(project: Path, face_of: FaceOf) -> None:
    before = list(logging.getLogger().handlers)
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server):
            assert len(logging.getLogger().handlers) == len(before) + 1
        assert logging.getLogger().handlers == before
        with pytest.raises(NanodeckError):
            face_of(server, resume="20200101-000000-00000000")
    assert logging.getLogger().handlers == before
