"""Screens under test are waited for by what they have to deal with, never by an idle processor."""

from __future__ import annotations

import asyncio

import pytest
from textual import _wait, app, pilot
from textual._context import active_app

ROUNDS = 20
"""So often everybody gets a turn after a key: more than any message has stations."""


def take_turns_instead_of_idling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's own tests of a screen sleep until the processor rests, twice a key."""

    async def take_turns(*_: float) -> None:
        for _turn in range(ROUNDS):
            await asyncio.sleep(0)
        # A frame, which comes sixty times a second.
        active_app.get().screen._on_timer_update()

    monkeypatch.setattr(app, "wait_for_idle", take_turns)
    monkeypatch.setattr(pilot, "wait_for_idle", take_turns)
    resize = pilot.Pilot.resize_terminal

    async def resize_and_rest(self: pilot.Pilot[object], width: int, height: int) -> None:
        await resize(self, width, height)
        # Sizes that come one after the other are put together for a while.
        await _wait.wait_for_idle(0)

    monkeypatch.setattr(pilot.Pilot, "resize_terminal", resize_and_rest)
