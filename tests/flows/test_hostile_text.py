"""Names and text that look like markup, variables or terminal codes are shown as what they are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from tests.flows.conftest import SIZES, LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support import hostile
from tests.support.model_server import ModelServer, Reply

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


def shown_safely(deck: LiveDeck) -> None:
    width = deck.app.size.width
    for row in deck.rows:
        assert not CONTROL.search(row), repr(row)
    assert [len(row) for row in deck.rows if len(row) > width] == []


def answered(deck: LiveDeck, request: Request) -> bool:
    return request not in deck.state.requests


async def look_everywhere(deck: LiveDeck) -> None:
    """Every pane, folded and unfolded, near and far."""
    for keys in (("ctrl+o",), ("ctrl+x", "c", "home"), ("pagedown",), ("end",), ("ctrl+o",), ("escape",)):
        await deck.press(*keys)
        shown_safely(deck)
    for pane in ("d", "t", "j"):
        await deck.press("ctrl+x", pane)
        shown_safely(deck)
        await deck.press("enter", "z")
        shown_safely(deck)
        while not deck.at("prompt"):
            await deck.press("escape")


@pytest.mark.parametrize("size", SIZES)
async def test_u11_hostile_text_in_every_place_is_text(
    live: LiveStager, project: Path, size: tuple[int, int]
) -> None:
    hostile.plant(project)
    with ModelServer(*hostile.turn()) as server:
        async with live(server, size=size, trust=True) as deck:
            await deck.say(f"go {hostile.ODD}")
            for _ in range(2):
                request = await deck.asked(CommandDetail)
                await deck.open_request()
                shown_safely(deck)
                assert hostile.ODD[:13] in deck.text
                await deck.press("y")
                await deck.until(partial(answered, deck, request), "the answer")
            await deck.asked(ReviewDetail)
            await look_everywhere(deck)
            await deck.press("ctrl+x", "d", "A", "enter", "enter")
            deck.clock.advance(1.0)
            await deck.rests()
            await deck.press("escape")
            await look_everywhere(deck)
            assert "[red]odd[/red] $x" in deck.text
            assert (deck.folder / "[bold].py").read_text().endswith(f"value = 2  # {hostile.HOSTILE}\n")


async def test_a_file_with_a_hostile_name_is_completed_as_it_is_called(
    live: LiveStager, project: Path
) -> None:
    (project / "[red]$x.txt").write_text("hello\n")
    with ModelServer(Reply(["ok"])) as server:
        async with live(server) as deck:
            await deck.type("see @red")
            await deck.sees("[red]$x.txt")
            await deck.press("tab")
            await deck.press("enter")
            await deck.sees("ok")
            assert "[red]$x.txt" in server.requests[0]["messages"][-1]["content"]


async def test_u11_a_line_of_a_million_characters_is_shown_as_far_as_it_helps(live: LiveStager) -> None:
    with ModelServer(Reply([hostile.LONG_LINE])) as server:
        async with live(server) as deck:
            await deck.say("go")
            await deck.sees("more characters are not drawn")
            await deck.rests()
            shown_safely(deck)
