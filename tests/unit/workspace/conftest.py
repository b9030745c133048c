from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's root: a folder with no link in its path."""
    root = Path(os.path.realpath(tmp_path)) / "repo"
    root.mkdir()
    return root


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk proves nothing here and takes long."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
