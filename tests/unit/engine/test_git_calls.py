"""What the git tool writes is asked about in every mode but yolo, and shown whole."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import ToolDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.repositories import commit, git

COMMIT = ("git_commit", {"message": "Number the lines", "all": True})


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "-q", "-b", "trunk")
    commit(project, {})
    git(project, "config", "user.name", "n")
    git(project, "config", "user.email", "n@example.org")
    (project / "a.py").write_text("other\n")
    return project


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.AUTO_ACCEPT])
def test_a_commit_asks_and_looking_does_not(
    repository: Path, face_of: Callable[..., Face], mode: Mode
) -> None:
    replies = (Reply(calls=[("git_status", {}), COMMIT]), Reply(["done"]))
    with ModelServer(*replies) as server, face_of(server, mode=mode) as face:
        face.link.send(Send("commit it"))
        request = face.request()
        assert isinstance(request.detail, ToolDetail)
        assert request.detail.name == "git"
        assert "Number the lines" in request.detail.arguments
        assert "a.py | 41 +" in request.detail.arguments
        face.answer(request, "once")
        face.wait(ev.TurnEnded)
    ended = [event for event in face.events if isinstance(event, ev.ToolEnded)]
    assert [(event.outcome, event.summary) for event in ended] == [("ok", "2 lines"), ("ok", "ok")]
    log = subprocess.run(["git", "log", "--format=%s"], cwd=repository, capture_output=True, text=True)
    assert log.stdout.split("\n")[0] == "Number the lines"


def test_plan_mode_looks_and_does_not_commit(repository: Path, face_of: Callable[..., Face]) -> None:
    replies = (Reply(calls=[("git_status", {}), COMMIT]), Reply(["done"]))
    with ModelServer(*replies) as server, face_of(server, mode=Mode.PLAN) as face:
        face.run("commit it")
    ended = [event for event in face.events if isinstance(event, ev.ToolEnded)]
    assert [event.outcome for event in ended] == ["ok", "denied"]
