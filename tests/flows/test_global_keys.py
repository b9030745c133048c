"""Every key of the deck does what it says from inside a prompt with a text, and leaves the text alone."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Queue, Send, SwitchMode
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListFolder, RecallPrompts
from nanodeck.contracts.requests import CommandDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.contracts.tasks import Task
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import FakeEngine, reply, said

DRAFT = "a draft"
TASKS = (Task("1", "read the code"),)
JOB = ev.JobStarted("job-1", "npm run dev", "/p", 0.0)
ASKED = Request("q1", "main", "c1", CommandDetail("ls", "/p"), Why("ask", "asks", "rule"))


def draft(deck: Stage) -> str:
    return deck.deck.area.prompt.text


async def begin(deck: Stage) -> None:
    await deck.publish(*said("hello", 1), *reply("the last reply", 1), ev.TasksChanged(TASKS), JOB)
    await deck.type(DRAFT)


PLACES = (
    (("ctrl+x", "c"), "chat"),
    (("ctrl+x", "t"), "tasks"),
    (("ctrl+x", "j"), "jobs"),
    (("f6",), "chat"),
    (("shift+f6",), "jobs"),
    (("ctrl+t",), "tasks"),
)


async def test_panes_are_reached_and_escape_comes_back(stage: Stager) -> None:
    async with stage() as deck:
        await begin(deck)
        for keys, place in PLACES:
            await deck.press(*keys)
            assert deck.at(place), keys
            await deck.press("escape")
            assert deck.at("prompt"), keys
            assert draft(deck) == DRAFT


async def test_what_opens_closes_with_escape(stage: Stager) -> None:
    engine = FakeEngine()
    engine.answers |= {ListFolder: lambda query: (), RecallPrompts: lambda query: ("sent before",)}
    async with stage(engine) as deck:
        await begin(deck)
        for keys in (("ctrl+p",), ("f1",), ("f2",), ("ctrl+x", "e"), ("ctrl+q",)):
            await deck.press(*keys)
            assert not deck.bare, keys
            await deck.press("escape")
            assert deck.bare, keys
            assert draft(deck) == DRAFT
        await deck.press("ctrl+r")
        assert deck.deck.area.prompt.has_list
        await deck.press("escape")
        assert not deck.deck.area.prompt.has_list
        assert draft(deck) == DRAFT


async def test_modes_output_copies_the_editor_and_the_oldest_request(
    stage: Stager, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage() as deck:
        await begin(deck)
        await deck.press("shift+tab")
        assert deck.commands(SwitchMode) == [SwitchMode(Mode.AUTO_ACCEPT)]
        folded = deck.text
        await deck.press("ctrl+y")
        assert deck.app.clipboard == "the last reply"
        await deck.press("ctrl+x", "b")
        assert "Tasks" not in "\n".join(deck.rows[1:])
        await deck.press("ctrl+x", "b")
        assert "Tasks" in "\n".join(deck.rows[1:])
        await deck.press("shift+left", "ctrl+c")
        assert deck.app.clipboard == "t"
        assert "hello" in folded
        monkeypatch.setattr(deck.app, "suspend", nullcontext)
        monkeypatch.setattr("nanodeck.ui.editor.edit_text", lambda text: (f"{text}, edited", ""))
        await deck.press("ctrl+g")
        assert draft(deck) == f"{DRAFT}, edited"
        await deck.press("ctrl+x", "u")
        assert draft(deck) == DRAFT
        await deck.press("ctrl+x", "r")
        assert draft(deck) == f"{DRAFT}, edited"
        await deck.press("ctrl+x", "u")
        await deck.publish(ev.RequestOpened(ASKED))
        await deck.press("ctrl+x", "!")
        assert deck.at("approval")
        assert draft(deck) == DRAFT


async def test_the_prompts_own_keys(stage: Stager) -> None:
    async with stage() as deck:
        await begin(deck)
        await deck.press("ctrl+a", "ctrl+d")
        assert draft(deck) == DRAFT[1:]
        await deck.press("escape")
        assert "esc again clears" in deck.text
        await deck.press("x", "escape")
        assert draft(deck) == "x draft"
        await deck.press("escape")
        assert draft(deck) == ""
        await deck.press("ctrl+underscore", "end", "shift+enter", "b", "ctrl+j", "\\", "enter", "d")
        assert draft(deck) == "x draft\nb\n\nd"
        await deck.press("enter")
        assert deck.commands(Send) == [Send("x draft\nb\n\nd")]
        await deck.publish(*said("work", 2))
        await deck.type("steer")
        await deck.press("enter")
        await deck.type("later")
        await deck.press("tab")
        assert [deck.commands(Send)[-1], *deck.commands(Queue)] == [Send("steer"), Queue("later")]
        await deck.type(DRAFT)
        await deck.press("escape")
        assert deck.commands(Cancel) == [Cancel()]
        await deck.publish(ev.TurnEnded("t2", "interrupted", reply("x")[-1].usage, 0.1))  # type: ignore[union-attr]
        await deck.press("ctrl+c")
        assert "ctrl+c again" in deck.text
        assert draft(deck) == DRAFT
