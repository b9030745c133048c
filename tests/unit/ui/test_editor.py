"""Writing the prompt in another program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nanodeck.ui.editor import edit_text


def an_editor(folder: Path, code: str) -> str:
    script = folder / "editor.py"
    script.write_text(f"import sys\npath = sys.argv[-1]\n{code}\n")
    return f"{sys.executable} {script}"


def test_what_the_editor_wrote_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "text = open(path).read(); open(path, 'w').write(text + ' and more ✎\\n')"
    monkeypatch.setenv("VISUAL", an_editor(tmp_path, code))
    assert edit_text("a draft") == ("a draft and more ✎\n", "")


def test_blank_lines_at_the_end_are_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", an_editor(tmp_path, ""))
    assert edit_text("    pass\n\n\n", ".py") == ("    pass\n\n\n", "")


def test_an_editor_that_fails_leaves_the_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", an_editor(tmp_path, "open(path, 'w').write('lost'); sys.exit(3)"))
    text, problem = edit_text("a draft")
    assert text == "a draft"
    assert "3" in problem


def test_without_a_place_for_a_draft_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text, problem = edit_text("a draft", "." + "x" * 300)
    assert (text, "no place" in problem) == ("a draft", True)


def test_an_editor_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    text, problem = edit_text("a draft")
    assert text == "a draft"
    assert "$EDITOR" in problem
