"""A turn at the real deck against a scripted server: steering, queueing, stopping, failing, going on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from nanodeck.contracts.modes import Mode
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply, cut

READ = ("read", {"path": "a.py"})


class Held:
    """A reply that waits for its end until it is let go; what waits never outlives its test."""

    def __init__(self) -> None:
        self._go = threading.Event()

    def __call__(self) -> None:
        assert self._go.wait(30)

    def let_go(self) -> None:
        """Send the rest."""
        self._go.set()


@pytest.fixture
def held() -> Iterator[Held]:
    waiting = Held()
    yield waiting
    waiting.let_go()


def last_said(server: ModelServer) -> str:
    message: dict[str, Any] = server.requests[-1]["messages"][-1]
    assert message["role"] == "user"
    return str(message["content"])


def above_prompt(deck: LiveDeck) -> str:
    """The rows above the prompt's frame, where texts that wait stand."""
    prompt = deck.deck.area.prompt.region.y
    return "\n".join(deck.rows[prompt - 6 : prompt])


async def test_texts_that_wait_are_seen_above_the_prompt_and_arrive_in_their_order(
    live: LiveStager, held: Held
) -> None:
    first = Reply(["at work"], calls=[READ], before_end=held)
    with ModelServer(first, Reply(["steered"]), Reply(["followed"])) as server:
        async with live(server) as deck:
            await deck.say("begin")
            await deck.sees("at work")
            await deck.say("also the tests")
            await deck.type("then the docs")
            await deck.press("tab")
            await deck.until(lambda: "then the docs" in above_prompt(deck), "the queue")
            assert "also the tests" in above_prompt(deck)
            held.let_go()
            await deck.sees("followed")
            await deck.rests()
            assert server.requests[1]["messages"][-1]["content"] == "also the tests"
            assert last_said(server) == "then the docs"
            assert not deck.state.agent("main").queued


async def test_escape_stops_the_turn_and_gives_waiting_texts_back_before_the_draft(
    live: LiveStager, held: Held
) -> None:
    with ModelServer(Reply(["at work"], before_end=held), Reply(["again"])) as server:
        async with live(server) as deck:
            await deck.say("begin")
            await deck.sees("at work")
            await deck.say("steer")
            await deck.type("later")
            await deck.press("tab")
            await deck.type("draft")
            await deck.until(lambda: bool(deck.state.agent("main").queued), "the queue")
            await deck.press("escape")
            await deck.rests()
            await deck.until(lambda: deck.deck.area.prompt.text == "steer\nlater\ndraft", "the texts")
            assert len(server.requests) == 1
            assert "at work" in deck.text
            await deck.press("enter")
            await deck.sees("again")
            assert last_said(server).endswith("steer\nlater\ndraft")


async def test_the_mode_can_be_cycled_in_the_middle_of_a_turn(live: LiveStager, held: Held) -> None:
    write = ("write", {"path": "new.txt", "content": "x\n"})
    with ModelServer(Reply(["soon"], calls=[write], before_end=held), Reply(["all is done"])) as server:
        async with live(server) as deck:
            await deck.say("write it")
            await deck.sees("soon")
            await deck.type("draft")
            await deck.press("shift+tab")
            await deck.sees("AUTO-ACCEPT")
            held.let_go()
            await deck.sees("all is done")
            assert (deck.folder / "new.txt").read_text() == "x\n"
            assert deck.deck.area.prompt.text == "draft"
            await deck.press("shift+tab")
            await deck.sees("PLAN")
            await deck.press("shift+tab")
            await deck.until(lambda: deck.state.mode is Mode.NORMAL, "normal mode")


async def test_an_unknown_command_is_not_sent_and_the_next_prompt_is(live: LiveStager) -> None:
    with ModelServer(Reply(["hello"])) as server:
        async with live(server) as deck:
            await deck.command("/moedl x")
            await deck.sees("did you mean /model")
            assert server.requests == []
            await deck.say("hi")
            await deck.sees("hello")


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "check the key"), (404, "check the model's name"), (400, "its message says why")],
)
async def test_a_failed_call_says_what_to_do_and_the_deck_goes_on(
    live: LiveStager, status: int, advice: str
) -> None:
    with ModelServer(Reply(status=status), Reply(["better"])) as server:
        async with live(server) as deck:
            await deck.say("first")
            await deck.sees("scripted failure")
            await deck.sees(advice)
            await deck.rests()
            await deck.say("second")
            await deck.sees("better")
            assert last_said(server) == "second"


async def test_a_stream_cut_in_the_middle_keeps_its_text_marked_and_runs_nothing(live: LiveStager) -> None:
    write = ("write", {"path": "half.txt", "content": "x"})
    half = Reply(["half of an answer"], calls=[write], before_end=cut)
    with ModelServer(half, Reply(["whole"])) as server:
        async with live(server, mode=Mode.YOLO) as deck:
            await deck.say("go")
            await deck.sees("⚠ cut off")
            await deck.rests()
            at = next(number for number, row in enumerate(deck.rows) if "half of an answer" in row)
            assert "⚠ cut off" in deck.rows[at + 1]
            assert "the connection broke" in deck.text
            assert not (deck.folder / "half.txt").exists()
            await deck.say("again")
            await deck.sees("whole")


async def test_a_retry_is_counted_down_and_escape_ends_the_waiting(live: LiveStager) -> None:
    busy = Reply(status=503, headers={"retry-after": "50"})
    with ModelServer(busy, Reply(["never asked"])) as server:
        async with live(server) as deck:
            await deck.say("go")
            told = re.compile(r"retry in \d+ s: HTTP 503: scripted failure")
            await deck.until(lambda: bool(told.search(deck.rows[-2])), "the retry")
            await deck.press("escape")
            await deck.rests()
            assert "retry" not in deck.rows[-2]
            assert len(server.requests) == 1
