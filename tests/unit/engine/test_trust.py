"""Trust: what a project brings counts once a person said so, and only as it was then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import AddRule, AskTrust, Send, StartSession, SwitchMode
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import TryCommand
from nanodeck.contracts.requests import Choice, Request, TrustDetail
from nanodeck.contracts.rules import CommandTrial, Rule
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.places import Places
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.support.trusting import trust_before

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
        with face_of(server, first=True) as face:
            asked = face.open_request()
            assert files_asked_about(asked) == {
                ".nanodeck/settings.toml": 'append_system_prompt = "canary of settings"\n',
                "AGENTS.md": "canary of instructions\n",
            }
            face.run("hi")
            assert "canary" not in told(server)
        with face_of(server, first=True) as face:
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


def test_rules_of_a_folder_end_with_the_trust_in_it(steering: Path, face_of: FaceOf) -> None:
    (steering / ".nanodeck/settings.toml").write_text('[permissions]\nallow = ["bash(make *)"]\n')
    with ModelServer(Reply(["one"])) as server, face_of(server) as face:
        face.answer(face.open_request(), "once")
        face.run("hi")
        assert tried(face, "make all", Mode.NORMAL)[0] == "allow"
        face.link.send(AskTrust())
        face.answer(face.request(), "deny")
        assert "hold no longer" in face.wait(ev.Noticed, lambda event: event.advice == "/new begins one").text
        assert tried(face, "make all", Mode.NORMAL) == ("ask", "command.unproven")
        face.link.send(StartSession())
        face.run("anew")
        assert tried(face, "make all", Mode.NORMAL) == ("ask", "command.unproven")


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


def is_trusted(folder: Path) -> bool:
    return Trust(Places.from_environment(), folder).trusted


@pytest.mark.parametrize("choice", ["once", "session", "deny"])
def test_the_first_start_in_a_folder_asks_also_where_it_brings_nothing(
    project: Path, face_of: FaceOf, choice: Choice
) -> None:
    with ModelServer(Reply(["one"])) as server:
        with face_of(server, first=True) as face:
            asked = face.open_request()
            assert asked.detail == TrustDetail(str(project))
            assert asked.beside, "work goes on without an answer"
            session = face.state.session
            face.answer(asked, choice)
            if choice == "deny":
                assert face.wait(ev.Noticed).advice == "/trust asks again"
            face.run("hi")
            assert (face.state.session, face.state.requests) == (session, ())
        with face_of(server, first=True) as face:
            if choice == "once":
                face.link.send(AskTrust())
                assert face.request().detail == TrustDetail(str(project), trusted=True, wanted=True)
            else:
                assert face.open_request().detail == TrustDetail(str(project)), "it was for that session"
    assert is_trusted(project) is (choice == "once")


def test_a_folder_inside_a_trusted_repository_is_trusted_and_a_repository_inside_is_not(
    project: Path, face_of: FaceOf
) -> None:
    inner, other = project / "src", project / "vendor" / "lib"
    for made in (project / ".git", inner, other / ".git"):
        made.mkdir(parents=True)
    trust_before(inner)
    assert is_trusted(project)
    assert not is_trusted(other)
    assert not is_trusted(project.parent)


@pytest.mark.parametrize(
    ("home", "caution"), [("project", "your home folder"), ("project/me", "your home"), ("elsewhere", "")]
)
def test_trusting_a_home_folder_and_more_is_said_to_be_unusual(
    project: Path, monkeypatch: pytest.MonkeyPatch, home: str, caution: str
) -> None:
    monkeypatch.setenv("HOME", str(project.parent / home))
    detail = Trust(Places.from_environment(), project).question(())
    assert detail is not None
    assert caution in detail.caution
    assert bool(detail.caution) is bool(caution)


def test_where_nobody_is_asked_an_untrusted_folder_is_not_worth_a_word(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["one"])) as server, face_of(server, first=True, headless=True) as face:
        face.run("hi")
        assert "Noticed" not in face.names
        assert "RequestOpened" not in face.names


async def _ask(face: Face, query: TryCommand) -> CommandTrial:
    return await face.link.ask(query)


def tried(face: Face, command: str, mode: Mode) -> tuple[str, str]:
    """What would be decided on a command, and by which rule."""
    why = asyncio.run(_ask(face, TryCommand(command, mode))).why
    return why.verdict, why.rule


def test_what_may_run_programs_of_a_folder_asks_until_it_is_trusted(
    face_of: FaceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = SandboxState(2, "bubblewrap")
    monkeypatch.setattr("nanodeck.engine.calls.confining.tried_here", lambda cache: held)
    with ModelServer() as server, face_of(server, first=True) as face:
        asked = face.open_request()
        assert tried(face, "make all", Mode.AUTO_ACCEPT) == ("ask", "trust")
        assert tried(face, "ls && ./run", Mode.AUTO_ACCEPT) == ("ask", "trust")
        assert tried(face, "ls", Mode.AUTO_ACCEPT)[0] == "allow"
        assert tried(face, "make all", Mode.NORMAL) == ("ask", "command.unproven")
        assert tried(face, "make all", Mode.YOLO) == ("allow", "mode.yolo")
        face.link.send(AddRule(Rule("allow", "bash(make *)", scope="session")))
        face.wait(ev.RuleAdded)
        assert tried(face, "make all", Mode.AUTO_ACCEPT)[0] == "allow", "the person's own rule"
        face.answer(asked, "session")
        face.wait(ev.RequestClosed)
        face.link.send(SwitchMode(Mode.AUTO_ACCEPT))
        face.wait(ev.ModeSwitched)
        assert tried(face, "./run", Mode.AUTO_ACCEPT) == ("allow", "mode.auto-accept")
        face.link.send(AskTrust())
        face.answer(face.request(), "deny")
        face.wait(ev.Noticed)
        assert tried(face, "./run", Mode.AUTO_ACCEPT) == ("ask", "trust"), (
            "what was trusted can be taken back"
        )


@pytest.mark.parametrize(
    ("start", "verdict"),
    [({}, "ask"), ({"mode": Mode.AUTO_ACCEPT}, "allow"), ({"trust": True}, "allow")],
    ids=["as set", "a mode named", "trusted by a flag"],
)
def test_without_a_screen_the_mode_that_was_named_is_enough(
    face_of: FaceOf, monkeypatch: pytest.MonkeyPatch, start: dict[str, Any], verdict: str
) -> None:
    held = SandboxState(2, "bubblewrap")
    monkeypatch.setattr("nanodeck.engine.calls.confining.tried_here", lambda cache: held)
    with ModelServer() as server, face_of(server, first=True, headless=True, **start) as face:
        assert tried(face, "make all", Mode.AUTO_ACCEPT)[0] == verdict


def test_no_rule_is_kept_in_a_project_that_is_not_trusted_though_it_has_none(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer() as server, face_of(server, first=True) as face:
        face.link.send(AddRule(Rule("allow", "bash(make *)", scope="project")))
        assert "is not trusted" in face.wait(ev.Noticed).text
    assert not (project / ".nanodeck").exists()
    assert not is_trusted(project)


def test_what_is_trusted_for_a_session_takes_back_what_was_trusted_for_good(
    steering: Path, face_of: FaceOf
) -> None:
    with ModelServer() as server:
        with face_of(server) as face:
            face.answer(face.open_request(), "once")
            face.wait(ev.RequestClosed)
            face.link.send(AskTrust())
            face.answer(face.request(), "session")
            face.link.send(AskTrust())
            face.request()
        with face_of(server, first=True) as face:
            asked = face.open_request().detail
            assert isinstance(asked, TrustDetail)
            assert not asked.trusted


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
