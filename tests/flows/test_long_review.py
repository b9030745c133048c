"""R8: a change of 2,000 lines is decided on at any size: every line is reached, the keys are always there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

OLD = "".join(f"old {n}\n" for n in range(1, 1001))
NEW = "".join(f"new {n}\n" for n in range(1, 1001))
REPLIES = (
    Reply(calls=[("read", {"path": "long.py"})]),
    Reply(calls=[("write", {"path": "long.py", "content": NEW})]),
    Reply(["written"]),
)
LINE = re.compile(r"[-+] (old|new) (\d+)\b")


def lines(deck: LiveDeck) -> set[tuple[str, int]]:
    """The changed lines on the screen."""
    return {(side, int(number)) for row in deck.rows for side, number in LINE.findall(row)}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_r8_every_line_is_reached_with_the_keys_in_sight(
    live: LiveStager, project: Path, size: tuple[int, int]
) -> None:
    """R8: every line is reached by keys, the actions are always there, and what was not seen is counted."""
    (project / "long.py").write_text(OLD)
    with ModelServer(*REPLIES) as server:
        async with live(server, size) as deck:
            await deck.say("write it anew")
            await deck.review()
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
            deck.clock.advance(1.0)
            await deck.press("enter")
            deck.clock.advance(1.0)
            await deck.sees("written")
            await deck.rests()
    assert (project / "long.py").read_text() == NEW
