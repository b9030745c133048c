"""Keys that were meant for something else: nothing is ever approved by accident, no draft is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from textual import events

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.contracts.commands import Decide, MarkHunks, Queue, Send, SendReview
from nanodeck.contracts.events import Event
from nanodeck.contracts.requests import CommandDetail, Request, ReviewDetail
from nanodeck.contracts.tasks import Task
from tests.flows import keyboard
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import said
from tests.flows.keyboard import reach, tap

PLACES = ["prompt", "chat", "diff", "tasks", "jobs"]
KEYS = ["y", "n", "1", "enter"]
HELD = 0.03
PAUSES = [HELD, 0.39, 0.5, 0.9]
BEFORE, AFTER = 1, 3
SIZE = (100, 32)
PHASES = [0.1, 0.9]
"""Where between two presses the request arrives."""

HUNKS = tuple(Hunk(n, n * 10, 1, n * 10, 1, "def f", "-old\n+new") for n in (1, 2))


Arrival = tuple[list[Event], list[Event]]
"""The events of a request's opening, and those of its end."""


def changes(name: str) -> Changeset:
    return Changeset(name, ("c",), (FileDiff("a.py", "modified", HUNKS, 2, 2),))


def command(number: int) -> Arrival:
    """A command that asks."""
    request = Request(f"q{number}", "main", "c", CommandDetail("make", "/p"))
    return [ev.RequestOpened(request)], [ev.RequestClosed(request.id)]


def review(number: int) -> Arrival:
    """A review of two hunks."""
    request = Request(f"q{number}", "main", "c", ReviewDetail(f"s{number}", 1, 2))
    opened: list[Event] = [ev.ChangesetProposed(changes(f"s{number}")), ev.RequestOpened(request)]
    return opened, [ev.RequestClosed(request.id), ev.ChangesetEnded(f"s{number}", (), 2)]


REQUESTS: dict[str, Callable[[int], Arrival]] = {"command": command, "review": review}


async def furnish(deck: Stage) -> None:
    """Something in every pane, and a turn that works."""
    await deck.publish(
        ev.ChangesetProposed(changes("s0")),
        ev.ChangesetEnded("s0", ()),
        ev.TasksChanged((Task("1", "read the code"), Task("2", "wire it"))),
        ev.JobStarted("job-1", "npm run dev", "/p", 0.0),
        *said("work"),
    )


async def happen(deck: Stage, events: list[Event]) -> None:
    """Let the engine say something, without drawing every step of it."""
    deck.engine.publish(*events)
    deck.app.bridge.flush()
    await reach(deck.app)


async def stand_in(deck: Stage, place: str) -> None:
    """Begin in `place`, with an empty prompt and nothing else open."""
    while not deck.bare:
        await deck.press("escape")
    deck.deck.area.prompt.replace_text("")
    deck.deck.go_to(place)
    await reach(deck.app)
    deck.clock.advance(5.0)
    deck.engine.commands.clear()
    assert deck.at(place)


async def press_every(deck: Stage, key: str, pause: float, times: int) -> None:
    """Press `key` again and again, a `pause` after each; requests look whether they may open meanwhile."""
    for _ in range(times):
        await tap(deck.app, key)
        deck.clock.advance(pause)
        deck.deck.attention.consider()


def nothing_was_approved(deck: Stage, what: str) -> None:
    for kind in (Decide, SendReview, MarkHunks):
        assert deck.commands(kind) == [], what


def every_letter_is_kept(deck: Stage, key: str, times: int, what: str) -> None:
    """What was typed stands in the prompt, or was sent by the person's own enter."""
    sent = [text.text for text in deck.engine.commands if isinstance(text, Send | Queue)]
    typed = "" if key == "enter" else key * times
    assert "".join(sent) + deck.deck.area.prompt.text == typed, what


def rhythms() -> Iterator[tuple[float, float]]:
    """How fast the key is pressed, and when between two presses the request arrives."""
    yield from product(PAUSES, PHASES)


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", PLACES)
async def test_a_key_pressed_again_and_again_while_a_request_arrives(
    stage: Stager, place: str, key: str, kind: str
) -> None:
    async with stage(size=SIZE) as deck:
        await furnish(deck)
        for number, (pause, phase) in enumerate(rhythms()):
            what = f"{key} every {pause} s in {place}, {kind} after {phase} of a pause"
            opened, closed = REQUESTS[kind](number)
            await stand_in(deck, place)
            await press_every(deck, key, pause, BEFORE)
            await tap(deck.app, key)
            deck.clock.advance(pause * phase)
            await happen(deck, opened)
            deck.clock.advance(pause * (1 - phase))
            await press_every(deck, key, pause, AFTER)
            await deck.pilot.pause(0)
            nothing_was_approved(deck, what)
            if place == "prompt":
                every_letter_is_kept(deck, key, BEFORE + 1 + AFTER, what)
            await happen(deck, closed)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", ["prompt", "chat"])
async def test_a_key_pressed_again_and_again_from_the_moment_a_request_came_up(
    stage: Stager, place: str, key: str
) -> None:
    async with stage(size=SIZE) as deck:
        await furnish(deck)
        for number, (pause, first) in enumerate(product(PAUSES, (0.0, 0.39))):
            opened, closed = command(number)
            await stand_in(deck, place)
            await happen(deck, opened)
            assert deck.at("approval")
            deck.clock.advance(first)
            await press_every(deck, key, pause, AFTER)
            await deck.pilot.pause(0)
            nothing_was_approved(deck, f"{key} every {pause} s, {first} s after the request came up")
            await happen(deck, closed)
            assert deck.at(place)


@pytest.mark.parametrize("key", ["y", "1", "n"])
async def test_a_held_key_answers_one_request_and_never_the_next(stage: Stager, key: str) -> None:
    async with stage(size=SIZE) as deck:
        await deck.publish(*said("work"), *command(1)[0], *command(2)[0])
        deck.clock.advance(1.0)
        for pause in PAUSES:
            await press_every(deck, key, pause, AFTER)
        await deck.settle()
        assert [one.request for one in deck.engine.commands if isinstance(one, Decide)] == ["q1"]


@pytest.mark.parametrize("pause", PAUSES)
async def test_a_review_that_follows_another_is_not_decided_by_the_keys_that_ended_that(
    stage: Stager, pause: float
) -> None:
    async with stage(size=SIZE) as deck:
        opened, closed = review(1)
        await deck.publish(*said("work"), *opened)
        await deck.press("ctrl+x", "d")
        for key in ("y", "y", "enter", "enter"):
            deck.clock.advance(1.0)
            await deck.press(key)
        deck.clock.advance(1.0)
        await deck.settle()
        assert deck.commands(SendReview) == [SendReview("q1")]
        await deck.publish(*closed, *review(2)[0])
        deck.engine.commands.clear()
        deck.clock.advance(min(pause, 0.39))
        for key in ("enter", "y", "A"):
            await press_every(deck, key, pause, AFTER)
        await deck.settle()
        nothing_was_approved(deck, f"keys every {pause} s")


async def test_a_key_that_is_dropped_in_the_review_says_why_and_a_pause_makes_it_count(stage: Stager) -> None:
    async with stage(size=SIZE) as deck:
        await furnish(deck)
        await stand_in(deck, "diff")
        await deck.publish(*review(1)[0])
        await deck.press("y")
        nothing_was_approved(deck, "y at once")
        assert "too soon: decide after a short pause" in deck.text
        deck.clock.advance(1.0)
        await deck.press("y")
        assert len(deck.commands(MarkHunks)) == 1
        assert "short pause" not in deck.text


async def test_text_pasted_while_a_request_comes_up_answers_nothing(stage: Stager) -> None:
    async with stage(size=SIZE) as deck:
        await deck.publish(*said("work"), *command(1)[0])
        for _ in range(3):
            keyboard.send(deck.app, events.Paste("y\n1\ny\n"))
            await deck.settle()
            deck.clock.advance(1.0)
        nothing_was_approved(deck, "a paste")


async def test_a_reason_that_was_being_written_comes_back_when_its_request_is_gone(stage: Stager) -> None:
    async with stage(size=SIZE) as deck:
        opened, closed = command(1)
        await deck.publish(*said("work"), *opened)
        deck.clock.advance(1.0)
        await deck.press("tab")
        await deck.type("use the make target")
        await deck.publish(*closed)
        assert deck.deck.area.prompt.text == "use the make target"
        assert deck.at("prompt")
