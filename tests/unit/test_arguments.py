"""The command line's arguments as options."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.arguments import parse
from nanodeck.contracts.errors import UsageError
from nanodeck.contracts.options import Options


def test_no_argument_is_the_deck_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse([]) == Options(str(tmp_path))


def test_a_working_folder_that_was_deleted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="the folder this was started in is gone"):
        parse([])
    assert parse(["--cwd", str(tmp_path)]).folder == str(tmp_path)
