"""System prompts: text, or a file that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.errors import UsageError
from nanodeck.extend.prompts import LARGEST_PROMPT, prompt_text


@pytest.mark.parametrize(
    "text", ["Be brief.", "two\nlines", "a/b or c", "", pytest.param("x" * 5000, id="long"), "nul\0", "word"]
)
def test_text_is_taken_as_it_stands(tmp_path: Path, text: str) -> None:
    assert prompt_text(text, tmp_path) == text


def test_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my prompt.md").write_bytes("\ufeffBe brief.\n".encode())
    assert prompt_text("my prompt.md", tmp_path) == "Be brief."
    assert prompt_text(str(tmp_path / "my prompt.md")) == "Be brief."
    monkeypatch.chdir(tmp_path)
    assert prompt_text("my prompt.md") == "Be brief."


def test_a_name_that_can_only_be_a_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no prompt file missing\.md"):
        prompt_text("missing.md", tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (LARGEST_PROMPT + 1)])
def test_a_file_that_is_no_prompt_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(UsageError):
        prompt_text("p", tmp_path)
