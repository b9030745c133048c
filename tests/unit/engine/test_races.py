"""Commands that meet: what counts is what the person saw, and nothing said is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import (
    Cancel,
    ChangeFolder,
    Decide,
    MarkHunks,
    Send,
    SendReview,
    SwitchMode,
)
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer, ReviewDetail
from nanodeck.core.permissions import CallFacts
from nanodeck.engine.agent import Agent
from nanodeck.engine.calls.facts import facts_of
from nanodeck.engine.waiting import finished
from nanodeck.workspace.writing.checkpoints import Checkpointer
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.holding import held

FaceOf = Callable[..., Face]
EDITS = [
    {"old_string": "line 3\n", "new_string": "LINE 3\n"},
    {"old_string": "line 30\n", "new_string": "L30\n"},
]
READ = ("read", {"path": "a.py"})
EDIT = ("edit", {"path": "a.py", "edits": EDITS})


def bash(command: str) -> Reply:
    return Reply(calls=[("bash", {"command": command})])


def results(server: ModelServer) -> list[str]:
    return [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]


def test_a_stop_right_behind_a_message_ends_its_turn_and_hands_the_text_back(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["never"])) as server, face_of(server) as face:
        with held(face.link):
            face.link.send(Send("do it"))
            face.link.send(Cancel())
        face.wait(ev.TurnStarted)
        assert face.wait(ev.TurnEnded).end == "interrupted"
        said = [e.message.text for e in face.events if isinstance(e, ev.MessageSent)]
        back = [e.texts for e in face.events if isinstance(e, ev.QueueReturned)]
        assert said[-1:] == ["do it"] or back == [("do it",)]
        assert server.requests == []


def test_marks_that_come_after_the_review_was_sent_count_for_nothing(project: Path, face_of: FaceOf) -> None:
    with (
        ModelServer(Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["done"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("edit"))
        request = face.request()
        assert isinstance(request.detail, ReviewDetail)
        changeset = request.detail.changeset
        with held(face.link):
            face.link.send(MarkHunks(changeset, (HunkMark("a.py", 1, "accepted"),)))
            face.link.send(SendReview(request.id))
            face.link.send(MarkHunks(changeset, (HunkMark("a.py", 2, "accepted"),)))
        face.wait(ev.TurnEnded)
        text = (project / "a.py").read_text()
        assert "LINE 3\n" in text
        assert "line 30\n" in text
        marked = [mark for e in face.events if isinstance(e, ev.HunksMarked) for mark in e.marks]
        assert [mark.hunk for mark in marked] == [1]


def test_sending_a_review_approves_nothing_but_a_review(project: Path, face_of: FaceOf) -> None:
    with ModelServer(bash("touch done"), Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(SendReview(request.id))
        face.answer(request, "deny")
        assert face.wait(ev.RequestClosed).answer == Answer("deny")
        face.wait(ev.TurnEnded)
        assert not (project / "done").exists()


def test_a_session_answer_to_an_edited_command_allows_the_edited_one_alone(
    project: Path, face_of: FaceOf
) -> None:
    replies = bash("touch theirs"), bash("touch mine"), bash("touch theirs"), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.answer(face.request(), "session", command="touch mine")
        again = face.request()
        face.answer(again, "deny")
        face.wait(ev.TurnEnded)
        assert not (project / "theirs").exists()
        assert (project / "mine").exists()


def test_a_command_runs_in_the_folder_its_request_named(project: Path, face_of: FaceOf) -> None:
    (project / "other").mkdir()
    with ModelServer(bash("touch here"), Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(ChangeFolder("other"))
        assert "turn is running" in face.wait(ev.Noticed).text
        face.answer(request, "once")
        face.wait(ev.TurnEnded)
        assert (project / "here").exists()


def test_plan_mode_also_refuses_what_was_asked_before_it(project: Path, face_of: FaceOf) -> None:
    replies = bash("touch done"), Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(SwitchMode(Mode.PLAN))
        face.link.send(Decide(request.id, Answer("once")))
        face.wait(ev.ToolEnded)
        face.link.send(SwitchMode(Mode.NORMAL))
        review = face.request()
        face.link.send(SwitchMode(Mode.PLAN))
        face.review(review, ("a.py", 1, "accepted"))
        face.wait(ev.TurnEnded)
        assert not (project / "done").exists()
        assert "LINE 3" not in (project / "a.py").read_text()
        assert ["plan mode" in text for text in results(server)] == [True, False, True]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_link_swapped_behind_the_look_at_it_still_asks(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    outside, link = project.parent / "outside", project / "place"
    outside.mkdir()
    link.mkdir()

    def looked_then_swapped(*arguments: Any) -> CallFacts:
        facts = facts_of(*arguments)
        if not link.is_symlink():
            link.rmdir()
            link.symlink_to(outside)
        return facts

    monkeypatch.setattr("nanodeck.engine.calls.deciding.facts_of", looked_then_swapped)
    write = ("write", {"path": "place/x.txt", "content": "x"})
    with (
        ModelServer(Reply(calls=[write]), Reply(["ok"])) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert str(outside / "x.txt") in request.why.reason
        face.review(request, (str(outside / "x.txt"), 1, "accepted" if accepted else "rejected"))
        face.wait(ev.TurnEnded)
        assert (outside / "x.txt").exists() is accepted


@pytest.mark.parametrize("arguments", [{"pattern": "/etc/*"}, {"pattern": "../*"}, {"pattern": "link/*.txt"}])
def test_a_pattern_that_leads_outside_asks(project: Path, face_of: FaceOf, arguments: dict[str, str]) -> None:
    (project.parent / "outside").mkdir()
    (project / "link").symlink_to(project.parent / "outside")
    with (
        ModelServer(Reply(calls=[("glob", arguments)]), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert request.why.rule == "path.outside"
        face.answer(request, "deny")
        face.wait(ev.TurnEnded)
        assert "denied" in results(server)[-1]


class SlowWrite:
    """Holds the writing of changesets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        write = Checkpointer.write

        def slow(*arguments: Any, **named: Any) -> None:
            self.begun.set()
            self.go_on.wait(20)
            write(*arguments, **named)

        monkeypatch.setattr(Checkpointer, "write", slow)


def test_a_stop_while_files_are_written_tells_what_was_written(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowWrite(monkeypatch)
    replies = Reply(calls=[READ]), Reply(calls=[EDIT]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.link.send(Send("edit"))
        assert slow.begun.wait(20)
        face.link.send(Cancel())
        slow.go_on.set()
        assert face.wait(ev.ChangesetEnded).files[0].path == "a.py"
        assert face.wait(ev.ToolEnded).outcome == "ok"
        assert face.wait(ev.TurnEnded).end == "interrupted"
        assert "LINE 3" in (project / "a.py").read_text()
        face.run("and?")
        assert "applied 2 of 2" in results(server)[-1]


async def test_work_that_must_end_is_waited_for_however_often_it_is_stopped() -> None:
    gate, begun = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        gate.wait(20)

    working = asyncio.ensure_future(asyncio.to_thread(work))
    waiter = asyncio.create_task(finished(working))
    await begun.wait()
    for _ in range(3):
        waiter.cancel()
        await asyncio.sleep(0)
        assert not waiter.done()
    gate.set()
    assert await waiter is True
    assert working.done()


def test_a_text_that_a_stop_hands_back_is_not_said_as_well(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = threading.Event(), threading.Event()
    files: list[asyncio.Future[None]] = []
    hand_back = Agent._hand_back

    async def attach(text: str, *_: object) -> tuple[()]:
        if text == "late":
            files.append(asyncio.get_running_loop().create_future())
            reading.set()
            await files[0]
        return ()

    def handed_back(agent: Agent) -> None:
        hand_back(agent)
        for read in files:
            read.set_result(None)

    monkeypatch.setattr("nanodeck.engine.agent.attach", attach)
    monkeypatch.setattr(Agent, "_hand_back", handed_back)
    first = Reply(calls=[READ], before_end=lambda: go_on.wait(20))
    with ModelServer(first, Reply(["ok"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        face.wait(ev.ModelCallStarted)
        face.link.send(Send("late"))
        face.wait(ev.QueueChanged)
        go_on.set()
        assert reading.wait(20)
        face.link.send(Cancel())
        assert face.wait(ev.TurnEnded).end == "interrupted"
        said = [event.message.text for event in face.events if isinstance(event, ev.MessageSent)]
        back = [event.texts for event in face.events if isinstance(event, ev.QueueReturned)]
    assert ("late" in said, back) == (False, [("late",)])
