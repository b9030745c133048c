"""Checkpoints in the running deck: made, listed, looked at, loaded, dropped; and in lines."""

from __future__ import annotations

from nanodeck.contracts.modes import Mode
from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply


async def test_what_is_kept_is_listed_looked_at_loaded_and_dropped(live: LiveStager) -> None:
    call = ("bash", {"command": "echo changed > made.txt"})
    with ModelServer(Reply(calls=[call]), Reply(["all is done"])) as server:
        async with live(server, mode=Mode.YOLO, size=(140, 40)) as deck:
            await deck.command("/checkpoints")
            await deck.sees("None yet")
            await deck.press("escape")
            await deck.command("/checkpoint create good one")
            await deck.sees("checkpoint 1")
            await deck.say("make it")
            await deck.sees("all is done")
            await deck.rests()
            await deck.command("/checkpoints")
            await deck.sees("before bash echo changed")
            await deck.sees("all sessions here: 2 checkpoints")
            assert "1 file +1 -0" in deck.text
            await deck.press("enter")
            await deck.sees("since the checkpoint")
            await deck.sees("made.txt")
            await deck.press("escape")
            await deck.command("/checkpoints")
            await deck.sees("good one")
            await deck.press("l")
            await deck.sees("a turn is gone back to with /rewind")
            await deck.press("j", "l")
            await deck.sees("l again gives every file back")
            assert (deck.folder / "made.txt").exists()
            await deck.press("l")
            await deck.sees("as at checkpoint good one")
            assert not (deck.folder / "made.txt").exists()
            await deck.command("/checkpoints")
            await deck.sees("before the files went back to good one")
            await deck.press("j", "j", "d")
            await deck.sees("d again drops good one")
            await deck.press("d")
            await deck.until(lambda: len(deck.state.checkpoints) == 2, "the checkpoint dropped")
            await deck.command("/checkpoint delete good one")
            await deck.sees("there is no checkpoint good one")
