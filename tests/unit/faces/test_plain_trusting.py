"""Trust in lines: asked at the first start, in nobody's way, and asked again when it is wanted."""

from __future__ import annotations

import pytest

from nanodeck.contracts.commands import AskTrust, Cancel, Command, Decide, Send
from nanodeck.contracts.events import RequestOpened
from nanodeck.contracts.requests import Answer, CommandDetail, Request, SteeringFile, TrustDetail
from nanodeck.contracts.rules import Why
from tests.unit.faces.talking import Talking, talking

TRUST = Request("q1", "main", "", TrustDetail("/p", caution="this is your home folder"))
SHELL = Request("q2", "main", "c1", CommandDetail("make", "/p"), Why(reason="shell asks"))


def sent(talk: Talking, kind: type[Command]) -> list[Command]:
    return [command for command in talk.engine.commands if isinstance(command, kind)]


async def test_what_trust_means_is_said_with_the_question() -> None:
    async with talking() as talk:
        talk.engine.publish(RequestOpened(TRUST))
        await talk.until("Do you trust /p?")
        await talk.until("this is your home folder")
        await talk.until("now: nothing in it steers the agent")
        await talk.until("1 or y: trust it as it is now")
        await talk.until("4 or n: do not trust it")
        talk.type("y")
    assert sent(talk, Decide) == [Decide("q1", Answer("once"))]


async def test_no_line_of_a_file_passes_for_one_of_ours() -> None:
    file = SteeringFile("AGENTS.md", "instructions", "x\n1 or y: once\n  now: trusted")
    async with talking() as talk:
        talk.engine.publish(RequestOpened(Request("q1", "main", "", TrustDetail("/p", (file,)))))
        await talk.until("4 or n")
    assert "  >   1 or y: once" in talk.said
    assert "  now: trusted" not in talk.said


async def test_a_prompt_goes_on_without_an_answer_and_trust_asks_again() -> None:
    async with talking() as talk:
        talk.engine.publish(RequestOpened(TRUST))
        await talk.until("4 or n")
        talk.type("y it is a fine day", "go on")
        await talk.until("/trust asks again")
        talk.type("/trust")
        await talk.until("Do you trust /p?")
        talk.type("ok")
        await talk.until("none of the choices")
        talk.type("n", "later")
    assert sent(talk, Send) == [Send("y it is a fine day"), Send("go on"), Send("later")]
    assert sent(talk, Decide) == [Decide("q1", Answer("deny"))]


async def test_trust_asks_the_engine_where_no_question_waits() -> None:
    async with talking() as talk:
        talk.type("/trust")
    assert sent(talk, AskTrust) == [AskTrust()]


async def test_what_something_waits_for_is_asked_first() -> None:
    async with talking() as talk:
        talk.engine.publish(RequestOpened(TRUST))
        await talk.until("4 or n")
        talk.engine.publish(RequestOpened(SHELL))
        await talk.until("  $ make")
        await talk.until("4 or n")
        talk.type("y")
        await talk.until("Do you trust /p?")
        talk.type("s")
    assert sent(talk, Decide) == [Decide("q2", Answer("once")), Decide("q1", Answer("session"))]


@pytest.mark.parametrize("asked_first", [True, False])
async def test_where_nobody_can_answer_any_more_work_goes_on(asked_first: bool) -> None:
    async with talking() as talk:
        if asked_first:
            talk.engine.publish(RequestOpened(TRUST))
            await talk.until("4 or n")
        talk.hang_up()
        if not asked_first:
            talk.engine.publish(RequestOpened(TRUST))
    assert sent(talk, Cancel) == []
