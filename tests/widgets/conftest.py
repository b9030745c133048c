"""Panes of this folder are pressed keys at without waiting for an idle processor."""

from __future__ import annotations

import pytest

from tests.support.turns import take_turns_instead_of_idling


@pytest.fixture(autouse=True)
def no_idling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys cost what they do."""
    take_turns_instead_of_idling(monkeypatch)
