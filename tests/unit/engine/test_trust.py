"""Trust: what a project brings counts once a person said so, and only as it was then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AskTrust, Send, StartSession
from nanodeck.contracts.requests import Request, TrustDetail
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]


@pytest.fixture
def steering(project: Path) -> Path:
    """A project that brings settings and instructions."""
    (project / ".nanodeck").mkdir()
    (project / ".nanodeck/settings.toml").write_text('append_system_prompt = "canary of settings"\n')
    (project / "AGENTS.md").write_text("canary of instructions\n")
    return project


def files_asked_about(request: Request) -> dict[str, str]:
    assert isinstance(request.detail, TrustDetail)
    return {file.path: file.text for file in request.detail.files}


def told(server: ModelServer) -> str:
    return str(server.requests[-1]["messages"])


def test_nothing_counts_until_it_is_trusted_and_then_it_does_for_good(
    steering: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"]), Reply(["three"])) as server:
        with face_of(server) as face:
            asked = face.open_request()
            assert files_asked_about(asked) == {
                ".nanodeck/settings.toml": 'append_system_prompt = "canary of settings"\n',
                "AGENTS.md": "canary of instructions\n",
            }
            face.run("hi")
            assert "canary" not in told(server)
        with face_of(server) as face:
            face.answer(face.open_request(), "once")
            face.run("hi")
            assert "canary of settings" in told(server)
            assert "canary of instructions" in told(server)
        with face_of(server) as face:
            face.run("hi")
            assert face.state.requests == ()
            assert told(server).count("canary") == 2


def test_what_is_wrong_in_trusted_settings_is_told_at_once(steering: Path, face_of: FaceOf) -> None:
    settings = steering / ".nanodeck/settings.toml"
    settings.write_text('[permissions]\nallow = ["bash(mak*)"]\n')
    with ModelServer(Reply(["one"])) as server, face_of(server) as face:
        face.answer(face.open_request(), "once")
        assert face.wait(ev.Noticed).text.startswith(f"{settings}:2: 'bash(mak*)'")


def test_a_change_asks_again_and_shows_what_is_different(steering: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"])) as server:
        with face_of(server) as face:
            face.answer(face.open_request(), "once")
            face.run("hi")
        (steering / "AGENTS.md").write_text("canary of instructions\nand a worm\n")
        with face_of(server) as face:
            (changed,) = files_asked_about(face.open_request()).items()
            assert changed[0] == "AGENTS.md"
            assert "+and a worm" in changed[1]
            assert "-canary" not in changed[1]
            face.run("hi")
            assert "worm" not in told(server)
            assert "canary of settings" in told(server)
            face.answer(face.state.requests[0], "deny")
            assert face.wait(ev.Noticed).text == "does not count in this session: AGENTS.md"
        with face_of(server) as face:
            assert list(files_asked_about(face.open_request())) == ["AGENTS.md"], "the rest is trusted still"


def test_trust_for_a_session_is_not_kept(steering: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"])) as server:
        with face_of(server) as face:
            face.answer(face.open_request(), "session")
            face.run("hi")
            assert "canary of settings" in told(server)
        with face_of(server) as face:
            assert len(files_asked_about(face.open_request())) == 2


def test_a_no_is_said_and_can_be_taken_back_and_so_can_a_yes(steering: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"]), Reply(["three"])) as server, face_of(server) as face:
        face.answer(face.open_request(), "deny")
        assert ".nanodeck/settings.toml, AGENTS.md" in face.wait(ev.Noticed).text
        face.run("hi")
        assert "canary" not in told(server)
        face.link.send(AskTrust())
        face.answer(face.request(), "once")
        assert "from the next session on" in face.wait(ev.Noticed).text
        face.run("again")
        assert "canary of instructions" in told(server), "what is trusted in mid-session is told"
        face.link.send(StartSession())
        face.run("anew")
        assert "canary of settings" in told(server)
        face.link.send(AskTrust())
        again = face.request()
        assert set(files_asked_about(again).values()) == {""}, "known files need not be read again"
        face.answer(again, "deny")
        face.wait(ev.Noticed)
    with face_of(server) as face:
        assert len(files_asked_about(face.open_request())) == 2


def test_where_nobody_can_be_asked_settings_do_not_count_unless_the_start_says_so(
    steering: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"])) as server:
        with face_of(server, headless=True) as face:
            assert ".nanodeck/settings.toml" in face.wait(ev.Noticed).text
            face.run("hi")
            assert "canary of settings" not in told(server)
            assert face.state.requests == ()
        with face_of(server, headless=True, trust=True) as face:
            face.run("hi")
            assert "canary of settings" in told(server)
        with face_of(server) as face:
            assert face.open_request(), "a flag is for its own start"


def test_a_folder_that_brings_nothing_is_not_asked_about(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["one"])) as server, face_of(server) as face:
        face.run("hi")
        assert face.state.requests == ()
        face.link.send(AskTrust())
        assert face.wait(ev.Noticed).text == "nothing in this folder steers nanodeck"


def test_what_changes_between_the_question_and_the_answer_is_not_trusted(
    steering: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["one"])) as server, face_of(server) as face:
        asked = face.open_request()
        (steering / "AGENTS.md").write_text("a worm\n")
        face.answer(asked, "once")
        face.wait(ev.RequestOpened, lambda event: "+a worm" in str(files_asked_about(event.request)))
        face.link.send(Send("hi"))
        face.wait(ev.TurnEnded)
        assert "worm" not in told(server)


def test_a_session_whose_folder_is_reached_by_a_link_now_trusts_no_more(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"])) as server:
        with face_of(server) as face:
            face.run("hi")
            session = face.state.session
        moved = project.rename(project.with_name("moved"))
        project.symlink_to(moved)
        (moved / ".nanodeck").mkdir()
        (moved / ".nanodeck/settings.toml").write_text('append_system_prompt = "canary of settings"\n')
        with face_of(server, resume=session) as face:
            assert set(files_asked_about(face.open_request())) == {".nanodeck/settings.toml"}
            face.run("hi")
            assert "canary" not in told(server)
