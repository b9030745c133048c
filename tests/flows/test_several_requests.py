"""A8: several agents ask at once: each request with its name and its own diff, none lost by an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, SendReview
from nanodeck.contracts.requests import Answer, CommandDetail, Request, ReviewDetail
from tests.flows.conftest import LiveStager, Stage, Stager
from tests.flows.fake_engine import said
from tests.support.agents import start_agent
from tests.support.model_server import ModelServer, Reply


def change(number: int, path: str) -> Changeset:
    hunk = Hunk(1, 1, 1, 1, 1, "", f"-old {path}\n+new {path}")
    return Changeset(f"s{number}", (f"c{number}",), (FileDiff(path, "modified", (hunk,), 1, 1),))


async def three_agents_ask(deck: Stage) -> None:
    """Two reviews and a command, each by another agent."""
    deck.engine.publish(*said("work"))
    for number, agent, path in ((1, "tests-1", "a.py"), (2, "docs-1", "b.md")):
        asked = Request(f"q{number}", agent, f"c{number}", ReviewDetail(f"s{number}", 1, 1))
        proposed = ev.ChangesetProposed(change(number, path))
        deck.engine.publish(proposed, ev.RequestOpened(asked), agent=agent)
    command = Request("q3", "lint-1", "c3", CommandDetail("ruff check --fix .", "/p"))
    deck.engine.publish(ev.RequestOpened(command), agent="lint-1")
    await deck.publish()


def edit(line: int) -> Reply:
    edits = [{"old_string": f"line {line}\n", "new_string": f"LINE {line}\n"}]
    return Reply(calls=[("edit", {"path": "a.py", "edits": edits})])


async def test_a8_three_agents_ask_at_once_and_each_gets_its_own_answer(
    live: LiveStager, project: Path
) -> None:
    """A8: requests queue, each with its agent's name and its own diff; answering one loses no other."""
    file = project / "a.py"
    file.write_text("".join(f"line {n}\n" for n in range(1, 41)))
    read, run = ("read", {"path": "a.py"}), ("bash", {"command": "env echo from lint"})
    replies = Reply(calls=[read]), edit(3), edit(30), Reply(calls=[run]), Reply(["done"])
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            for number, agent in enumerate(("tests-1", "docs-1", "lint-1"), 1):
                start_agent(deck.app.link, agent)
                await deck.sees(f"⚠ {number}")
            for agent, own in (("tests-1", "+ LINE 3 "), ("docs-1", "+ LINE 30 ")):
                await deck.press("ctrl+x", "!")
                await deck.sees(f"Diff of {agent}")
                await deck.sees(own)
            assert "+ LINE 3 " not in deck.text
            await deck.press("ctrl+x", "!")
            await deck.sees("asked by lint-1")
            assert "$ env echo from lint" in deck.text
            await deck.press("y")
            await deck.until(lambda: len(deck.state.requests) == 2, "the answer")
            await deck.sees("Diff of docs-1")
            deck.clock.advance(5.0)
            await deck.press("y")
            await deck.send_review()
            await deck.until(lambda: "LINE 30\n" in file.read_text(), "the second change")
            assert "LINE 3\n" not in file.read_text()
            await deck.sees("Diff of tests-1")
            deck.clock.advance(5.0)
            await deck.press("y")
            await deck.send_review()
            await deck.until(lambda: "LINE 3\n" in file.read_text(), "the first change")
            await deck.until(lambda: not deck.state.requests, "nobody who asks")
            assert "LINE 30\n" in file.read_text()


async def quiet(deck: Stage, *keys: str) -> None:
    """Press keys, each after a pause in which nothing could be pressed by accident."""
    for key in keys:
        deck.clock.advance(1.5)
        await deck.press(key)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_a8_each_request_names_its_agent_and_shows_its_own_diff(
    stage: Stager, size: tuple[int, int]
) -> None:
    """A8: ctrl+x ! and left walk the requests, each with its agent and its own diff."""
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
    """A8: what was decided on one review is there after others were answered."""
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
    """A8: keys meant for a request that is gone answer no other."""
    async with stage() as deck:
        await three_agents_ask(deck)
        await quiet(deck, "ctrl+x", "!", "ctrl+x", "!", "ctrl+x", "!")
        other = Request("q4", "main", "c4", CommandDetail("rm -rf x", "/p"))
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
