"""A deck that nobody looks at calls: bell, notification, title; each can be turned off."""

from __future__ import annotations

from textual import events

from nanodeck.contracts.events import RequestOpened
from nanodeck.contracts.requests import CommandDetail, Request
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import reply, said


def request(number: int) -> RequestOpened:
    return RequestOpened(Request(f"q{number}", "main", f"c{number}", CommandDetail("make", "/p")))


async def told(deck: Stage, *happened: object) -> list[str]:
    """What the terminal gets as something happens."""
    data: list[str] = []
    deck.app.window.write = data.append
    await deck.publish(*happened)  # type: ignore[arg-type]  # events
    return data


async def test_who_looks_is_not_called_and_who_does_not_is(stage: Stager) -> None:
    async with stage() as deck:
        assert await told(deck, *said("work"), request(1)) == ["\x1b]2;⚠ 1 p - nanodeck\x1b\\"]
        deck.app.post_message(events.AppBlur())
        await deck.settle()
        title, bell, notification = await told(deck, request(2))
        assert title == "\x1b]2;⚠ 2 p - nanodeck\x1b\\"
        assert bell == "\a"
        assert "nanodeck: may this run? make (and 1 more)" in notification
        deck.app.prefer("bell", False)
        assert len(await told(deck, request(3))) == 2
        deck.app.prefer("notify", False)
        assert len(await told(deck, request(4))) == 1
        deck.app.prefer("title", False)
        assert await told(deck, request(5)) == []
        deck.app.prefer("bell", True)
        assert await told(deck, *reply("over")) == ["\a"]
        deck.app.post_message(events.AppFocus())
        await deck.settle()
        assert await told(deck, *said("more", 2), *reply("over again", 2)) == []


async def test_a_terminal_that_never_speaks_of_focus_is_left_alone_after_half_a_minute(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"))
        await deck.press("x")
        deck.clock.advance(29)
        assert "\a" not in await told(deck, request(1))
        deck.clock.advance(1)
        assert "\a" in await told(deck, request(2))
