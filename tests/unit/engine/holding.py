"""Holding the engine's loop, so that commands pile up and are carried out in one go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from nanodeck.contracts.link import EngineLink

PATIENCE = 60.0


@contextmanager
def held(link: EngineLink) -> Iterator[None]:
    """The engine stands still inside; what is sent meanwhile waits in line together."""
    standing, go_on = threading.Event(), threading.Event()

    def wake(urgent: bool) -> None:
        standing.set()
        go_on.wait(PATIENCE)

    subscription = link.subscribe(wake)
    try:
        assert standing.wait(PATIENCE)
        yield
    finally:
        go_on.set()
        subscription.close()
