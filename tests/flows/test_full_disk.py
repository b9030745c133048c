"""A disk that refuses while somebody works at the deck."""

from __future__ import annotations

import pytest

from nanodeck.contracts import events as ev
from tests.flows.conftest import LiveStager
from tests.support.disk import FaultyDisk
from tests.support.model_server import ModelServer, Reply

SAID = ["first", "second", "third"]


async def test_a_full_disk_is_told_with_advice_and_what_was_said_is_saved_once_there_is_room(
    live: LiveStager, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FaultyDisk().install(monkeypatch)
    with ModelServer(Reply(["one"]), Reply(["two"]), Reply(["three"])) as server:
        async with live(server) as deck:
            await deck.say("first")
            await deck.sees("one")
            await deck.rests()
            disk.first, disk.count = disk.calls + 1, 10_000
            await deck.say("second")
            await deck.sees("two")
            await deck.rests()
            for words in ("not saved", "No space left on device", "free some space"):
                await deck.sees(words)
            disk.heal()
            await deck.say("third")
            await deck.sees("three")
            await deck.rests()
            said = [event.message.text for event in deck.recorded(ev.MessageSent)]
            assert [text for text in said if text in ("first", "second", "third")] == [
                "first",
                "second",
                "third",
            ]
            assert len(deck.recorded(ev.ReplyEnded)) == 3
