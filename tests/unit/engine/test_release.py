"""What a command was denied is said, and it may run once more outside, if the person lets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AddRule, Send, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.reasons import why_facts
from nanodeck.contracts.requests import CommandDetail
from nanodeck.contracts.rules import Rule
from nanodeck.contracts.views import ToolEntry
from nanodeck.engine.calls.confining import Confining
from nanodeck.engine.calls.release import OUTSIDE
from nanodeck.shell.walls import Confine, Denied, Ended
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
TWICE = "mkdir -p in; cd in; echo ran >> ../log; test -e ../inside || exit 1; echo well"


class Paper:
    """Walls that stop nothing and deny every failure its path."""

    async def confine(self) -> Confine | None:
        return None

    async def ended(self, ended: Ended) -> Denied | None:
        return Denied("/etc/hosts") if ended.exit_code else None


@pytest.fixture(autouse=True)
def paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Confining, "around", lambda self, asker: Paper())


def calls(*commands: str) -> tuple[Reply, ...]:
    return (*(Reply(calls=[("bash", {"command": command})]) for command in commands), Reply(["done"]))


def ends(face: Face) -> list[ev.ToolEnded]:
    return [event for event in face.events if isinstance(event, ev.ToolEnded)]


def test_it_runs_again_outside_where_the_person_lets_it(project: Path, face_of: FaceOf) -> None:
    with ModelServer(*calls(TWICE)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert (request.detail.command, request.detail.denied) == (TWICE, "/etc/hosts")
        assert request.detail.sandbox.startswith("none this time")
        assert request.why.rule == "sandbox.denied"
        (project / "inside").touch()
        face.answer(request, "once")
        face.wait(ev.TurnEnded)
        (ended,) = ends(face)
    assert ended.outcome == "ok"
    assert ended.message.text.startswith("(the sandbox denied /etc/hosts; the user let the command run again")
    assert "\nwell\n" in ended.message.text
    assert (ended.summary, ended.sandbox) == ("ok, outside the sandbox", OUTSIDE)
    # Also the second time it began where it stood at first.
    assert (project / "log").read_text() == "ran\nran\n"
    assert face.state.cwd == str(project / "in")


def test_a_no_leaves_it_at_what_came_of_the_first_time(project: Path, face_of: FaceOf) -> None:
    with ModelServer(*calls(TWICE)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "deny", "not there")
        face.wait(ev.TurnEnded)
        (ended,) = ends(face)
    assert ended.message.text == (
        f"(no output)\n(exit code 1)\n(folder is now {project / 'in'})\n(the sandbox denied /etc/hosts)\n"
        "(the user did not let it run outside the sandbox: not there)"
    )
    assert (project / "log").read_text() == "ran\n"


def test_let_out_for_the_session_it_is_not_held_again(project: Path, face_of: FaceOf) -> None:
    with ModelServer(*calls("exit 3", "exit 3")) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "session")
        face.wait(ev.TurnEnded)
        assert [event.summary for event in ends(face)] == ["exit code 3, outside the sandbox"] * 2
        assert face.names.count("RequestOpened") == 1


def test_where_nobody_can_answer_nobody_is_asked(project: Path, face_of: FaceOf) -> None:
    with (
        ModelServer(*calls(TWICE)) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        assert face.run("go").end == "done"
        (ended,) = ends(face)
    assert ended.message.text.endswith("(the sandbox denied /etc/hosts)")


def test_what_the_person_saves_while_asked_is_not_the_command_s(project: Path, face_of: FaceOf) -> None:
    command = "echo first >> log; echo mine >> both; test -e inside"
    with ModelServer(*calls(command)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        request = face.request()
        (project / "inside").touch()
        (project / "both").write_text("mine\nyours\n")
        face.link.send(AddRule(Rule("allow", "bash(make *)", scope="project")))
        face.wait(ev.RuleAdded)
        face.answer(request, "once")
        told = face.wait(ev.CheckpointTaken).checkpoint
        face.wait(ev.TurnEnded)
        assert [file.path for file in told.files] == ["both", "log"]
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
    assert not (project / "log").exists()
    assert (project / "both").read_text() == "mine\nyours\n"
    assert (project / "inside").exists()
    assert "make" in (project / ".nanodeck" / "settings.toml").read_text()


def test_a_rule_kept_while_a_command_runs_is_not_the_command_s(project: Path, face_of: FaceOf) -> None:
    command = "echo ran > log; until [ -e .nanodeck/settings.toml ]; do sleep 0.01; done"
    with ModelServer(*calls(command)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        face.wait(ev.ToolStarted)
        face.link.send(AddRule(Rule("allow", "bash(make *)", scope="project")))
        told = face.wait(ev.CheckpointTaken).checkpoint
        assert [file.path for file in told.files] == ["log"]


def test_what_was_answered_and_that_it_ran_outside_stands_with_the_call(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(*calls(TWICE)) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "session")
        request = face.request()
        (project / "inside").touch()
        face.answer(request, "once")
        face.wait(ev.TurnEnded)
        (entry,) = (one for one in face.state.agent("main").transcript if isinstance(one, ToolEntry))
    assert why_facts(entry)[-3:] == [
        ("you said", "yes, in this session"),
        ("you said", "yes, it may run again outside the sandbox, which denied /etc/hosts, this once"),
        ("sandbox", OUTSIDE),
    ]


def job(command: str) -> Reply:
    return Reply(calls=[("bash", {"command": command, "background": True})])


def test_a_job_that_was_denied_something_runs_again_outside_where_the_person_lets_it(
    project: Path, face_of: FaceOf
) -> None:
    replies = (job("echo ran >> log; test -e inside"), Reply(["begun"]), Reply(["I see"]))
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        assert face.run("go").end == "done"
        request = face.open_request()
        assert isinstance(request.detail, CommandDetail)
        assert (request.detail.denied, request.detail.background) == ("/etc/hosts", True)
        (project / "inside").touch()
        face.answer(request, "once")
        face.wait(ev.JobEnded, lambda event: event.job == "job-2" and event.status == "done")
        assert [job.denied for job in face.state.jobs] == ["/etc/hosts", ""]
        face.wait(ev.CheckpointTaken)
        face.run("and?")
    assert (project / "log").read_text() == "ran\nran\n"
    told = "\n".join(str(message["content"]) for message in server.requests[-1]["messages"])
    assert "(the sandbox denied /etc/hosts); it printed nothing" in told
    assert "job-1 runs again as job-2" in told


def test_a_job_that_may_not_run_outside_stays_ended(project: Path, face_of: FaceOf) -> None:
    with (
        ModelServer(job("exit 3"), Reply(["begun"]), Reply(["I see"])) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.run("go")
        request = face.open_request()
        face.answer(request, "deny", "not there")
        face.wait(ev.MessageSent, lambda event: "did not let it run outside" in event.message.text)
        assert [job.id for job in face.state.jobs] == ["job-1"]
        face.run("and?")
    told = "\n".join(str(message["content"]) for message in server.requests[-1]["messages"])
    assert "job-1: (the user did not let it run outside the sandbox: not there)" in told


def test_a_grant_for_the_session_ends_when_its_script_is_another(project: Path, face_of: FaceOf) -> None:
    script = project / "ship.sh"
    script.write_text("echo one\n")
    command = "bash ship.sh"
    replies = (*calls(command, command)[:2], Reply(["ok"]), *calls(command))
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert request.detail.scripts == ("ship.sh",)
        face.answer(request, "session")
        face.wait(ev.TurnEnded)
        assert face.names.count("RequestOpened") == 1
        script.write_text("echo two\n")
        face.link.send(Send("again"))
        face.answer(face.request(), "deny")
        face.wait(ev.TurnEnded)
