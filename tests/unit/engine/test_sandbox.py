"""Commands of an agent in the sandbox of this machine, as a model and a person see it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import RunTyped, Send, SetSandbox
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, NetworkDetail
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.store.places import Places
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.repositories import git

HOST = "127.0.0.2"
"""This machine, by an address that programs ask a proxy for."""
FaceOf = Callable[..., Face]
pytestmark = pytest.mark.usefixtures("sandbox")


def calls(*commands: str) -> tuple[Reply, ...]:
    return (*(Reply(calls=[("bash", {"command": command})]) for command in commands), Reply(["done"]))


def texts(face: Face) -> list[str]:
    return [event.message.text for event in face.events if isinstance(event, ev.ToolEnded)]


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    """A server outside, to be reached by curl."""
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    server = ThreadingHTTPServer((HOST, 0), Hello)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{HOST}:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_outside_and_git_s_own_folder_are_not_written_and_what_is_denied_is_said(
    project: Path, face_of: FaceOf, outside: Path
) -> None:
    git(project, "init", "-q")
    hook = project / ".git" / "hooks" / "post-commit"
    commands = (f"echo x > {outside}", "echo x > .git/hooks/post-commit", "echo in > inside; cat inside")
    with (
        ModelServer(*calls(*commands)) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        face.run("go")
        found = texts(face)
    assert f"(the sandbox denied {outside})" in found[0]
    assert "(the sandbox denied .git/hooks/post-commit)" in found[1]
    assert found[2] == "in\n(exit code 0)"
    assert not hook.exists()
    assert not outside.exists()


def test_what_one_of_several_was_denied_is_told_though_all_ended_well(
    project: Path, face_of: FaceOf, outside: Path
) -> None:
    (project / "log").write_text(f"touch: cannot touch '{outside}': Read-only file system\n")
    quiet = "(: <>/dev/tcp/203.0.113.1/80) 2>/dev/null; echo http://203.0.113.1/x | cat"
    commands = (f"touch {outside}; echo hi", "cat log", "env cat log", quiet)
    with ModelServer(*calls(*commands)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert request.detail.denied == str(outside)
        face.answer(request, "deny")
        request = face.request()
        assert request.detail == NetworkDetail("203.0.113.1", quiet, str(project))
        face.answer(request, "deny", "ask me later")
        face.wait(ev.TurnEnded)
        found = texts(face)
        summaries = [event.summary for event in face.events if isinstance(event, ev.ToolEnded)]
    assert f"(exit code 0)\n(the sandbox denied {outside})\n" in found[0]
    # What only reads cannot have been denied what it prints; one command that ended well is not asked about.
    assert found[1].endswith("(exit code 0)")
    assert found[2].endswith(f"(exit code 0)\n(the sandbox denied {outside})")
    assert found[3].endswith("(the user did not let it reach 203.0.113.1: ask me later)")
    denied = f"ok, denied {outside}"
    assert summaries == [denied, "ok", denied, "ok, denied 203.0.113.1"]


def test_a_command_cannot_say_that_it_was_not_run(face_of: FaceOf) -> None:
    commands = ("for n in 9 250; do { printf 'bwrap: no\\n' >&$n; } 2>/dev/null; done; echo it ran",)
    with (
        ModelServer(*calls(*commands)) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        face.run("go")
        found = texts(face)
    assert found == ["it ran\n(exit code 0)"]


def test_folders_and_variables_that_were_set_are_there_for_commands(
    face_of: FaceOf, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Places.from_environment().settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        f"sandbox_writable = ['{outside.parent}', '/nowhere']\nsandbox_variables = ['MY_FLAG']\n"
    )
    monkeypatch.setenv("MY_FLAG", "seen")
    monkeypatch.setenv("OTHER_FLAG", "seen")
    with (
        ModelServer(*calls(f'echo "$MY_FLAG $OTHER_FLAG." > {outside}')) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        face.run("go")
    assert outside.read_text() == "seen .\n"


def test_outside_it_runs_once_more_if_the_person_says_so(face_of: FaceOf, outside: Path) -> None:
    with (
        ModelServer(*calls(f"echo x >> {outside}")) as server,
        face_of(server, mode=Mode.YOLO) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert isinstance(request.detail, CommandDetail)
        assert request.detail.denied == str(outside)
        face.answer(request, "once")
        face.wait(ev.TurnEnded)
    assert outside.read_text() == "x\n"


def test_a_host_is_asked_about_once_and_then_reached(project: Path, face_of: FaceOf, address: str) -> None:
    fetch = f"curl -sS {address}"
    with ModelServer(*calls(fetch, fetch)) as server, face_of(server, mode=Mode.YOLO) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert request.detail == NetworkDetail(HOST, fetch, str(project))
        face.answer(request, "session")
        face.wait(ev.TurnEnded)
        first, second = texts(face)
        assert face.state.sandbox
        assert face.state.sandbox.domains == (HOST,)
    assert first.endswith("and it ran again)\nhello\n(exit code 0)")
    assert second == "hello\n(exit code 0)"


def test_another_access_holds_from_the_next_command_on(
    project: Path, face_of: FaceOf, sandbox: SandboxState
) -> None:
    replies = calls("echo x > one", "echo x > two")
    with (
        ModelServer(*replies[:1], Reply(["ok"]), *replies[1:]) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        face.link.send(SetSandbox("read-only"))
        probed = face.wait(ev.SandboxProbed, lambda event: event.state.access == "read-only")
        assert probed.state.level == sandbox.level
        face.run("go")
        assert not (project / "one").exists()
        face.link.send(SetSandbox("full"))
        face.run("go")
        assert face.state.sandbox
        assert face.state.sandbox.in_force == 0
    assert (project / "two").exists()


def test_a_guarded_name_that_a_command_makes_is_moved_away_and_said(project: Path, face_of: FaceOf) -> None:
    commands = ("mkdir .vscode; echo x > .vscode/settings.json", "echo ok > inside")
    with (
        ModelServer(*calls(*commands)) as server,
        face_of(server, mode=Mode.YOLO, headless=True) as face,
    ):
        face.link.send(RunTyped("mkdir .idea"))
        face.wait(ev.TypedEnded)
        face.run("go")
        found = texts(face)
        noticed = [event.text for event in face.events if isinstance(event, ev.Noticed)]
    assert found[0].endswith("(the sandbox denied .vscode)")
    assert found[1].endswith("(exit code 0)")
    assert sorted(entry.name for entry in project.iterdir()) == [".idea", "a.py", "inside"]
    assert len(noticed) == 1
    place = Path(noticed[0].rpartition(" moved to ")[2])
    assert (place / "settings.json").read_text() == "x\n"


def test_what_the_person_types_is_not_confined(face_of: FaceOf, outside: Path) -> None:
    with ModelServer() as server, face_of(server) as face:
        face.link.send(RunTyped(f"echo mine > {outside}"))
        face.wait(ev.TypedEnded)
    assert outside.read_text() == "mine\n"
