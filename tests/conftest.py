"""The terminal and the machine that apps under test believe in, whatever the tests were started from."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from nanodeck.contracts.sandbox import SandboxState
from nanodeck.engine.calls import confining

os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
for name in ("NO_COLOR", "NANODECK_ASCII"):
    os.environ.pop(name, None)

# How long an example takes says how busy the machine is, not whether it holds. Every run has new examples:
# `--hypothesis-profile=thorough` tries many more of them at once.
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("suite")

NO_SANDBOX = SandboxState(reason="tests run without")
_try_here = confining.tried_here


@pytest.fixture(autouse=True)
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a machine can do differs: tests that want a sandbox try for themselves what there is."""
    monkeypatch.setattr(confining, "tried_here", lambda cache: NO_SANDBOX)


@pytest.fixture
def sandbox(no_sandbox: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SandboxState:
    """What this machine can do, which has to be all there is."""
    state = _try_here(tmp_path / "tried")
    if state.level < 2:
        pytest.skip(f"no sandbox of level 2: {state.reason}")
    monkeypatch.setattr(confining, "tried_here", lambda cache: state)
    return state


@pytest.fixture
def outside() -> Iterator[Path]:
    """A file that is not there, outside the workspace and everything that commands have for themselves."""
    folder = tempfile.mkdtemp(dir="/var/tmp")
    yield Path(folder, "file")
    shutil.rmtree(folder)
