"""A command that asks comes with what it will really do, as far as that is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Send
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import DescribeCommand
from nanodeck.contracts.requests import CommandDetail, Writes
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def detail_of(face: Face) -> tuple[str, CommandDetail]:
    request = face.request()
    assert isinstance(request.detail, CommandDetail)
    return request.id, request.detail


def test_parts_environment_sandbox_and_files_are_told(
    project: Path, face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    command = f"mkdir -p 'a b' && pytest > out.log 2> {project.parent}/err.log"
    with ModelServer(Reply(calls=[("bash", {"command": command})])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        _, detail = detail_of(face)
        assert [[word.text for word in part.words] for part in detail.parts] == [
            ["mkdir", "-p", "a b"],
            ["pytest"],
        ]
        assert detail.writes == Writes(("a b", "out.log", f"{project.parent}/err.log"), (), "pytest")
        assert detail.sandbox.startswith("none")
        assert detail.environment is not None
        assert "OPENAI_API_KEY" in detail.environment.lacks
        assert "PAGER=cat" in detail.environment.sets
        assert "sk-canary" not in repr(detail)


def test_an_edited_command_is_described_as_long_as_its_request_is_open(
    project: Path, face_of: FaceOf
) -> None:
    replies = Reply(calls=[("bash", {"command": "rm -rf $X", "background": True})]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request, detail = detail_of(face)
        assert detail.writes == Writes((), ("$X",), "$X")
        edited = asyncio.run(face.link.ask(DescribeCommand(request, "rm -rf x")))
        assert edited.writes == Writes((), ("x",))
        assert (edited.command, edited.folder, edited.background) == ("rm -rf x", str(project), True)
        face.link.send(Cancel())
        face.wait(ev.RequestClosed)
        with pytest.raises(NanodeckError, match="closed"):
            asyncio.run(face.link.ask(DescribeCommand(request, "rm -rf x")))
