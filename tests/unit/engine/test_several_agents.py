"""A8: agents of one session ask at once; a request is its agent's own, an answer reaches it alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from nanodeck.engine.thread import EngineThread
from tests.support.agents import start_agent
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
READ = ("read", {"path": "a.py"})


def edit(line: int) -> tuple[str, dict[str, object]]:
    return (
        "edit",
        {"path": "a.py", "edits": [{"old_string": f"line {line}\n", "new_string": f"LINE {line}\n"}]},
    )


def request_of(face: Face, agent: str) -> Request:
    return face.wait(ev.RequestOpened, lambda event: event.request.agent == agent).request


def waiting(face: Face) -> list[str]:
    return [request.agent for request in face.state.requests]


def test_a8_two_reviews_of_one_file_wait_beside_a_command_and_each_is_answered_alone(
    project: Path, face_of: FaceOf
) -> None:
    replies = (
        Reply(calls=[READ]),
        Reply(calls=[edit(3)]),
        Reply(calls=[edit(30)]),
        Reply(calls=[("bash", {"command": "env echo from lint"})]),
        Reply(["done"]),
    )
    with ModelServer(*replies) as server, face_of(server) as face:
        start_agent(face.link, "tests-1")
        first = request_of(face, "tests-1")
        start_agent(face.link, "docs-1")
        second = request_of(face, "docs-1")
        start_agent(face.link, "lint-1")
        third = request_of(face, "lint-1")
        assert waiting(face) == ["tests-1", "docs-1", "lint-1"]
        assert isinstance(third.detail, CommandDetail)
        own = {review.changeset.id: review for review in face.state.reviews}
        for request, agent, line in ((first, "tests-1", "LINE 3"), (second, "docs-1", "LINE 30")):
            assert isinstance(request.detail, ReviewDetail)
            review = own[request.detail.changeset]
            assert (review.agent, review.state, review.request) == (agent, "asking", request.id)
            assert f"+{line}" in review.changeset.files[0].hunks[0].body.split("\n")
        face.review(second, ("a.py", 1, "accepted"))
        face.wait(ev.TurnEnded)
        assert waiting(face) == ["tests-1", "lint-1"]
        face.answer(third, "deny", "not now")
        face.wait(ev.TurnEnded)
        assert "not now" in server.bodies[-1].decode()
        assert waiting(face) == ["tests-1"]
        face.review(first, ("a.py", 1, "accepted"))
        face.wait(ev.TurnEnded)
        text = (project / "a.py").read_text()
        assert "LINE 3\n" in text
        assert "LINE 30\n" in text


def test_a8_a_request_is_withdrawn_with_its_agent_and_the_others_stay(project: Path, face_of: FaceOf) -> None:
    def run(command: str) -> Reply:
        return Reply(calls=[("bash", {"command": command})])

    replies = run("env echo a"), run("env echo b"), Reply(["done"])
    with ModelServer(*replies) as server, face_of(server) as face:
        first = start_agent(face.link, "tests-1")
        gone = request_of(face, "tests-1")
        start_agent(face.link, "docs-1")
        left = request_of(face, "docs-1")
        assert isinstance(face.link, EngineThread)
        loop = face.link._loop
        loop.call_soon_threadsafe(lambda: loop.create_task(first.cancel()))
        assert face.wait(ev.RequestClosed).request == gone.id
        assert waiting(face) == ["docs-1"]
        face.answer(gone, "once")
        face.answer(left, "once")
        assert face.wait(ev.RequestClosed).request == left.id
        face.wait(ev.ToolEnded, lambda event: event.title == "bash env echo b")
        face.wait(ev.TurnEnded)
        started = [event.title for event in face.events if isinstance(event, ev.ToolStarted)]
        assert started == ["bash env echo b"]
