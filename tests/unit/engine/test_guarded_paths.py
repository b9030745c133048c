"""Which paths ask and which are refused, by the table, also where edits are applied unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import ToolDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


def write(path: str) -> tuple[str, dict[str, str]]:
    return ("write", {"path": path, "content": "new\n"})


def test_auto_accept_asks_about_what_steers_agents_and_refuses_the_decks_own(
    project: Path, face_of: FaceOf
) -> None:
    (project / ".env").write_text("KEY=canary\n")
    server = ModelServer(
        Reply(calls=[write(".nanodeck/settings.toml"), write(".git/hooks/pre-commit"), write("src/a.py")]),
        Reply(calls=[write("CLAUDE.md")]),
        Reply(calls=[("read", {"path": ".env"})]),
        Reply(["done"]),
    )
    with server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.link.send(Send("go"))
        review = face.request()
        assert review.why.reason == "CLAUDE.md is settings or instructions of agents"
        assert (project / "src/a.py").read_text() == "new\n"
        assert not (project / ".nanodeck").exists()
        assert not (project / "CLAUDE.md").exists()
        face.answer(review, "deny")
        reading = face.request()
        assert isinstance(reading.detail, ToolDetail)
        assert reading.why.reason == ".env is a file that holds secrets"
        face.answer(reading, "deny")
        face.wait(ev.TurnEnded)
        assert not (project / "CLAUDE.md").exists()
        told = str(server.requests[-1]["messages"])
        assert "canary" not in told
        assert "nanodeck's own, which only the user changes" in told
