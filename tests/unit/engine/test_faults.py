"""Faults in and around a session: what was said stays, what is told is true, the next turn works."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import (
    AddProvider,
    Cancel,
    Queue,
    Send,
    StartSession,
    StopJob,
    SwitchMode,
)
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ExportSession, RecallPrompts, TryProvider
from nanodeck.engine.review.changesets import Changesets
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply, cut

FaceOf = Callable[..., Face]
READ = ("read", {"path": "a.py"})
WRITE = ("write", {"path": "new.py", "content": "x = 1\n"})


def results(server: ModelServer) -> list[str]:
    return [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]


def journal_of(project: Path, home: str = "home") -> Path:
    (path,) = (project.parent / home / "sessions").glob("*/events.jsonl")
    return path


def test_ids_stay_unique_after_damage(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[READ]), Reply(["ok"])) as server:
        with face_of(server) as face:
            for text in ("one", "two", "three"):
                face.run(text)
        lines = journal_of(project).read_bytes().splitlines(keepends=True)
        journal_of(project).write_bytes(b"".join([*lines[:4], b"damaged\n", *lines[12:]]))
        with face_of(server, resume="last") as face:
            assert "damaged" in face.wait(ev.Noticed).text
            face.run("four")
    events = [json.loads(line)["event"] for line in journal_of(project).read_bytes().splitlines()[13:]]
    made = [event["id"] for event in events if event["type"] in ("MessageSent", "ReplyEnded")]
    made += [event["turn"] for event in events if event["type"] == "TurnStarted"]
    before = [line for line in lines if any(f'"{name}"'.encode() in line for name in made[-4:])]
    assert len(set(made)) == len(made)
    assert before == []


def test_a_disk_that_refuses_at_the_start_costs_nothing_that_was_said(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, refusals = os.write, iter([True, True])

    def full(descriptor: int, data: bytes) -> int:
        if data.startswith(b'{"v"') and next(refusals, False):
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("hi"))
        assert "not saved" in face.wait(ev.Noticed).text
        face.wait(ev.TurnEnded)
    events = [json.loads(line) for line in journal_of(project).read_bytes().splitlines()]
    assert [line["n"] for line in events] == list(range(1, len(events) + 1))
    assert events[0]["event"]["type"] == "SessionStarted"


def test_surroundings_that_cannot_be_described_stop_no_turn(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(folder: Path) -> str:
        raise ValueError("odd")

    def homeless(*_: Any) -> list[Any]:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("nanodeck.engine.session.describe_surroundings", fails)
    monkeypatch.setattr("nanodeck.engine.session.find_instructions", homeless)
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        assert face.run("hi").end == "done"
        assert str(project) in server.requests[0]["messages"][-1]["content"]


def test_a_text_that_could_not_be_said_comes_back_to_the_face(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no more files can be open")

    monkeypatch.setattr("nanodeck.engine.agent.attach", fails)
    with ModelServer() as server, face_of(server) as face:
        assert face.run("a long text").end == "error"
        assert [event.texts for event in face.events if isinstance(event, ev.QueueReturned)] == [
            ("a long text",)
        ]


async def test_a_question_that_fails_is_an_error_and_not_the_end(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr("nanodeck.engine.queries.export_session", fails)
    with ModelServer() as server, face_of(server) as face:
        with pytest.raises(NanodeckError, match="ExportSession: nobody thought of this"):
            await face.link.ask(ExportSession(""))
        assert await face.link.ask(RecallPrompts()) == ()


def test_texts_that_waited_when_the_process_died_come_back_to_the_face(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    waits = Reply(["thinking"], before_end=lambda: go_on.wait(20))
    with ModelServer(waits, Reply(["ok"])) as server:
        with face_of(server) as face:
            face.link.send(Send("go"))
            face.wait(ev.TextStreamed)
            face.link.send(Queue("later"))
            face.wait(ev.QueueChanged)
            shutil.copytree(project.parent / "home", project.parent / "died")
            go_on.set()
        monkeypatch.setenv("NANODECK_HOME", str(project.parent / "died"))
        with face_of(server, resume="last") as face:
            assert face.wait(ev.QueueReturned).texts == ("later",)
            assert face.state.agent("main").queued == ()
            assert face.run("again").end == "done"


@pytest.mark.parametrize("stop", [cut, None])
def test_a_cut_reply_keeps_all_that_was_shown(
    project: Path, face_of: FaceOf, stop: Callable[[], object] | None
) -> None:
    go_on = threading.Event()
    reply = Reply(["half"], reasoning=["hm"], before_end=stop or (lambda: go_on.wait(20)))
    with ModelServer(reply) as server, face_of(server) as face:
        face.link.send(Send("go"))
        if stop is None:
            face.wait(ev.TextStreamed)
            face.link.send(Cancel())
        message = face.wait(ev.ReplyEnded).message
        go_on.set()
        assert (message.reasoning, message.text) == ("hm", "half")
        assert message.finish == ("error" if stop else "interrupted")


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_calls_of_a_reply_that_was_cut_short_are_not_run(project: Path, face_of: FaceOf, finish: str) -> None:
    replies = Reply(calls=[WRITE], finish=finish), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        assert face.run("go").end == "done"
        assert not (project / "new.py").exists()
        assert "cut" in results(server)[0]


def test_a_failure_of_our_own_is_not_told_as_the_persons_stop(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Changesets, "run", fails)
    with (
        ModelServer(Reply(calls=[WRITE]), Reply(["ok"])) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        assert face.run("go").end == "error"
        assert face.run("again").end == "done"
        assert "nanodeck failed" in results(server)[0]


def test_an_output_that_cannot_be_kept_is_still_answered(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nanodeck.engine.session.write_output", full)
    long = ("read", {"path": "a.py", "x" * 70_000: 1})
    with ModelServer(Reply(calls=[long, READ]), Reply(["ok"])) as server, face_of(server) as face:
        assert face.run("go").end == "done"
        assert "No space left" in results(server)[0]
        assert "line 3" in results(server)[1]


@pytest.mark.parametrize("mode", [Mode.PLAN, Mode.AUTO_ACCEPT])
def test_a_new_session_stays_in_the_mode_the_person_is_in(project: Path, face_of: FaceOf, mode: Mode) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(SwitchMode(mode))
        face.link.send(StartSession())
        face.run("hi")
        assert face.state.mode is mode


def test_a_corrected_key_is_used_at_once(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        for key in ("wrong-key-1", "right-key-2"):
            face.link.send(AddProvider("mine", server.url, "model", key))
            face.wait(ev.ModelSwitched)
            face.run("hi")
            assert f"Bearer {key}" in server.keys


def test_a_stop_does_not_wait_for_a_job_that_will_not_end(project: Path, face_of: FaceOf) -> None:
    stubborn = ("bash", {"command": "trap '' TERM; echo up; sleep 60", "background": True})
    long = ("bash", {"command": "echo busy; sleep 60"})
    with ModelServer(Reply(calls=[stubborn, long])) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        job = face.wait(ev.JobStarted).job
        face.wait(ev.OutputStreamed, lambda event: "busy" in event.text)
        face.link.send(StopJob(job))
        face.link.send(Cancel())
        face.wait(ev.JobEnded)
        assert face.names.index("TurnEnded") < face.names.index("JobEnded")


def test_stopping_a_job_that_is_not_there_is_said(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(StopJob("job-7"))
        assert "job-7" in face.wait(ev.Noticed).text


async def test_a_question_that_is_open_when_the_engine_ends_is_answered(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["ok"])) as server, socket.create_server(("127.0.0.1", 0)) as silent:
        face = face_of(server)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        asked = asyncio.create_task(face.link.ask(TryProvider(url)))
        connection, _ = await asyncio.to_thread(silent.accept)
        await asyncio.to_thread(face.link.close)
        with pytest.raises(NanodeckError, match="ended"):
            await asked
        connection.close()


def test_a_disk_that_stays_full_is_told_once_and_work_goes_on(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def full(descriptor: int, data: bytes | memoryview) -> int:
        if bytes(data[:4]) == b'{"v"':
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    replies = Reply(calls=[READ]), Reply(calls=[("bash", {"command": "env echo ran"})]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        assert [face.run("one").end, face.run("two").end] == ["done", "done"]
        told = [event for event in face.events if isinstance(event, ev.Noticed)]
        assert len(told) == 1
