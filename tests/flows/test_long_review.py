"""R8: a change of 2,000 lines is decided on at any size: every line is reached, the keys are always there."""

from __future__ import annotations

import re

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.core.review import ProposedFile, propose
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import said

OLD = "".join(f"old {n}\n" for n in range(1, 1001)).encode()
NEW = "".join(f"new {n}\n" for n in range(1, 1001)).encode()
CHANGE = propose("c1", ["call-1"], [ProposedFile("long.py", OLD, NEW)]).changeset
ASKS: list[ev.Event] = [
    *said("work"),
    ev.ChangesetProposed(CHANGE),
    ev.RequestOpened(Request("q1", "main", "call-1", ReviewDetail("c1", 1, 1), "", "")),
]
LINE = re.compile(r"[-+] (old|new) (\d+)\b")


def lines(deck: Stage) -> set[tuple[str, int]]:
    """The changed lines on the screen."""
    return {(side, int(number)) for row in deck.rows for side, number in LINE.findall(row)}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_r8_every_line_is_reached_with_the_keys_in_sight(stage: Stager, size: tuple[int, int]) -> None:
    async with stage(size=size) as deck:
        await deck.publish(*ASKS)
        await deck.press("ctrl+x", "d")
        seen = lines(deck)
        assert "changed lines not seen yet" in deck.text
        await deck.press("enter")  # nothing is sent while something is undecided
        deck.clock.advance(2.0)
        await deck.press("y")
        assert "accepted lines never in view" in deck.text
        while len(seen) < 2000:
            assert "y accept" in deck.text
            assert "ENTER send review" in deck.text
            assert f"{2000 - len(seen):,} changed line" in deck.text
            await deck.press("pagedown")
            before, seen = len(seen), seen | lines(deck)
            assert len(seen) > before
        assert "not seen yet" not in deck.text
        await deck.press("enter")
        assert "never in view" not in deck.text
