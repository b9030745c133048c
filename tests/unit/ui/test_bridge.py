"""What the deck is told of the engine's events, and how often."""

from __future__ import annotations

import asyncio

from nanodeck.contracts import events as ev
from nanodeck.contracts.messages import AssistantMessage, TextPart
from nanodeck.contracts.model import Usage
from nanodeck.contracts.views import ReplyEntry, SessionView
from nanodeck.ui.bridge import Batch, Bridge
from tests.flows.fake_engine import FakeEngine, reply, said


class Deck:
    """Takes batches."""

    def __init__(self, frame: float = 0.0) -> None:
        self.batches: list[Batch] = []
        self.bridge = Bridge(self.take, frame=frame)
        self.came = asyncio.Event()

    def take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.came.set()

    async def until(self, count: int) -> None:
        """Wait for so many batches."""
        while len(self.batches) < count:
            self.came.clear()
            await self.came.wait()


async def turns_of_the_loop(count: int = 10) -> None:
    """Let everything run that is ready."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_the_first_batch_is_the_snapshot() -> None:
    deck, engine = Deck(), FakeEngine(SessionView(session="s9", folder="/p"))
    deck.bridge.connect(engine)
    await deck.until(1)
    assert deck.batches[0].reset
    assert deck.bridge.state.session == "s9"


async def test_streamed_text_is_merged_and_positions_are_gathered() -> None:
    deck, engine = Deck(), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    engine.publish(*said("hello"), ev.ModelCallStarted("r1"))
    engine.publish(*(ev.TextStreamed("r1", piece) for piece in ["a", "reply"]))
    await deck.until(2)
    batch = deck.batches[1]
    assert batch.text == {"r1": "areply"}
    assert batch.touched == {0, 1}
    assert not batch.reset


async def test_text_of_other_agents_is_not_of_this_transcript() -> None:
    deck, engine = Deck(), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    engine.publish(ev.ModelCallStarted("x1"), ev.TextStreamed("x1", "hidden"), agent="tests-1")
    await deck.until(2)
    assert deck.batches[1].text == {}
    assert deck.batches[1].touched == set()


async def test_after_a_rewind_everything_is_drawn_anew_and_the_prompt_comes_back() -> None:
    deck, engine = Deck(), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    engine.publish(ev.TurnStarted("t1"), *said("hello"), *said("again"))
    await deck.until(2)
    engine.publish(ev.Rewound("t1", "conversation", messages=2, prompt="hello"))
    await deck.until(3)
    batch = deck.batches[2]
    assert (batch.reset, batch.touched, batch.returned) == (True, set(), ["hello"])
    engine.publish(ev.Rewound("t1", "files", prompt="hello"))
    await deck.until(4)
    assert deck.batches[3].returned == []


async def test_events_within_a_frame_wait_for_its_end() -> None:
    deck, engine = Deck(frame=3600.0), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    for number in range(50):
        engine.publish(ev.OutputStreamed("c1", f"{number} "))
        await turns_of_the_loop()
    assert len(deck.batches) == 1


async def test_an_urgent_event_takes_all_that_waits_for_the_frame_with_it() -> None:
    deck, engine = Deck(frame=3600.0), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    for number in range(50):
        engine.publish(ev.OutputStreamed("c1", f"{number} "))
    engine.publish(ev.Noticed("error", "no"))
    await deck.until(2)
    assert deck.batches[1].outputs == {"c1": "".join(f"{number} " for number in range(50))}
    await turns_of_the_loop()
    assert len(deck.batches) == 2


async def test_a_snapshot_between_events_forgets_what_came_before_it() -> None:
    batch = Batch(SessionView())
    engine = FakeEngine()
    face = engine.subscribe(lambda urgent: None)
    engine.publish(*said("old"), *reply("old"))
    engine.snapshot(SessionView(session="new"))
    engine.publish(ev.ModelCallStarted("r2"), ev.TextStreamed("r2", "new"))
    for delivery in face.drain():
        batch.take(delivery, "main")
    assert batch.reset
    assert batch.state.session == "new"
    assert batch.text == {"r2": "new"}
    assert batch.touched == {0}


async def test_texts_given_back_survive_a_snapshot() -> None:
    batch, engine = Batch(SessionView()), FakeEngine()
    face = engine.subscribe(lambda urgent: None)
    engine.publish(ev.QueueReturned(("typed",)))
    engine.snapshot(SessionView(session="new"))
    for delivery in face.drain():
        batch.take(delivery, "main")
    assert batch.returned == ["typed"]


async def test_a_whole_reply_in_one_batch_ends_as_it_was_said() -> None:
    batch, engine = Batch(SessionView()), FakeEngine()
    face = engine.subscribe(lambda urgent: None)
    engine.publish(*said("hi"), *reply("there"))
    for delivery in face.drain():
        batch.take(delivery, "main")
    entry = batch.state.agent("main").transcript[1]
    assert isinstance(entry, ReplyEntry)
    assert (entry.text, entry.open) == ("there", False)
    assert batch.touched == {0, 1, 2}


async def test_a_closed_bridge_delivers_nothing_more() -> None:
    deck, engine = Deck(), FakeEngine()
    deck.bridge.connect(engine)
    await deck.until(1)
    deck.bridge.close()
    message = AssistantMessage((TextPart("x"),))
    engine.publish(ev.ReplyEnded("r", message, Usage(), 0.0), ev.Noticed("info", "x"))
    await turns_of_the_loop()
    assert len(deck.batches) == 1
