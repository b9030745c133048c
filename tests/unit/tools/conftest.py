from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.tools.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty workspace."""
    folder = Path(os.path.realpath(tmp_path)) / "repo"
    folder.mkdir()
    return Bench(folder)
