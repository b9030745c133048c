"""Looking around in the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import FolderItem, Lines
from nanodeck.engine.project.exploring import list_items, read_text
from nanodeck.workspace.numbering import MAX_BYTES
from nanodeck.workspace.paths import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src" / "a.py").write_text("one\ntwo\nthree\n")
    (root / ".gitignore").write_text("*.log\n")
    (root / "noise.log").write_text("x")
    (root / "big.txt").write_text("x" * (MAX_BYTES + 1))
    (root / "data.bin").write_bytes(b"\0")
    return Workspace(root)


def test_folders_come_first_with_the_size_that_a_mention_sends(workspace: Workspace) -> None:
    assert list_items(workspace, "") == (
        FolderItem("src/", len("a.py") + 1),
        FolderItem(".gitignore", 6),
        FolderItem("big.txt", MAX_BYTES),
        FolderItem("data.bin", 1),
    )
    assert list_items(workspace, "src/") == (FolderItem("a.py", 14),)


def test_a_file_is_read_from_its_beginning(workspace: Workspace) -> None:
    assert read_text(workspace, "src/a.py", 2) == Lines(0, 3, "one\ntwo")


@pytest.mark.parametrize("path", ["data.bin", "gone.txt", "src", "../root2", "/etc/passwd"])
def test_what_cannot_be_shown_says_why(workspace: Workspace, path: str) -> None:
    with pytest.raises(NanodeckError):
        read_text(workspace, path, 10)


@pytest.mark.parametrize("folder", ["gone/", "..", "src/a.py"])
def test_what_cannot_be_listed_says_why(workspace: Workspace, folder: str) -> None:
    with pytest.raises(NanodeckError):
        list_items(workspace, folder)
