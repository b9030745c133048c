"""Checkpoints in lines."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.checkpoints import Checkpoint, CheckpointStore
from nanodeck.contracts.commands import CollectCheckpoints, CreateCheckpoint, LoadCheckpoint
from nanodeck.contracts.queries import ReadCheckpointStore
from tests.flows.fake_engine import FakeEngine
from tests.unit.faces.talking import talking


async def test_what_is_kept_is_listed_with_what_it_takes_and_verbs_are_commands() -> None:
    engine = FakeEngine()
    engine.answers = {ReadCheckpointStore: lambda query: CheckpointStore("/state", 3 << 20, 2)}
    files = (AppliedFile("a.py", "modified", 3, 1),)
    async with talking(engine) as talk:
        talk.type("/checkpoints")
        await talk.until("There are no checkpoints of this session yet.")
        engine.publish(ev.CheckpointTaken(Checkpoint("c1", 1, "named", "t", 0.0, name="good")))
        step = Checkpoint("c2", 2, "turn", "t", 0.0, files=files, total=1, added=3, removed=1, skipped=("x",))
        engine.publish(ev.CheckpointTaken(step))
        engine.publish(ev.CheckpointTaken(Checkpoint("c3", 3, "command", "t", 0.0, call="gone")))
        first = Checkpoint("c4", 4, "turn", "t", 0.0, call="gone too")
        engine.publish(ev.CheckpointTaken(first))
        talk.type("/checkpoint list")
        await talk.until("  1: good")
        await talk.until("  2: before the edits of a turn (1 file +3 -1, 1 file not kept)")
        await talk.until("  3: before a command")
        await talk.until("  4: before a command")
        await talk.until("all sessions here: 2 checkpoints, 3.0 MB in /state")
        talk.type("/checkpoint load", "/checkpoint burn it", "/checkpoint gc soon")
        await talk.until("/checkpoints load needs a name")
        await talk.until("/checkpoints takes create NAME, load NAME")
        await talk.until("/checkpoints takes create NAME, load NAME")
        talk.type("/checkpoint create so far", "/checkpoint load so far", "/checkpoint gc 7", "/checkpoints")
        await talk.until("all sessions here")
    asked = (CreateCheckpoint("so far"), LoadCheckpoint("so far"), CollectCheckpoints(7.0, 2048.0))
    assert tuple(engine.commands)[:3] == asked
