"""Rules in a session: what they let through, where they are kept, and why a call ran."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Decide, Send
from nanodeck.contracts.requests import Answer, Choice
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def bash(command: str) -> tuple[str, dict[str, str]]:
    return "bash", {"command": command}


@pytest.mark.parametrize("scope", ["session", "project", "user"])
def test_an_answer_with_a_rule_holds_for_what_it_covers(
    project: Path, face_of: FaceOf, scope: Choice
) -> None:
    commands = ("touch a", "touch b", "touch c; mkdir d")
    with (
        ModelServer(*(Reply(calls=[bash(command)]) for command in commands), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert request.suggestion == "bash(touch *)"
        face.link.send(Decide(request.id, Answer(scope, rule=request.suggestion)))
        asked = face.wait(ev.ToolEnded).why
        assert asked
        assert asked.verdict == "ask"
        allowed = face.wait(ev.ToolEnded).why
        assert allowed
        assert (allowed.verdict, allowed.rule) == ("allow", "bash(touch *)")
        assert bool(allowed.file) is (scope != "session")
        compound = face.request()
        assert compound.suggestion == "bash(touch *)\nbash(mkdir *)"
        face.answer(compound, "deny")
        face.wait(ev.TurnEnded)
        assert not (project / "c").exists()
