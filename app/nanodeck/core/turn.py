"""The turn loop: call the model, run what it asks for, until it stops. No I/O of its own."""

from __future__ import annotations

from typing import Protocol

from nanodeck.contracts.events import TurnEnd
from nanodeck.contracts.messages import AssistantMessage


class TurnPorts(Protocol):
    """What the loop needs from an agent."""

    async def call_model(self) -> AssistantMessage:
        """One model call; the reply has joined the history. Raises ModelError."""
        ...

    async def run_calls(self, reply: AssistantMessage) -> str:
        """Run the calls of `reply`; their results have joined the history. Why the turn ends, if it does."""
        ...

    async def deliver_steer(self) -> bool:
        """Put waiting steering texts into the history; whether there were any."""
        ...


async def run_turn(ports: TurnPorts, max_calls: int | None) -> tuple[TurnEnd, str]:
    """Run one turn to its end; answers how it ended and why, where it is not simply done."""
    calls_made = 0
    while True:
        await ports.deliver_steer()
        if max_calls is not None and calls_made >= max_calls:
            return "max-turns", f"stopped after {max_calls} model calls (--max-turns)"
        calls_made += 1
        reply = await ports.call_model()
        if reply.calls:
            if why := await ports.run_calls(reply):
                return "stopped", why
        elif not await ports.deliver_steer():
            return "done", "the reply was cut at the model's length limit" if reply.finish == "length" else ""
