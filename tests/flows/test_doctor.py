"""`nanodeck doctor` and /doctor: what is wrong is found, with its cure, and nothing is changed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from nanodeck.cli import EXIT_INTERRUPTED, EXIT_USAGE, main
from nanodeck.contracts.checkup import CheckUp, Finding
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.engine.checkup import machine
from nanodeck.faces.doctor import run
from nanodeck.faces.doctor.keys import key_words
from nanodeck.faces.doctor.run import run_doctor
from nanodeck.shell import judge
from nanodeck.store.keys import store_key
from nanodeck.store.places import Places
from tests.flows.conftest import Stager

SECRET = "sk-canary-0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NANODECK_HOME", str(home))
    monkeypatch.setenv("NANODECK_MODEL", "demo")
    monkeypatch.setattr(machine, "probe", lambda folder, fresh: SandboxState(2, "bubblewrap"))
    return home


def told(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, dict[str, Any]]:
    code = run_doctor(["--json", "--cwd", str(folder)])
    whole: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, whole


def test_a_sound_installation_has_nothing_wrong(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, whole = told(capsys, tmp_path)
    assert [finding for finding in whole["findings"] if finding["standing"] == "fault"] == []
    assert (code, whole["ok"]) == (0, True)
    model = next(each for each in whole["findings"] if each["text"].startswith("model ="))
    assert model["origin"] == "NANODECK_MODEL"
    assert not home.exists()


def test_every_fault_is_named_with_its_cure_and_no_key_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text("shell_timeout = 'soon'\nmodell = 'x'\n")
    store_key(Places.under(home), "openai", SECRET)
    session = home / "sessions" / "20260101-000000-00000000"
    session.mkdir(parents=True)
    (session / "events.jsonl").write_text("{half a line\n")
    blob = session / "checkpoints" / "blobs" / "ab" / "abcd"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"other bytes")
    code, whole = told(capsys, tmp_path)
    faults = {(each["topic"], each["text"]): each["cure"] for each in whole["findings"] if each.get("cure")}
    said = "\n".join(text for _, text in faults)
    assert code == 1
    assert f"{home / 'settings.toml'}:1: shell_timeout" in said
    assert "did you mean model?" in said
    assert f"{session / 'events.jsonl'}:1: damaged" in said
    assert f"{blob}: kept bytes are not what they were" in said
    assert f"{session}: others can get at it" in said
    assert "a key for openai" in json.dumps(whole)
    assert SECRET not in json.dumps(whole)


def test_pipes_in_the_place_of_files_are_faults_and_not_waited_for(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir(mode=0o700)
    session = home / "sessions" / "20260101-000000-00000000"
    session.mkdir(parents=True, mode=0o700)
    for path in (home / "settings.toml", home / "keys.toml", home / "deck.json", session / "events.jsonl"):
        os.mkfifo(path, 0o600)
    code, whole = told(capsys, tmp_path)
    faults = [each["text"] for each in whole["findings"] if each["standing"] == "fault"]
    assert code == 1
    for name in ("settings.toml", "keys.toml", "events.jsonl"):
        assert sum(name in fault and "not a plain file" in fault for fault in faults) == 1, faults


def test_what_is_set_of_the_deck_and_its_keys_is_named_with_its_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir(mode=0o700)
    path = home / "settings.toml"
    path.write_text('[deck]\ntheme = "nord"\nvim = 3\n[keys]\n"diff.accept" = "y"\ndeck.zoom = "z"\n')
    _, whole = told(capsys, tmp_path)
    origins = {each["text"]: each["origin"] for each in whole["findings"] if each.get("origin")}
    assert origins['deck.theme = "nord"'] == f"{path}:2"
    assert origins['keys.diff.accept = ["y"]'] == f"{path}:5"
    assert origins['keys.deck.zoom = ["z"]'] == f"{path}:6"
    assert not any(text.startswith("deck.vim =") for text in origins)


def test_the_report_is_printed_whatever_the_output_can_take(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["nanodeck", "doctor"])
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, "ascii"))
    assert main() == 0
    assert b"? level 2 by bubblewrap" in printed.getvalue()
    monkeypatch.setattr(sys, "stdout", Mock(write=Mock(side_effect=BrokenPipeError), isatty=lambda: False))
    nowhere = Mock()
    monkeypatch.setattr(run, "print_nowhere", nowhere)
    assert main() == 0
    nowhere.assert_called_once()


def test_a_report_that_is_stopped_or_has_no_folder_is_no_crash(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr(sys, "argv", ["nanodeck", "doctor"])
    assert main() == EXIT_USAGE
    assert "is gone" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "check_up", Mock(side_effect=KeyboardInterrupt))
    assert main() == EXIT_INTERRUPTED


def test_an_output_that_was_closed_takes_nothing_and_no_file_is_in_its_place(tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" -m nanodeck permissions check ls >&-'
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_judge_that_fails_is_found(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(command: str, folder: Path, root: Path) -> None:
        raise ModuleNotFoundError("no grammar")

    monkeypatch.setattr(judge, "judge", broken)
    code, whole = told(capsys, tmp_path)
    assert code == 1
    assert [each["text"] for each in whole["findings"] if each["topic"] == "judge"] == [
        "it could not be judged: no grammar"
    ]


async def test_the_deck_shows_findings_and_names_the_keys_that_arrive(stage: Stager) -> None:
    async with stage() as deck:
        fault = Finding("git", "fault", "is not installed", "", "install [git]")
        deck.engine.answers[CheckUp] = lambda query: (fault,)
        await deck.type("/doctor")
        await deck.press("escape", "enter")
        await deck.until(lambda: "is not installed" in deck.text, "the finding")
        assert "install [git]" in deck.text
        await deck.press("ctrl+j")
        await deck.until(lambda: "last key: ctrl+j" in deck.text, "the key's name")
        await deck.press("escape")
        assert deck.bare


def test_keys_are_shown_by_what_the_terminal_sends() -> None:
    assert key_words(b"\x1b[13;2u") == "ESC [13;2u       shift+enter"
    assert key_words(b"\x0b").endswith("ctrl+k")
    assert key_words(b"\x1bb").endswith("alt+b")
    assert key_words(b"\x1b[1;5C").endswith("ctrl+right")
    assert key_words("é".encode()).startswith("\\xe9")
