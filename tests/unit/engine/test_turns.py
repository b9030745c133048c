"""Whole turns through the engine's link: real tools, a scripted server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Queue, Send, SwitchMode, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, ReviewDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply, cut

FaceOf = Callable[..., Face]
EDITS = [
    {"old_string": "line 3\n", "new_string": "LINE 3\n"},
    {"old_string": "line 30\n", "new_string": "L30\n"},
]
EDIT = ("edit", {"path": "a.py", "edits": EDITS})
READ = ("read", {"path": "a.py"})


def results(server: ModelServer, number: int = -1) -> list[str]:
    return [m["content"] for m in server.requests[number]["messages"] if m["role"] == "tool"]


def test_a_plain_answer(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["Hel", "lo"])) as server, face_of(server) as face:
        ended = face.run("hi")
        assert ended.end == "done"
        assert ended.usage.input == 100
        (said,) = [m for m in server.requests[0]["messages"] if m["role"] == "user"]
        assert said["content"].endswith("hi")
        assert str(project) in said["content"]


def test_only_accepted_hunks_are_written_and_the_model_is_told(project: Path, face_of: FaceOf) -> None:
    replies = Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request = face.request()
        assert isinstance(request.detail, ReviewDetail)
        assert request.detail.hunks == 2
        assert "LINE 3" not in (project / "a.py").read_text()
        face.review(request, ("a.py", 1, "accepted"), ("a.py", 2, "rejected"), message="keep 30")
        face.wait(ev.TurnEnded)
        text = (project / "a.py").read_text()
        assert "LINE 3\n" in text
        assert "line 30\n" in text
        told = results(server)[-1]
        assert "1 of 2" in told
        assert "L30" in told
        assert "keep 30" in told


def test_undo_puts_the_last_changeset_back(project: Path, face_of: FaceOf) -> None:
    before = (project / "a.py").read_bytes()
    replies = Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])
    with (
        ModelServer(*replies) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        face.run("edit")
        assert (project / "a.py").read_bytes() != before
        face.link.send(Undo())
        assert face.wait(ev.ChangesUndone).files == ("a.py",)
        assert (project / "a.py").read_bytes() == before
        face.run("and now?")
        assert "undid" in server.requests[-1]["messages"][-1]["content"]


def test_a_command_asks_and_runs_as_the_person_edited_it(project: Path, face_of: FaceOf) -> None:
    replies = Reply(calls=[("bash", {"command": "rm -rf src"})]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("clean"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert (request.detail.command, request.detail.folder) == ("rm -rf src", str(project))
        face.answer(request, "once", command="echo kept")
        face.wait(ev.TurnEnded)
        assert (project / "a.py").exists()
        told = results(server)[-1]
        assert "kept" in told
        assert "(exit code 0)" in told
        assert "changed the command" in told


def test_a5_a_denial_reaches_the_model_with_the_persons_words_and_the_turn_goes_on(
    project: Path, face_of: FaceOf
) -> None:
    replies = Reply(calls=[("bash", {"command": "env ls"})]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("look"))
        face.answer(face.request(), "deny", "use the ls tool")
        assert face.wait(ev.TurnEnded).end == "done"
        assert results(server)[-1] == "denied by the user: use the ls tool"


def test_a5_by_setting_a_denial_stops_the_turn_and_the_model_reads_the_words_in_the_next(
    project: Path, face_of: FaceOf
) -> None:
    home = project.parent / "home"
    home.mkdir()
    (home / "settings.toml").write_text("stop_on_denial = true\n")
    calls = [("bash", {"command": "rm x"}), READ, ("write", {"path": "new.py", "content": "x"})]
    with ModelServer(Reply(calls=calls), Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("look"))
        face.answer(face.request(), "deny", "never delete")
        ended = face.wait(ev.TurnEnded)
        assert (ended.end, ended.detail) == ("stopped", "a call was denied")
        assert len(server.requests) == 1
        face.run("and now?")
        denied, *others = results(server)
        assert denied == "denied by the user: never delete"
        assert [text.partition(":")[0] for text in others] == ["not run", "not run"]
        assert not (project / "new.py").exists()


def test_a_session_answer_holds_for_exactly_this_command(project: Path, face_of: FaceOf) -> None:
    def run(command: str) -> Reply:
        return Reply(calls=[("bash", {"command": command})])

    replies = run("env echo a"), run("env echo a"), run("env echo a b"), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "session")
        second = face.request()
        assert isinstance(second.detail, CommandDetail)
        assert second.detail.command == "env echo a b"
        face.answer(second, "deny")
        face.wait(ev.TurnEnded)


def test_plan_mode_refuses_edits_and_every_command_and_sends_the_same_tools(
    project: Path, face_of: FaceOf
) -> None:
    replies = Reply(calls=[READ, EDIT, ("bash", {"command": "ls"})]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.PLAN) as face:
        face.run("go")
        told = results(server)
        assert "line 3" in told[0]
        assert "plan mode" in told[1]
        assert "plan mode" in told[2]
        face.link.send(SwitchMode(Mode.NORMAL))
        face.run("again")
        bodies = server.bodies
        assert all(later.startswith(earlier[:-2]) for earlier, later in pairwise(bodies))


def test_stop_kills_the_command_and_answers_every_open_call(project: Path, face_of: FaceOf) -> None:
    calls = [("bash", {"command": "echo begun; sleep 100"}), ("bash", {"command": "touch never"})]
    replies = Reply(calls=calls), Reply(["ok"])
    with (
        ModelServer(*replies) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.link.send(Send("go"))
        face.wait(ev.OutputStreamed, lambda event: "begun" in event.text)
        face.link.send(Queue("later"))
        face.link.send(Cancel())
        assert face.wait(ev.QueueReturned).texts == ("later",)
        assert face.wait(ev.TurnEnded).end == "interrupted"
        assert not (project / "never").exists()
        face.run("what happened?")
        messages = server.requests[-1]["messages"]
        assert ["interrupted" in text for text in results(server)] == [True, True]
        assert messages[-1]["role"] == "user"


def test_steering_arrives_before_the_next_model_call(project: Path, face_of: FaceOf) -> None:
    go_on = threading.Event()
    replies = Reply(["thinking"], calls=[READ], before_end=lambda: go_on.wait(10)), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.wait(ev.TextStreamed)
        face.link.send(Send("also this"))
        face.wait(ev.QueueChanged, lambda event: event.steer == ("also this",))
        go_on.set()
        face.wait(ev.TurnEnded)
        assert server.requests[-1]["messages"][-1]["content"] == "also this"


def test_max_turns_ends_with_a_reason(project: Path, face_of: FaceOf) -> None:
    reads = [Reply(calls=[("read", {"path": "a.py", "offset": n})]) for n in range(1, 9)]
    with ModelServer(*reads) as server, face_of(server, max_turns=3) as face:
        ended = face.run("go")
        assert ended.end == "max-turns"
        assert "3" in ended.detail
        assert len(server.requests) == 3


def test_a_session_is_resumed_with_the_same_bytes(project: Path, face_of: FaceOf) -> None:
    replies = Reply(calls=[READ]), Reply(["first"]), Reply(["second"])
    with ModelServer(*replies) as server:
        with face_of(server) as face:
            face.run("one")
        with face_of(server, resume="last") as face:
            face.run("two")
            assert len(face.state.agent("main").transcript) >= 6
        assert server.bodies[2].startswith(server.bodies[1][:-2])


def test_an_unknown_tool_and_wrong_arguments_get_an_answer(project: Path, face_of: FaceOf) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("fly", {}),
        ("read", {"path": 5, "limit": "many"}),
        ("read_file", {"file_path": "a.py"}),
    ]
    with (
        ModelServer(Reply(calls=calls), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.run("go")
        unknown, wrong, aliased = results(server)
        assert "read" in unknown
        assert "limit" in wrong or "path" in wrong
        assert "line 1" in aliased


def test_a_write_outside_asks_and_one_into_git_is_refused(project: Path, face_of: FaceOf) -> None:
    (project / ".git").mkdir()
    outside = project.parent / "outside.txt"
    calls = [
        ("write", {"path": ".git/hooks/x", "content": "x"}),
        ("write", {"path": str(outside), "content": "x"}),
    ]
    with (
        ModelServer(Reply(calls=calls), Reply(["ok"])) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert str(outside) in request.why.reason
        face.answer(request, "deny")
        face.wait(ev.TurnEnded)
        assert not outside.exists()
        assert "git" in results(server)[0]


def test_after_an_error_what_was_queued_comes_back(project: Path, face_of: FaceOf) -> None:
    fail = threading.Event()

    def cut_later() -> None:
        fail.wait(10)
        cut()

    broken = Reply(["half"], before_end=cut_later)
    with ModelServer(broken, Reply(["never"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.wait(ev.TextStreamed)
        face.link.send(Queue("later"))
        face.wait(ev.QueueChanged)
        fail.set()
        assert face.wait(ev.QueueReturned).texts == ("later",)
        assert len(server.requests) == 1
