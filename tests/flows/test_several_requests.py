"""A8: several agents ask at once: each request with its name and its own diff, none lost by an answer."""

from __future__ import annotations

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, SendReview
from nanodeck.contracts.requests import Answer, CommandDetail, Request, ReviewDetail
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import said


def change(number: int, path: str) -> Changeset:
    hunk = Hunk(1, 1, 1, 1, 1, "", f"-old {path}\n+new {path}")
    return Changeset(f"s{number}", (f"c{number}",), (FileDiff(path, "modified", (hunk,), 1, 1),))


async def three_agents_ask(deck: Stage) -> None:
    """Two reviews and a command, each by another agent."""
    deck.engine.publish(*said("work"))
    for number, agent, path in ((1, "tests-1", "a.py"), (2, "docs-1", "b.md")):
        asked = Request(f"q{number}", agent, f"c{number}", ReviewDetail(f"s{number}", 1, 1), "edits ask", "r")
        proposed = ev.ChangesetProposed(change(number, path))
        deck.engine.publish(proposed, ev.RequestOpened(asked), agent=agent)
    command = Request("q3", "lint-1", "c3", CommandDetail("ruff check --fix .", "/p"), "it asks", "r")
    deck.engine.publish(ev.RequestOpened(command), agent="lint-1")
    await deck.publish()


async def quiet(deck: Stage, *keys: str) -> None:
    """Press keys, each after a pause in which nothing could be pressed by accident."""
    for key in keys:
        deck.clock.advance(1.5)
        await deck.press(key)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_a8_each_request_names_its_agent_and_shows_its_own_diff(
    stage: Stager, size: tuple[int, int]
) -> None:
    async with stage(size=size) as deck:
        await three_agents_ask(deck)
        assert "⚠ 3" in deck.rows[0]
        await quiet(deck, "ctrl+x", "!")
        assert deck.at("diff")
        assert "Diff of tests-1" in deck.text
        assert "new a.py" in deck.text
        assert "ctrl+x ! next request" in deck.rows[-1]
        await quiet(deck, "ctrl+x", "!")
        assert "Diff of docs-1" in deck.text
        assert "new b.md" in deck.text
        assert "new a.py" not in deck.text
        await quiet(deck, "ctrl+x", "!")
        assert deck.at("approval")
        assert "asked by lint-1" in deck.text
        assert "ruff check --fix ." in deck.text
        assert "request 3 of 3" in deck.text
        await quiet(deck, "left")
        assert "A review waits, asked by docs-1" in deck.text
        await quiet(deck, "left", "d")
        assert deck.at("diff")
        assert not deck.deck.approval.is_open
        assert "Diff of tests-1" in deck.text


async def test_a8_answering_one_loses_no_other_and_keeps_what_was_decided_on_it(stage: Stager) -> None:
    async with stage() as deck:
        await three_agents_ask(deck)
        await quiet(deck, "ctrl+x", "!", "y")
        assert deck.commands(MarkHunks) == [MarkHunks("s1", (HunkMark("a.py", 1, "accepted"),))]
        deck.engine.publish(ev.HunksMarked("s1", (HunkMark("a.py", 1, "accepted"),), 1), agent="tests-1")
        await quiet(deck, "ctrl+x", "!", "ctrl+x", "!", "y")
        assert deck.commands(Decide) == [Decide("q3", Answer("once"))]
        deck.engine.publish(ev.RequestClosed("q3", Answer("once")), agent="lint-1")
        await deck.publish()
        # The focus is where it was before the command: at the review of the second agent.
        assert deck.at("diff")
        assert "Diff of docs-1" in deck.text
        await quiet(deck, "n", "enter", "enter")
        deck.clock.advance(1.5)
        await deck.settle()
        assert deck.commands(SendReview) == [SendReview("q2")]
        deck.engine.publish(
            ev.RequestClosed("q2", Answer("once")), ev.ChangesetEnded("s2", ()), agent="docs-1"
        )
        await deck.publish()
        assert "⚠ 1" in deck.rows[0]
        assert "Diff of tests-1" in deck.text
        assert "✔ accepted" in deck.text


async def test_a8_a_request_that_is_withdrawn_or_comes_in_under_the_finger_is_never_answered(
    stage: Stager,
) -> None:
    async with stage() as deck:
        await three_agents_ask(deck)
        await quiet(deck, "ctrl+x", "!", "ctrl+x", "!", "ctrl+x", "!")
        other = Request("q4", "main", "c4", CommandDetail("rm -rf x", "/p"), "it asks", "r")
        deck.clock.advance(1.5)
        deck.engine.publish(ev.RequestOpened(other))
        deck.engine.publish(ev.RequestClosed("q3"), agent="lint-1")
        await deck.publish()
        assert "rm -rf x" in deck.text
        assert "closed elsewhere" in deck.text
        await deck.press("y", "1", "y")
        assert deck.commands(Decide) == []
        await quiet(deck, "y")
        assert deck.commands(Decide) == [Decide("q4", Answer("once"))]
