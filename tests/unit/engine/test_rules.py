"""Rules in a session: what they let through, where they are kept, and why a call ran."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AddRule, Decide, DeleteRule, Send
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.rules import Rule
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def bash(command: str) -> tuple[str, dict[str, str]]:
    return "bash", {"command": command}


@pytest.mark.parametrize("scope", ["session", "project", "user"])
def test_an_answer_with_a_rule_holds_for_what_it_covers(
    project: Path, home: Path, face_of: FaceOf, scope: str
) -> None:
    with (
        ModelServer(
            Reply(calls=[bash("touch a")]),
            Reply(calls=[bash("touch b")]),
            Reply(calls=[bash("touch c; mkdir d")]),
            Reply(["ok"]),
        ) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert request.suggestion == "bash(touch *)"
        face.link.send(Decide(request.id, Answer(scope, rule=request.suggestion)))
        first = face.wait(ev.ToolEnded)
        second = face.wait(ev.ToolEnded)
        assert first.why and first.why.verdict == "ask"
        assert second.why and (second.why.verdict, second.why.rule) == ("allow", "bash(touch *)")
        assert bool(second.why.file) is (scope != "session")
        compound = face.request()
        assert compound.suggestion == "bash(mkdir *)"
        face.answer(compound, "deny")
        face.wait(ev.TurnEnded)
