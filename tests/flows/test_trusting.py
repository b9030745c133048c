"""The question of trust at the deck: there at the first start, never in the way, never answered by chance."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, TrustDetail
from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply


async def test_the_prompt_is_typed_in_and_work_goes_on_while_the_first_start_asks(
    live: LiveStager, project: Path
) -> None:
    run = Reply(calls=[("bash", {"command": "env touch made"})])
    with ModelServer(Reply(["one"]), run, Reply(["two"])) as server:
        async with live(server, first=True) as deck:
            await deck.sees("Trust this folder")
            assert "steers the agent" in deck.text
            assert deck.at("prompt")
            await deck.type("yyy 1ns")
            assert deck.deck.area.prompt.text == "yyy 1ns"
            assert isinstance(deck.state.requests[0].detail, TrustDetail), "no key was for it"
            await deck.press("enter")
            await deck.sees("one")
            await deck.rests()
            assert "Trust this folder" not in deck.text, "work began without an answer"
            assert "answer" in deck.rows[-1]
            await deck.say("run it")
            await deck.until(lambda: len(deck.state.requests) == 2, "the command that asks")
            await deck.open_request()
            await deck.sees("Approve shell command")
            await deck.press("y")
            await deck.sees("two")
            await deck.rests()
            assert (project / "made").exists()
            assert deck.at("prompt"), "what was passed over follows no other request"
            await deck.command("/trust")
            await deck.until(lambda: deck.at("approval"), "the question that was passed over")
            await deck.press("y")
            await deck.until(lambda: not deck.state.requests, "its answer")
            await deck.command("/trust")
            await deck.open_request()
            await deck.sees("trusted: in auto-accept confined commands run unasked")
            await deck.press("escape")
            assert deck.at("prompt")
        async with live(server, first=True) as deck:
            await deck.sees("ready")
            assert deck.state.requests == ()


async def test_a_command_that_asks_takes_the_place_of_a_question_that_nothing_waits_for(
    live: LiveStager,
) -> None:
    run = Reply(calls=[("bash", {"command": "env touch made"})])
    with ModelServer(run, Reply(["done"])) as server:
        async with live(server, first=True, prompt="run it", mode=Mode.AUTO_ACCEPT) as deck:
            await deck.until(lambda: len(deck.state.requests) == 2, "the command that asks")
            assert isinstance(deck.state.waiting[0].detail, CommandDetail)
            await deck.open_request()
            await deck.sees("Approve shell command")
            await deck.press("n")
            await deck.sees("done")
            await deck.sees("Trust this folder")
