"""Whatever a surface has to show or not, it says what can be done next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Event
from nanodeck.contracts.messages import AssistantMessage, TextPart
from nanodeck.contracts.model import Usage
from nanodeck.contracts.queries import Lines, ListModels, ListSessions, Query, ReadOutput
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.views import SessionView
from tests.flows.conftest import SIZES, Stage, Stager
from tests.flows.fake_engine import MODEL, FakeEngine, reply, said
from tests.flows.test_deck_requests import CHANGES, SHELL, review

CUT = ev.ReplyEnded("r1", AssistantMessage((TextPart("I will"),), "interrupted"), Usage(), 1.0)
PROPOSED = ev.ChangesetProposed(CHANGES)


def ended(end: ev.TurnEnd, detail: str = "") -> Event:
    return ev.TurnEnded("t1", end, Usage(1200, 80, 900), 2.0, detail)


CHAT: dict[str, tuple[list[Event], tuple[str, ...]]] = {
    "empty": ([], ("Say what should change", "/tour", "nanodeck 0", "ready")),
    "calling": ([*said("x"), ev.ModelCallStarted("r1")], ("busy", "waiting for the model", "esc stop")),
    "thinking": (
        [*said("x"), ev.ModelCallStarted("r1"), ev.ReasoningStreamed("r1", "hm")],
        ("thinking", "esc stop"),
    ),
    "running": ([*said("x"), ev.ToolStarted("c1", "bash", "bash make")], ("running bash", "esc stop")),
    "offline": (
        [*said("x"), ev.RetryScheduled(1, 8.0, "cannot connect")],
        ("retry in", "cannot connect", "esc stop"),
    ),
    "waiting": ([*said("x"), ev.RequestOpened(SHELL)], ("asking", "⚠", "once", "deny", "keys live")),
    "interrupted": (
        [*said("x"), ev.ModelCallStarted("r1"), CUT, ended("interrupted")],
        ("interrupted", "cut off", "say what to do instead"),
    ),
    "broken": (
        [*said("x"), ev.Noticed("error", "401: refused", "check the key"), ended("error", "401: refused")],
        ("401: refused", "check the key", "/model takes another"),
    ),
    "at the limit": ([*said("x"), ended("max-turns")], ("limit", "“go on”")),
    "done": ([*said("x"), *reply("Done."), ended("done")], ("1.2k in (900 cached) · 80 out · 2.0s", "ready")),
}


@pytest.mark.parametrize("size", SIZES)
async def test_the_chat_says_what_is_and_what_to_do(stage: Stager, size: tuple[int, int]) -> None:
    async with stage(size=size) as deck:
        for name, (events, words) in CHAT.items():
            deck.engine.snapshot(SessionView(session=name, folder="/p", cwd="/p", model=MODEL))
            await deck.publish(*events)
            missing = [word for word in words if word not in deck.text]
            assert not missing, f"{name}: {missing} is not on the screen:\n{deck.text}"


async def test_advice_goes_once_the_person_goes_on(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("x"), ended("interrupted"))
        assert "say what to do instead" in deck.text
        await deck.publish(*said("go on", 2))
        assert "interrupted" in deck.text
        assert "say what to do instead" not in deck.text


CHANGE: dict[str, tuple[list[Event], str]] = {
    "draft": (
        [ev.CallStreamed("r1", "c2", "edit", "{"), ev.DraftChanged("c2", CHANGES)],
        "still writes this",
    ),
    "asking": (review(), "ENTER send review"),
    "applied": (
        [PROPOSED, ev.ChangesetEnded("s1", (AppliedFile("api/handler.py", "modified", 1, 1),))],
        "/undo puts it back",
    ),
    "refused": ([PROPOSED, ev.ChangesetEnded("s1", (), 1)], "nothing was written"),
    "failed": ([PROPOSED, ev.ChangesetEnded("s1", (), 0, "the file changed")], "not written"),
    "undone": (
        [
            PROPOSED,
            ev.ChangesetEnded("s1", (AppliedFile("api/handler.py", "modified", 1, 1),)),
            ev.ChangesUndone("s1", ("api/handler.py",)),
        ],
        "the files are as they were",
    ),
}


async def test_the_diff_says_what_became_of_a_change(stage: Stager) -> None:
    async with stage() as deck:
        for name, (events, words) in CHANGE.items():
            deck.engine.snapshot(SessionView(session=name, folder="/p", cwd="/p", model=MODEL))
            await deck.publish(*said("x"), ev.ModelCallStarted("r1"), *events)
            deck.deck.go_to("diff")
            await deck.settle()
            assert words in deck.text, f"{name}: {words!r} is not on the screen:\n{deck.text}"


async def test_panes_with_nothing_to_show_say_what_will_come(stage: Stager) -> None:
    async with stage() as deck:
        heard = deck.hear()
        for key, words in (("d", "no changes yet"), ("t", "no tasks yet"), ("j", "no background jobs yet")):
            await deck.press("ctrl+x", key)
            assert words in heard[-1]
        await deck.publish(*said("x"), ev.TasksChanged((Task("1", "Read"),)))
        await deck.press("ctrl+x", "t", "b")
        assert "b shows" in deck.text


def never(query: object) -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


def broken(query: object) -> None:
    raise NanodeckError("the disk does not answer", advice="try again later")


Answer = Callable[[Query[object]], object]
LISTS: tuple[tuple[str, type, Answer, str], ...] = (
    ("model", ListModels, never, "asking the providers"),
    ("model", ListModels, broken, "enter tries again"),
    ("model", ListModels, lambda query: (), "type a name"),
    ("resume", ListSessions, never, "reading"),
    ("resume", ListSessions, broken, "the disk does not answer"),
    ("resume", ListSessions, lambda query: (), "no earlier sessions"),
)


async def open_list(deck: Stage, command: str, query: type, answer: Answer) -> None:
    deck.engine.answers[query] = answer
    deck.deck.run_command(command, "")
    await deck.until(lambda: not deck.bare, "the list")


async def shown(deck: Stage, words: str) -> None:
    await deck.until(lambda: words in deck.text, words)


async def test_lists_say_that_they_load_failed_or_are_empty(stage: Stager) -> None:
    async with stage() as deck:
        for command, query, answer, words in LISTS:
            await open_list(deck, command, query, answer)
            await shown(deck, words)
            assert "esc closes" in deck.text
            await deck.press("escape")
            await deck.until(lambda: deck.bare, "the deck")


async def test_a_list_that_could_not_be_fetched_is_fetched_again_with_enter(stage: Stager) -> None:
    async with stage() as deck:
        await open_list(deck, "resume", ListSessions, broken)
        await deck.until(lambda: "enter tries again" in deck.text, "the failure")
        deck.engine.answers[ListSessions] = lambda query: ()
        await deck.press("enter")
        await deck.until(lambda: "no earlier sessions" in deck.text, "the list")
        await deck.type("x")
        assert "enter tries again" not in deck.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (never, "reading"),
        (broken, "the disk does not answer: esc goes back"),
        (lambda query: Lines(0, 0, ""), "it printed nothing"),
    ],
)
async def test_an_output_says_why_there_is_nothing_to_read(stage: Stager, answer: Answer, words: str) -> None:
    engine = FakeEngine()
    engine.answers[ReadOutput] = answer
    async with stage(engine) as deck:
        deck.deck.show_output("c1", "make")
        await deck.until(lambda: words in deck.text, words)
