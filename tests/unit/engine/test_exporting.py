"""Writing a conversation to a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.views import SessionView
from nanodeck.engine.records.exporting import export_session
from nanodeck.store.keys import Redactor

SECRET = "sk-1234567890abcdefghij"


def session(folder: Path) -> SessionView:
    return SessionView(session="s1", folder="/nowhere", cwd=str(folder), title=f"Mend {SECRET} it!")


def test_an_unnamed_file_gets_the_sessions_title_and_no_key(tmp_path: Path) -> None:
    written = Path(export_session(session(tmp_path), "", Redactor([SECRET]).redact))
    assert written.parent == tmp_path
    assert written.name.startswith("mend-key-it-")
    assert written.suffix == ".md"
    assert "# Mend [key] it!" in written.read_text()
    assert written.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["notes.md", "sub/notes.md", "sub", "~/notes.md", " notes with blanks.md "])
def test_a_name_is_a_file_a_folder_or_begins_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "sub").mkdir()
    written = Path(export_session(session(tmp_path), name, str))
    assert written.read_text().startswith("# Mend")
    named = Path(os.path.expanduser(name.strip()))
    assert written == tmp_path / named if name != "sub" else written.parent == tmp_path / "sub"


def test_nothing_is_written_over_and_bad_paths_are_said_with_their_reason(tmp_path: Path) -> None:
    there = tmp_path / "there.md"
    there.write_text("mine")
    for name, words in (
        ("there.md", "exists already"),
        ("gone/new.md", "No such file or directory"),
        ("there.md/new.md", "Not a directory"),
        ("x\0y", "null"),
    ):
        with pytest.raises(NanodeckError, match=words):
            export_session(session(tmp_path), name, str)
    assert there.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["there.md"]


@pytest.mark.parametrize("name", ["~nosuchuser/notes.md", "x" * 300, "a\0b", "\ud800"])
def test_a_path_that_leads_nowhere_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(NanodeckError, match="cannot be written"):
        export_session(session(tmp_path), name, str)
