"""From the engine's thread to the deck: one drain a frame, streamed text merged, the state folded."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from time import monotonic

from msgspec import Struct, field

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.events import (
    ChangesRedone,
    ChangesUndone,
    Envelope,
    OutputStreamed,
    QueueReturned,
    ReasoningStreamed,
    Rewound,
    TextStreamed,
)
from nanodeck.contracts.link import Delivery, EngineLink, Subscription
from nanodeck.contracts.views import SessionView, Snapshot
from nanodeck.core.fold import fold

FRAME = 1 / 30
BUDGET = 0.004


class Batch(Struct):
    """What happened since the last frame, seen from one agent.

    `touched` are positions of its transcript; `text` and `reasoning` are what streamed, by reply;
    `outputs` live output by tool call or job; `returned` texts that go back to the prompt. It has
    `moved` when anything else happened. After a `reset` only `state` counts: everything is drawn
    anew from it.
    """

    state: SessionView
    reset: bool = False
    moved: bool = False
    touched: set[int] = field(default_factory=set)
    text: dict[str, str] = field(default_factory=dict)
    reasoning: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    returned: list[str] = field(default_factory=list)

    def take(self, delivery: Delivery, agent: str) -> None:
        """Fold one delivery in."""
        if isinstance(delivery, Snapshot):
            self.state = delivery.state
            self._begin_anew()
            return
        before = self.state.agents.get(agent)
        self.state = fold(self.state, delivery)
        after = self.state.agents.get(agent)
        if after is not None and after is not before:
            self.touched.update(after.touched)
            moved = isinstance(delivery.event, ChangesUndone | ChangesRedone)
            if moved and before is not None and after.turns is not before.turns:
                # A rewind's conversation comes and goes with it.
                self._begin_anew()
        self._note(delivery, delivery.agent == agent)

    def _begin_anew(self) -> None:
        self.reset, self.moved = True, True
        for seen in (self.touched, self.text, self.reasoning, self.outputs):
            seen.clear()

    def _note(self, envelope: Envelope, ours: bool) -> None:
        match envelope.event:
            case TextStreamed(reply=reply, text=text) if ours:
                self.text[reply] = self.text.get(reply, "") + text
            case ReasoningStreamed(reply=reply, text=text) if ours:
                self.reasoning[reply] = self.reasoning.get(reply, "") + text
            case OutputStreamed(source=source, text=text):
                self.outputs[source] = self.outputs.get(source, "") + text
            case QueueReturned(texts=texts) if ours:
                self.moved = True
                self.returned.extend(texts)
            case Rewound(what=what, prompt=prompt) if ours:
                self._begin_anew()
                if prompt and what != "files":
                    self.returned.append(prompt)
            case _:
                self.moved = True


class Bridge:
    """Drains a subscription on the deck's loop and hands every batch to `deliver`."""

    def __init__(
        self, deliver: Callable[[Batch], None], agent: str = MAIN_AGENT, *, frame: float = FRAME
    ) -> None:
        self.state = SessionView()
        self._deliver = deliver
        self._agent = agent
        self._frame = frame
        self._subscription: Subscription | None = None
        self._timer: asyncio.Handle | None = None
        self._drained = 0.0

    def connect(self, link: EngineLink) -> None:
        """Subscribe; to be called on the deck's loop, in the context its callbacks need."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._subscription = link.subscribe(self._wake)

    def close(self) -> None:
        """Receive nothing more."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        if self._timer is not None:
            self._timer.cancel()

    def flush(self) -> None:
        """Deliver now what waits for the end of the frame."""
        if self._subscription is not None:
            self._arm(True)

    def _wake(self, urgent: bool) -> None:
        # Called from the engine's thread, which may outlive the deck's loop by a moment.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._arm, urgent, context=self._context)

    def _arm(self, urgent: bool) -> None:
        if urgent:
            if self._timer is not None:
                self._timer.cancel()
            self._drain()
        elif self._timer is None:
            wait = max(0.0, self._drained + self._frame - monotonic())
            self._timer = self._loop.call_later(wait, self._drain, context=self._context)

    def _drain(self) -> None:
        self._timer = None
        subscription = self._subscription
        if subscription is None:
            return
        until = monotonic() + BUDGET
        batch, taken = Batch(self.state), 0
        while deliveries := subscription.drain(0.0):
            taken += len(deliveries)
            for delivery in deliveries:
                batch.take(delivery, self._agent)
            if monotonic() >= until:
                break
        self.state = batch.state
        self._drained = monotonic()
        if subscription.pending:
            self._timer = self._loop.call_soon(self._drain, context=self._context)
        if taken:
            self._deliver(batch)
