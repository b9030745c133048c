"""A subscriber's buffer: what it is given, what it may lose, when it is woken."""

from __future__ import annotations

from nanodeck.contracts.events import (
    PASSING,
    Envelope,
    Event,
    Noticed,
    OutputStreamed,
    TextStreamed,
    TurnEnded,
    TurnStarted,
)
from nanodeck.contracts.link import Delivery
from nanodeck.contracts.model import Usage
from nanodeck.contracts.views import SessionView, Snapshot
from nanodeck.core.fold import fold
from nanodeck.engine.bus import BUFFER_LIMIT, Buffer, Bus

END = TurnEnded("t", "done", Usage(), 0.0)


class Source:
    """Publishes on a bus as a session does."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.state = SessionView()
        self.n = 0
        self.wakes: list[bool] = []
        self.buffer = Buffer(self.bus, self.wakes.append)
        self.bus.add(self.buffer, Snapshot(0, self.state))

    def publish(self, *events: Event) -> None:
        for event in events:
            durable = not isinstance(event, PASSING)
            self.n += durable
            envelope = Envelope(self.n if durable else 0, 0.0, "s", "main", event)
            self.state = fold(self.state, envelope)
            self.bus.publish(envelope, self.state, self.n)

    def drain(self) -> list[Delivery]:
        taken: list[Delivery] = []
        while self.buffer.pending:
            taken += self.buffer.drain()
        return taken


def events(deliveries: list[Delivery]) -> list[Event]:
    return [delivery.event for delivery in deliveries if isinstance(delivery, Envelope)]


def test_a_subscription_starts_with_a_snapshot_and_joins_pieces_of_one_stream() -> None:
    source = Source()
    source.publish(
        TextStreamed("r", "a"), TextStreamed("r", "b"), OutputStreamed("c", "x"), TextStreamed("r", "c")
    )
    first, *rest = source.drain()
    assert isinstance(first, Snapshot)
    assert events(rest) == [TextStreamed("r", "ab"), OutputStreamed("c", "x"), TextStreamed("r", "c")]


def test_who_falls_too_far_behind_loses_passing_events_alone() -> None:
    source = Source()
    flood = OutputStreamed("job-1", "x" * (BUFFER_LIMIT // 4))
    source.publish(TurnStarted("t"), *[flood] * 9, END, *[flood] * 9)
    deliveries = source.drain()
    told = [event for event in events(deliveries) if not isinstance(event, PASSING)]
    assert told == [TurnStarted("t"), END]
    held = sum(len(event.text) for event in events(deliveries) if isinstance(event, OutputStreamed))
    assert held <= BUFFER_LIMIT


def test_what_is_left_after_a_flood_adds_up_to_the_present_state() -> None:
    source = Source()
    flood = TextStreamed("r", "y" * (BUFFER_LIMIT // 3))
    source.publish(TurnStarted("t"), *[flood] * 7, Noticed("info", "hi"), TextStreamed("r", "z"))
    state = SessionView()
    for delivery in source.drain():
        state = delivery.state if isinstance(delivery, Snapshot) else fold(state, delivery)
    mine, theirs = state.agent("main"), source.state.agent("main")
    assert "".join(mine.streamed) == "".join(theirs.streamed)
    assert list(mine.transcript) == list(theirs.transcript)


def test_a_subscriber_is_woken_when_its_buffer_was_empty_or_it_is_urgent() -> None:
    source = Source()
    source.drain()
    source.wakes.clear()
    source.publish(TextStreamed("r", "a"), TextStreamed("r", "b"), END)
    assert source.wakes == [False, True]


def test_a_closed_subscription_is_filled_no_more() -> None:
    source = Source()
    source.drain()
    source.buffer.close()
    source.publish(END)
    assert not source.buffer.pending
