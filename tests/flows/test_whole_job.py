"""A whole job at the real deck: asked, reviewed, approved, undone, left; with keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.requests import CommandDetail, ReviewDetail
from tests.flows.conftest import SIZES, LiveStager
from tests.flows.live_deck import LiveDeck

ORDERS = [SIZES, [*SIZES[1:], SIZES[0]], [*SIZES[::-1]]]
BILL, RECEIPT = "bistro/bill.py", "bistro/receipt.py"
SERVICE = "reduced + reduced * self.service // 100"
NICETY = "for guest, share in enumerate(bill.split(guests), 1):"


def told(deck: LiveDeck, tool: str) -> list[str]:
    """What the model was told by calls of one tool."""
    return [event.message.text for event in deck.recorded(ev.ToolEnded) if event.name == tool]


def sources(folder: Path) -> dict[str, str]:
    return {path: (folder / path).read_text() for path in (BILL, RECEIPT)}


async def approve(deck: LiveDeck, command: str) -> None:
    """See a command whole, and only then let it run."""
    request = await deck.asked(CommandDetail)
    await deck.open_request()
    for seen in (f"$ {command}", "folder", "why", "deny with a message", "❯", "⚠ 1"):
        assert seen in deck.text
    await deck.press("y")
    await deck.until(lambda: request not in deck.state.requests, "the answer")


async def review(deck: LiveDeck) -> None:
    """Accept three hunks, reject the last one, send."""
    await deck.asked(ReviewDetail)
    assert deck.at("prompt")
    before = sources(deck.folder)
    await deck.press("ctrl+x", "d", "y", "y", "y", "n")
    assert "3✔ 1✘ 0?" in deck.text
    await deck.press("enter")
    assert "3 accepted, 1 rejected: enter again sends" in deck.text
    assert sources(deck.folder) == before
    await deck.press("enter")
    deck.clock.advance(1.0)
    await deck.until(lambda: deck.state.reviews[-1].state == "applied", "the write")
    await deck.press("escape")


async def look_around(deck: LiveDeck) -> None:
    """Every pane that has something can be reached, at this size."""
    for key, words in (("t", "T6 Sum up"), ("j", "check_bills.py"), ("d", "✔ applied 3 of 4")):
        await deck.press("ctrl+x", key)
        assert words in deck.text
    await deck.press("escape")
    assert deck.at("prompt")


def whole(deck: LiveDeck, size: tuple[int, int]) -> None:
    """The screen is filled and its lines are where they always are."""
    assert [len(row) for row in deck.rows] == [size[0]] * size[1]
    assert deck.rows[0].startswith(" nanodeck")
    assert "NORMAL" in deck.rows[-2]
    assert "SCRIPTED" in deck.rows[-2]


@pytest.mark.parametrize("sizes", ORDERS, ids=lambda sizes: "x".join(map(str, sizes[0])))
async def test_a_whole_job_with_the_terminal_growing_and_shrinking(
    live: LiveStager, sizes: list[tuple[int, int]]
) -> None:
    first, second, third = sizes
    async with live(size=first, model="demo") as deck:
        before = sources(deck.folder)
        await deck.say("mend the bill")
        await approve(deck, "python3 -u check_bills.py")
        whole(deck, first)
        await deck.resize(second)
        await review(deck)
        after = sources(deck.folder)
        assert SERVICE in after[BILL]
        assert NICETY not in after[RECEIPT]
        whole(deck, second)
        await approve(deck, "python3 -m unittest -v")
        await deck.resize(third)
        await deck.rests()
        await deck.sees("What you can try now")
        await deck.sees("left out")
        whole(deck, third)
        await look_around(deck)
        what_the_model_knows(deck)
        await undo_and_start_again(deck, before)
        await deck.command("/exit")
        await deck.until(lambda: deck.app.return_code == 0, "the exit")


def what_the_model_knows(deck: LiveDeck) -> None:
    """Each decision and each output reached the model as it was."""
    bill, receipt = told(deck, "edit")
    assert f"{BILL}: applied 2 of 2" in bill
    assert f"{RECEIPT}: applied 1 of 2" in receipt
    assert NICETY in receipt
    assert "(exit code 0)" in told(deck, "bash")[-1]
    assert all(task.status == "completed" for task in deck.state.tasks)
    assert "Tasks 6/6" in deck.text or "tasks 6/6" in deck.text


async def undo_and_start_again(deck: LiveDeck, before: dict[str, str]) -> None:
    """The old bytes come back; a new session knows nothing of it."""
    await deck.command("/undo")
    await deck.until(lambda: bool(deck.recorded(ev.ChangesUndone)), "the old bytes")
    assert sources(deck.folder) == before
    session = deck.state.session
    await deck.command("/new")
    await deck.until(lambda: deck.state.session != session, "a new session")
    await deck.settle()
    assert "mend the bill" not in deck.text
    assert "Tasks" not in deck.text
