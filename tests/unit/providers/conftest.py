"""Fixtures of the providers' tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.providers.loopback import LoopbackServer


@pytest.fixture
async def server() -> AsyncIterator[LoopbackServer]:
    """A scripted HTTP server on loopback."""
    made = LoopbackServer()
    await made.start()
    yield made
    await made.stop()
