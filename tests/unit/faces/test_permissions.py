"""`nanodeck permissions check`: what would happen to commands, asked by a person or a program."""

from __future__ import annotations

import errno
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from nanodeck.cli import main
from nanodeck.contracts.modes import Mode
from nanodeck.store.places import Places


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a person who has none."""
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "home"))


def check(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str, stdin: bytes = b"") -> int:
    """The exit code of `nanodeck permissions check` in `folder`."""
    monkeypatch.setattr(sys, "argv", ["nanodeck", "permissions", "check", "--cwd", str(folder), *arguments])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    return main()


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_person_reads_what_would_happen_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(monkeypatch, tmp_path, "ls && rm x", "echo \x1b[2J") == 0
    assert capsys.readouterr().out.splitlines() == [
        "ask    ls && rm x",
        "       rm deletes files (in: rm x) (command.unproven)",
        "ask    echo ␛[2J",
        "       holds characters that do not show (in: echo ␛[2J) (command.unclear)",
    ]


def test_a_program_asks_in_lines_and_is_answered_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        *(b'{"command": "ls"}\r', b"", b"[]", b"{", b'{"command": 1}', b'{"command": "rm -rf / \\ud800"}'),
        *(b"[" * 100_000, b"\0", b'\xef\xbb\xbf{"command": "ls \\u0000"}', b'{"command": "ls"}'),
    ]
    assert check(monkeypatch, tmp_path, stdin=b"\n".join(lines)) == 0
    said = answers(capsys)
    assert [each["verdict"] for each in said] == ["allow", *["ask"] * 3, "deny", *["ask"] * 3, "allow"]
    assert set(said[0]) == {"command", "verdict", "reason", "rule"}
    assert said[4]["command"] == "rm -rf / \ud800"


@pytest.mark.parametrize("mode", Mode)
def test_what_nobody_wants_is_denied_in_every_mode(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check(monkeypatch, tmp_path, "--json", "--mode", mode.value, "sudo rm -rf /", "make")
    denied, other = answers(capsys)
    assert (denied["verdict"], denied["rule"]) == ("deny", "harm.delete")
    assert other["verdict"] == {Mode.YOLO: "allow", Mode.PLAN: "deny"}.get(mode, "ask")


@pytest.mark.parametrize("arguments", [("--mode", "bold"), ("--folder", "x"), ("--cwd", "/missing")])
def test_wrong_arguments_are_one_line(
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check(monkeypatch, tmp_path, *arguments, "ls") == 64
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_rules_of_settings_count_and_are_named_with_their_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Places.from_environment().settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[permissions]\nallow = ["bash(make *)"]\ndeny = ["bash(ls -R *)"]\n')
    check(monkeypatch, tmp_path, "--json", "make x", "make x > y", "sudo make x", "ls -R", "make && rm -rf /")
    said = answers(capsys)
    assert [each["verdict"] for each in said] == ["allow", "ask", "ask", "deny", "deny"]
    assert said[0]["rule"] == f"bash(make *) ({settings}:2)"


class _Broken(io.TextIOBase):
    """A stream on which everything fails with `error`."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    @property
    def buffer(self) -> Any:
        raise self._error

    def write(self, text: str) -> int:
        raise self._error


def test_an_interrupted_or_unheard_answer_is_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["nanodeck", "permissions", "check", "--cwd", str(tmp_path)])
    monkeypatch.setattr(sys, "stdin", _Broken(KeyboardInterrupt()))
    assert main() == 130
    monkeypatch.setattr(sys, "stdin", None)
    assert main() == 0
    monkeypatch.setattr(sys, "argv", [*sys.argv, "ls"])
    monkeypatch.setattr(sys, "stdout", _Broken(OSError(errno.ENOSPC, "No space left on device")))
    assert main() == 1
    assert capsys.readouterr().err == "nanodeck: nothing can be written: No space left on device\n"
