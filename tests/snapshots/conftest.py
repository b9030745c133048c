"""`pytest tests/snapshots --snapshot-update` keeps what is on the screens now: look at the difference."""

from __future__ import annotations

import pytest

from tests.support.turns import take_turns_instead_of_idling


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot-update", action="store_true", help="keep what is on the screens now")


@pytest.fixture
def updating(request: pytest.FixtureRequest) -> bool:
    """Whether what is on the screens now is right."""
    return bool(request.config.getoption("snapshot_update", default=False))


@pytest.fixture(autouse=True)
def no_idling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenes wait for what they show, not for an idle processor."""
    take_turns_instead_of_idling(monkeypatch)
