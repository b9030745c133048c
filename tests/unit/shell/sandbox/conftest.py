"""A workspace to confine commands to."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.shell.sandbox.confinement import Confinement
from tests.unit.shell.sandbox.confining import working


@pytest.fixture
def place(tmp_path: Path) -> Confinement:
    for name in ("work", "temp", "home"):
        (tmp_path / name).mkdir()
    return Confinement(tmp_path / "work", tmp_path / "temp", home=tmp_path / "home")


@pytest.fixture
def workspace(place: Confinement) -> Confinement:
    """One in a sandbox of level 2, which has to work here."""
    working(place, 2)
    return place
