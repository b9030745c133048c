"""The bus: every event to every subscriber, each with a buffer of its own. The engine never waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from operator import attrgetter
from time import monotonic
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts.events import (
    PASSING,
    URGENT,
    CallStreamed,
    DraftChanged,
    Envelope,
    OutputStreamed,
    ReasoningStreamed,
    TextStreamed,
)
from nanodeck.contracts.link import Delivery
from nanodeck.contracts.views import SessionView, Snapshot

BUFFER_LIMIT = 8 * 1024 * 1024
_ENVELOPE_COST = 200
_MERGED = (TextStreamed, ReasoningStreamed, OutputStreamed)

# Each of some hundred thousand events a second is looked at: by its type, which is quicker than a match.
_SOURCE: dict[type, Callable[[Any], str]] = {
    TextStreamed: attrgetter("reply"),
    ReasoningStreamed: attrgetter("reply"),
    OutputStreamed: attrgetter("source"),
}
_TEXT: dict[type, Callable[[Any], str]] = {
    **{kind: attrgetter("text") for kind in _MERGED},
    CallStreamed: attrgetter("arguments"),
}
_URGENT = frozenset(URGENT)
_Stream = tuple[type, str, str]


class Buffer:
    """One subscriber's buffer. Filled from the engine's thread, drained from the subscriber's."""

    def __init__(self, bus: Bus, wake: Callable[[bool], None]) -> None:
        self._bus = bus
        self._wake = wake
        self._lock = threading.Lock()
        self._items: deque[Delivery] = deque()
        self._size = 0

    def restart(self, snapshot: Snapshot) -> None:
        """Forget the backlog: everything starts again from `snapshot`."""
        with self._lock:
            self._items = deque([snapshot])
            self._size = 0
        self._wake(True)

    def put(self, envelope: Envelope, state: SessionView, n: int) -> None:
        """Buffer `envelope`; of a backlog that is too long a snapshot replaces what is passing."""
        with self._lock:
            was_empty = not self._items
            self._items.append(envelope)
            self._size += _cost(envelope)
            if self._size > BUFFER_LIMIT:
                self._items = deque([*self._lasting(), Snapshot(n, state)])
                self._size = 0
        urgent = type(envelope.event) in _URGENT
        if was_empty or urgent:
            self._wake(urgent)

    def _lasting(self) -> list[Delivery]:
        """What nobody may miss: the state it starts from and the durable events."""
        return [
            item
            for place, item in enumerate(self._items)
            if (place == 0 if isinstance(item, Snapshot) else not isinstance(item.event, PASSING))
        ]

    def drain(self, seconds: float = 0.004) -> list[Delivery]:
        """Take what is buffered, neighbouring pieces of one stream joined."""
        until = monotonic() + seconds
        taken: list[Delivery] = []
        while True:
            with self._lock:
                batch = [self._items.popleft() for _ in range(min(len(self._items), 256))]
                self._size = self._size - sum(map(_cost, batch)) if self._items else 0
            taken += batch
            if not batch or monotonic() >= until:
                return merge(taken)

    @property
    def pending(self) -> bool:
        """Whether something is left to drain."""
        return bool(self._items)

    def close(self) -> None:
        """Stop receiving."""
        self._bus.remove(self)


class Bus:
    """Hands events to all buffers, from the engine's thread."""

    def __init__(self) -> None:
        self._buffers: tuple[Buffer, ...] = ()
        self._lock = threading.Lock()

    def add(self, buffer: Buffer, snapshot: Snapshot) -> None:
        """Fill `buffer` from now on, `snapshot` first."""
        buffer.restart(snapshot)
        with self._lock:
            self._buffers = (*self._buffers, buffer)

    def restart(self, snapshot: Snapshot) -> None:
        """Another session took over: every buffer starts again from `snapshot`."""
        for buffer in self._buffers:
            buffer.restart(snapshot)

    def remove(self, buffer: Buffer) -> None:
        """Stop filling `buffer`."""
        with self._lock:
            self._buffers = tuple(other for other in self._buffers if other is not buffer)

    def publish(self, envelope: Envelope, state: SessionView, n: int) -> None:
        """Give `envelope` to every buffer; `state` and `n` are the fold after it."""
        for buffer in self._buffers:
            buffer.put(envelope, state, n)


def _cost(item: Delivery) -> int:
    """What keeping a passing event takes; others are kept by the session's state anyway."""
    if isinstance(item, Snapshot):
        return 0
    event = item.event
    if text := _TEXT.get(type(event)):
        return _ENVELOPE_COST + len(text(event))
    if isinstance(event, DraftChanged):
        return _ENVELOPE_COST + sum(len(hunk.body) for file in event.diff.files for hunk in file.hunks)
    return _ENVELOPE_COST if isinstance(event, PASSING) else 0


def merge(items: list[Delivery]) -> list[Delivery]:
    """`items` with neighbouring passing pieces of the same stream joined into one."""
    merged: list[Delivery] = []
    pieces: list[str] = []
    last: _Stream | None = None
    for item in items:
        stream = _stream_of(item)
        if stream is not None and stream == last:
            assert isinstance(item, Envelope)
            pieces.append(_TEXT[stream[0]](item.event))
            continue
        _join(merged, pieces)
        merged.append(item)
        last = stream
    _join(merged, pieces)
    return merged


def _stream_of(item: Delivery) -> _Stream | None:
    """What an event is a piece of; None for what is whole."""
    if isinstance(item, Snapshot):
        return None
    kind = type(item.event)
    source = _SOURCE.get(kind)
    return (kind, item.agent, source(item.event)) if source else None


def _join(merged: list[Delivery], pieces: list[str]) -> None:
    if not pieces:
        return
    last = merged[-1]
    if isinstance(last, Envelope) and isinstance(last.event, _MERGED):
        event = replace(last.event, text="".join([last.event.text, *pieces]))
        merged[-1] = replace(last, event=event)
    pieces.clear()
