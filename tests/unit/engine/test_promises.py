"""What holds between nanodeck and any model (H1 to H6; H3 is in tests/unit/workspace/edits)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Send, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import RepetitionDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply, cut
from tests.unit.workspace.repositories import git

FaceOf = Callable[..., Face]
READ = ("read", {"path": "a.py"})
EDIT = ("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "L3\n"})
APPEND = ("bash", {"command": "echo ran >> log"})


def results(server: ModelServer) -> list[str]:
    """The results of tools in the last request."""
    return [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]


def test_h1_the_first_call_has_at_most_6500_bytes_and_names_no_clock(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a repository on a machine with gh: with every tool there is."""
    git(project, "init", "-q")
    monkeypatch.setattr("nanodeck.tools.builtin.shutil.which", lambda name: name)
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.run("hi")
        body = json.loads(server.bodies[0])
        assert {"git", "pull_request"} <= {tool["function"]["name"] for tool in body["tools"]}
        assert len(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()) <= 6500
        assert list(body)[-1] == "messages"


def test_h2_each_model_call_extends_the_one_before_over_a_whole_job(project: Path, face_of: FaceOf) -> None:
    """Steering, stops, undo, jobs, errors, modes and a resume included."""
    go_on = threading.Event()
    job = ("bash", {"command": "echo from the job", "background": True})
    replies = (
        Reply(["t"], calls=[READ, job]),
        Reply(calls=[EDIT]),
        Reply(["half"], before_end=lambda: go_on.wait(20)),
        Reply(["x"], reasoning=["only"], before_end=cut),
        Reply(reasoning=["r"], before_end=cut),
        Reply(calls=[("bash", {"command": "sleep 60"}), READ]),
        Reply(["done"]),
        Reply(calls=[READ, ("bash", {"command": "ls"})]),
        Reply(["ok"]),
    )
    with ModelServer(*replies) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.link.send(Send("go"))
            face.wait(ev.TextStreamed, lambda event: event.text == "half")
            face.link.send(Send("steered too late"))
            face.link.send(Cancel())
            face.wait(ev.TurnEnded)
            go_on.set()
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
            assert [face.run("a").end, face.run("b").end] == ["error", "error"]
            face.link.send(Send("c"))
            face.wait(ev.ToolStarted, lambda event: "sleep" in event.title)
            face.link.send(Cancel())
            face.wait(ev.TurnEnded)
            face.run("d")
        with face_of(server, resume="last", mode=Mode.PLAN) as face:
            face.run("after")
            face.run("more")
        assert len(server.bodies) == 10
        assert all(later.startswith(earlier[:-2]) for earlier, later in pairwise(server.bodies))
        last = json.dumps(server.requests[-1]["messages"])
        assert last.count("ended with exit code 0") == 1
        assert last.count("The user undid") == last.count("The user stopped") == 1


@pytest.mark.parametrize("choice", ["continue", "steer", "stop"])
def test_h4_the_same_call_three_times_asks_to_continue_to_steer_or_to_stop(
    project: Path, face_of: FaceOf, choice: str
) -> None:
    replies = [Reply(calls=[READ])] * 3
    with ModelServer(*replies, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, RepetitionDetail)
        assert (request.detail.name, request.detail.times, len(server.requests)) == ("read", 3, 3)
        face.answer(
            request, "once" if choice == "continue" else "deny", "look elsewhere" * (choice == "steer")
        )
        assert face.wait(ev.TurnEnded).end == ("stopped" if choice == "stop" else "done")
        assert len(server.requests) == (3 if choice == "stop" else 4)
        if choice == "steer":
            assert server.requests[-1]["messages"][-1] == {"role": "user", "content": "look elsewhere"}


def test_h4_after_going_on_it_asks_again_only_after_three_more(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[READ])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "once")
        face.answer(face.request(), "deny")
        face.wait(ev.TurnEnded)
        assert len(server.requests) == 6


@pytest.mark.parametrize("status", [429, 529])
def test_h5_a_busy_server_is_asked_again_after_the_time_it_names(
    project: Path, face_of: FaceOf, status: int
) -> None:
    busy = Reply(status=status, headers={"retry-after": "0.1"})
    with ModelServer(busy, Reply(calls=[APPEND]), Reply(["ok"])) as server:
        with face_of(server, mode=Mode.YOLO) as face:
            face.link.send(Send("go"))
            planned = face.wait(ev.RetryScheduled)
            assert (planned.attempt, planned.seconds) == (1, 0.1)
            assert str(status) in planned.reason
            assert face.wait(ev.TurnEnded).end == "done"
        assert (project / "log").read_text() == "ran\n"
        assert server.bodies[0] == server.bodies[1]


def test_h5_the_waiting_can_be_stopped(project: Path, face_of: FaceOf) -> None:
    busy = Reply(status=429, headers={"retry-after": "50"})
    with ModelServer(busy, Reply(["here again"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        assert face.wait(ev.RetryScheduled).seconds == 50
        face.link.send(Cancel())
        assert face.wait(ev.TurnEnded).end == "interrupted"
        assert face.run("again").end == "done"
        assert len(server.requests) == 2


def test_h5_a_cut_stream_keeps_its_text_and_runs_nothing(project: Path, face_of: FaceOf) -> None:
    half = Reply(["half a"], calls=[APPEND], before_end=cut)
    with ModelServer(half, Reply(["ok"])) as server, face_of(server, mode=Mode.YOLO) as face:
        assert face.run("go").end == "error"
        replies = [event.message for event in face.events if isinstance(event, ev.ReplyEnded)]
        assert [(reply.text, reply.finish, reply.calls) for reply in replies] == [("half a", "error", ())]
        assert len(server.requests) == 1
        face.run("go on")
        assert not (project / "log").exists()
        assert "half a" in [m["content"] for m in server.requests[-1]["messages"]]


@pytest.mark.parametrize("broken", ['{"command": "echo ran >> log"', "[]", "echo ran >> log"])
def test_h5_arguments_that_are_no_json_run_nothing_and_can_be_corrected(
    project: Path, face_of: FaceOf, broken: str
) -> None:
    replies = Reply(calls=[("bash", broken)]), Reply(calls=[APPEND]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        assert face.run("go").end == "done"
        assert "arguments of bash" in results(server)[0]
        assert (project / "log").read_text() == "ran\n"


def test_h6_an_edit_of_a_file_not_read_is_refused_with_its_content(project: Path, face_of: FaceOf) -> None:
    replies = Reply(calls=[EDIT]), Reply(calls=[EDIT]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("go")
        refused, applied = results(server)
        assert "was not read before" in refused
        assert "line 40" in refused
        assert "applied" in applied
        assert "L3\n" in (project / "a.py").read_text()


def test_h6_an_edit_of_a_file_changed_since_is_refused_with_its_new_content(
    project: Path, face_of: FaceOf
) -> None:
    def meddle() -> None:
        (project / "a.py").write_text("line 3\nand more\n")

    replies = Reply(calls=[READ]), Reply(calls=[EDIT], before_end=meddle), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("go")
        assert "changed since it was read" in results(server)[1]
        assert "and more" in results(server)[1]
        assert (project / "a.py").read_text() == "line 3\nand more\n"
