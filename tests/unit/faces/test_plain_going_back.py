"""Going back to before a turn, in lines."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import Redo, Rewind, Undo
from nanodeck.contracts.queries import ListTurns, PlanRewind, ReadDiff
from nanodeck.contracts.rewinding import RewindPlan
from nanodeck.contracts.sources import DiffPage, Source
from tests.flows.fake_engine import FakeEngine, reply, said
from tests.flows.test_going_back import FILES, TURNS
from tests.unit.faces.talking import talking


async def test_a_turn_its_files_and_what_goes_back_are_picked_by_numbers() -> None:
    engine = FakeEngine()
    hunk = Hunk(1, 1, 1, 1, 1, "", "-blue\n+red")
    page = DiffPage(Source("rewind", "t2"), (FileDiff("a.py", "modified", (hunk,), 1, 1),), 1)
    engine.answers = {
        ListTurns: lambda query: TURNS,
        PlanRewind: lambda query: RewindPlan(query.turn, FILES, 2),
        ReadDiff: lambda query: page,
    }
    async with talking(engine) as talk:
        talk.type("/rewind")
        await talk.until("1: make it blue (2 messages since, it changed 1 file +3 -1: a.py)")
        await talk.until("2: make it red (4 messages since, it changed no file)")
        talk.type("1")
        await talk.until("2 messages and 3 files would go back")
        await talk.until("a.py: put back, +1 -3")
        await talk.until("c.py: left alone: you changed the same lines")
        await talk.until("5: look at the diff first")
        talk.type("5")
        await talk.until("1 file, 1 hunk")
        talk.type("", "6")
        await talk.until("Which file?")
        await talk.until("2: b.py")
        talk.type("2")
        await talk.until("2 messages and 2 files would go back")
        await talk.until("b.py: left alone, as you wish")
        await talk.until("what?")
        talk.type("1", "/undo", "/redo", "/status")
        await talk.until("Session: ")
        engine.publish(
            ev.Rewound("t1", "both", (), ("b.py",), "c9", messages=2, prompt="make it blue"),
            ev.ChangesRedone("c9", ("a.py",)),
        )
        await talk.until("Back to before “make it blue”: 2 messages taken off the conversation; 1 file left")
        await talk.until("You had said: make it blue")
        await talk.until("Written again: a.py")
        assert engine.commands == [Rewind("t2", "both", ("b.py",)), Undo(), Redo()]


async def test_nothing_to_go_back_to_and_a_turn_that_runs() -> None:
    engine = FakeEngine()
    engine.answers = {ListTurns: lambda query: ()}
    async with talking(engine) as talk:
        talk.type("/rewind")
        await talk.until("Nothing was said yet")
        engine.publish(*said("x"))
        talk.type("/rewind")
        await talk.until("A turn is running")
        engine.publish(*reply("y"))
        await talk.until("Done")
