"""A project, and faces that open an engine in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.face import Face, options_for
from tests.support.model_server import ModelServer

FaceOf = Callable[..., Face]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 41)))
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MODEL", "scripted")
    return folder


@pytest.fixture
def face_of(project: Path, monkeypatch: pytest.MonkeyPatch) -> FaceOf:
    """Opens a face in the project that talks to a server."""

    def opened(server: ModelServer, *, first: bool = False, **changes: object) -> Face:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        return Face(options_for(project, **changes), first=first)

    return opened
