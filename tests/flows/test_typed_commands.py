"""Shell commands typed into the prompt of the real deck."""

from __future__ import annotations

from nanodeck.contracts.commands import MAIN_AGENT
from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply


async def test_a_command_runs_at_once_is_seen_whole_and_stops_with_escape(live: LiveStager) -> None:
    with ModelServer(Reply(["I see"])) as server:
        async with live(server) as deck:
            await deck.say("!printf 'one\\ntwo\\n'")
            await deck.sees("two")
            await deck.sees("✔ ok")
            assert not server.requests
            await deck.say("!!echo be''gun; exec sleep 600")
            await deck.sees("begun")
            await deck.sees("▶ running 0:")
            await deck.sees("esc interrupt")
            await deck.press("escape")
            await deck.sees("stopped by the user")
            await deck.sees("│ ready")
            assert not deck.state.agent(MAIN_AGENT).typed
            await deck.say("what did it print?")
            await deck.sees("I see")
            said = str(server.requests[-1]["messages"][-1]["content"])
            assert "one\ntwo\n" in said
            assert "begun" not in said
            await deck.say("# later")
            await deck.sees("kept for notes")
