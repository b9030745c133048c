"""Runs without a screen, as a process: what is on stdout, on stderr, and the exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nanodeck.contracts.text import show_controls
from tests.support import hostile
from tests.support.model_server import ModelServer, Reply

PATIENCE = 60
LOOK_AGAIN = 0.01
FULL = Path("/dev/full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    (made / "a.txt").write_text("hello\n")
    return made


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nanodeck", *arguments]


def run(
    server: ModelServer, folder: Path, *arguments: str, piped: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **server.environment(folder.parent / "home")}
    return subprocess.run(
        command("--cwd", str(folder), *arguments),
        env=environment,
        input=piped,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


WRITE = ("write", {"path": "b.txt", "content": "new\n"})
BASH = ("bash", {"command": "env echo ran"})
READ = ("read", {"path": "a.txt"})


def test_stdout_carries_only_the_answer(folder: Path) -> None:
    with ModelServer(Reply(["I look."], calls=[READ]), Reply(["The ", "answer."])) as server:
        done = run(server, folder, "-p", "hi")
    assert (done.returncode, done.stdout) == (0, "The answer.\n")
    assert "read a.txt" in done.stderr


def test_what_is_mentioned_is_said_to_be_attached_or_not(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server:
        done = run(server, folder, "-p", "see @a.txt and @none.txt")
    assert "attached a.txt: 1 line" in done.stderr
    assert "not attached: none.txt: there is no such file" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_an_answer_that_cannot_be_written_is_an_error(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server, FULL.open("wb") as full:
        done = subprocess.run(
            command("-p", "hi", "--cwd", str(folder)),
            env={**os.environ, **server.environment(folder.parent / "home")},
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "nanodeck: the answer cannot be written: No space left on device\n"


def test_quiet_says_nothing_on_stderr(folder: Path) -> None:
    with ModelServer(Reply(calls=[READ]), Reply(["ok"])) as server:
        assert run(server, folder, "run", "hi", "--quiet").stderr == ""


def test_piped_text_is_added_to_the_prompt(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server:
        run(server, folder, "-p", "explain", piped="a traceback\n")
        assert server.requests[0]["messages"][-1]["content"].endswith("explain\n\na traceback")


def test_json_is_one_object_with_everything(folder: Path) -> None:
    replies = Reply(calls=[WRITE, READ], reasoning=["hm"]), Reply(["done"])
    with ModelServer(*replies) as server:
        done = run(server, folder, "-p", "go", "--output-format", "json", "--mode", "auto-accept")
    result = json.loads(done.stdout)
    assert (result["kind"], result["exitCode"], result["finalText"]) == ("success", 0, "done")
    assert result["filesChanged"] == ["b.txt"]
    assert result["reasoning"] == "hm"
    assert [call["name"] for call in result["toolCalls"]] == ["write", "read"]
    assert "hello" in result["toolCalls"][1]["result"]
    assert result["usage"]["input"] == 200
    assert result["sessionId"]


def test_events_come_one_a_line(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server:
        done = run(server, folder, "-p", "hi", "--output-format", "stream-json")
    events = [json.loads(line)["event"]["type"] for line in done.stdout.splitlines()]
    assert events[0] == "TurnStarted"
    assert events[-1] == "TurnEnded"


def test_an_approval_nobody_can_give_is_exit_2_and_nothing_happened(folder: Path) -> None:
    with ModelServer(Reply(calls=[WRITE]), Reply(["never"])) as server:
        done = run(server, folder, "-p", "go", "--output-format", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["kind"] == "tool-approval-required"
    assert "approval" in done.stderr
    assert not (folder / "b.txt").exists()


PLAN = "# Plan\n\n1. look"
HAND_IN = ("plan", {"text": PLAN})


def test_in_plan_mode_the_plan_is_the_answer(folder: Path) -> None:
    with ModelServer(Reply(calls=[HAND_IN])) as server:
        done = run(server, folder, "-p", "go", "--mode", "plan")
        told = run(server, folder, "-p", "go", "--mode", "plan", "--output-format", "json")
    assert (done.returncode, done.stdout) == (0, f"{PLAN}\n")
    result = json.loads(told.stdout)
    assert (result["kind"], result["finalText"]) == ("success", PLAN)
    assert Path(result["planFile"]).read_text() == f"{PLAN}\n"


def test_a_plan_the_model_made_on_its_own_needs_an_approval(folder: Path) -> None:
    replies = Reply(calls=[("plan", {})]), Reply(calls=[HAND_IN]), Reply(["never"])
    with ModelServer(*replies) as server:
        done = run(server, folder, "-p", "go")
    assert (done.returncode, done.stdout) == (2, f"{PLAN}\n")
    assert "the plan needs an approval" in done.stderr
    assert "--mode plan makes the plan the answer" in done.stderr


def test_yolo_runs_commands(folder: Path) -> None:
    with ModelServer(Reply(calls=[BASH]), Reply(["ok"])) as server:
        assert run(server, folder, "-p", "go", "--accept-all").returncode == 0
        assert "ran" in server.requests[1]["messages"][-1]["content"]


def test_an_error_is_exit_1_with_what_to_do(folder: Path) -> None:
    with ModelServer(Reply(status=401)) as server:
        done = run(server, folder, "-p", "hi")
    assert (done.returncode, done.stdout) == (1, "")
    assert "key" in done.stderr
    assert done.stderr.count("scripted failure") == 1


def test_an_error_is_said_when_everything_else_is_not(folder: Path) -> None:
    with ModelServer(Reply(status=401)) as server:
        assert run(server, folder, "-p", "hi", "--quiet").stderr.count("scripted failure") == 1


def test_a_session_goes_on_with_c_and_r(folder: Path) -> None:
    with ModelServer(Reply(["one"]), Reply(["two"]), Reply(["three"])) as server:
        first = json.loads(run(server, folder, "-p", "first", "--output-format", "json").stdout)
        run(server, folder, "-c", "-p", "second")
        run(server, folder, f"-r={first['sessionId']}", "-p", "third")
        said = [m["content"] for m in server.requests[2]["messages"] if m["role"] == "user"]
    assert said[0].endswith("first")
    assert said[1:] == ["second", "third"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--mode", "fast"],
        ["--max-turns", "0"],
        ["--max-turns", "x"],
        ["--output-format", "xml", "-p", "hi"],
        ["--cwd", "/nonexistent/folder"],
        ["--no-such-flag"],
        ["--accept-all", "--mode", "plan"],
        ["doctor", "now"],
        ["-m", "", "-p", "hi"],
        ["-r", "-p", "hi"],
        ["--tools", "read,fly", "-p", "hi"],
        ["--system-prompt", "missing.md", "-p", "hi"],
        ["--output-format", "json"],
    ],
)
def test_wrong_arguments_are_one_line_and_exit_64(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        command(*arguments),
        env={**os.environ, "NANODECK_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr.startswith("nanodeck: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "home").exists()


def test_the_word_of_a_command_is_sent_after_a_double_dash(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server:
        run(server, folder, "-p", "--", "run")
        assert server.requests[0]["messages"][-1]["content"].endswith("run")


def test_an_interrupt_stops_the_command_and_is_exit_130(folder: Path) -> None:
    slow = ("bash", {"command": "echo begun > started; exec sleep 60"})
    with ModelServer(Reply(calls=[slow]), Reply(["never"])) as server:
        process = subprocess.Popen(
            command("-p", "go", "--accept-all", "--verbose", "--cwd", str(folder)),
            env={**os.environ, **server.environment(folder.parent / "home")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            while not (folder / "started").exists():
                assert process.poll() is None
                time.sleep(LOOK_AGAIN)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in error


def test_keys_appear_nowhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789abcdef")
    show = ("bash", {"command": "env"})
    with ModelServer(Reply(calls=[show]), Reply(status=401)) as server:
        done = run(server, folder, "-p", "go", "--accept-all", "--output-format", "stream-json", "--verbose")
    assert "canary" not in done.stdout + done.stderr
    for path in (folder.parent / "home").rglob("*"):
        if path.is_file():
            assert b"canary" not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0
        else:
            assert path.stat().st_mode & 0o077 == 0


def test_a_setting_that_is_wrong_is_said_with_its_place(folder: Path) -> None:
    home = folder.parent / "home"
    home.mkdir()
    (home / "settings.toml").write_text('max_turns = "many"\n')
    with ModelServer(Reply(["ok"])) as server:
        done = run(server, folder, "-p", "hi")
    assert (done.returncode, done.stdout) == (0, "ok\n")
    assert f"{home}/settings.toml:1: max_turns" in done.stderr


def test_json_is_one_object_also_when_nothing_can_be_run(folder: Path) -> None:
    with ModelServer(Reply(["ok"])) as server:
        done = run(server, folder, "-p", "hi", "-r=20200101-000000-00000000", "--output-format", "json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["kind"], result["exitCode"]) == (1, "error", 1)
    assert "20200101" in result["error"]
    assert "20200101" in done.stderr


@pytest.mark.parametrize("face", [("-p", "go"), ("--plain",)], ids=["headless", "in lines"])
def test_f18_nothing_but_text_is_printed(folder: Path, face: tuple[str, ...]) -> None:
    hostile.plant(folder)
    with ModelServer(*hostile.turn()) as server:
        done = run(
            server, folder, *face, "--mode", "yolo", "--trust-directory", piped=f"go {hostile.HOSTILE}\n"
        )
    said = done.stdout + done.stderr
    assert "[red]odd[/red] $x" in said
    assert said == show_controls(said)
