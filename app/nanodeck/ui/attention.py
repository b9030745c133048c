"""Requests that wait for the person: when the approval layer opens, and what it is offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.requests import Request
from nanodeck.ui.gate import Gate, Situation

POLL_SECONDS = 0.1


class Layer(Protocol):
    """What shows requests over the deck."""

    @property
    def is_open(self) -> bool:
        """Whether a request is shown."""
        ...

    def turn_to(self, request: str) -> None:
        """Show this one of them."""
        ...

    def offer(self, requests: Sequence[Request], agent_titles: Mapping[str, str]) -> None:
        """Show `requests`, the oldest first; none closes the layer."""
        ...


class Attention:
    """Decides when waiting requests come up by themselves.

    `situation` tells what the person is doing; `poll(True)` asks for calls of `consider` every
    `POLL_SECONDS` until `poll(False)`. A request that was left or answered never comes up again.
    """

    def __init__(
        self, layer: Layer, gate: Gate, situation: Callable[[], Situation], poll: Callable[[bool], None]
    ) -> None:
        self._layer = layer
        self._gate = gate
        self._situation = situation
        self._poll = poll
        self._requests: tuple[Request, ...] = ()
        self._put_off: frozenset[str] = frozenset()

    def update(self, requests: tuple[Request, ...]) -> None:
        """These requests wait now."""
        if requests == self._requests:
            return
        self._requests = requests
        self._put_off &= {request.id for request in requests}
        if self._layer.is_open:
            self._show()
        else:
            self.consider()

    def consider(self) -> None:
        """Open if nobody is in the middle of something."""
        # Reviews and plans have their pane, and never open by themselves.
        fresh = [each for each in self._requests if each.id not in self._put_off and not each.changeset]
        if self._layer.is_open or not fresh:
            self._poll(False)
            return
        in_view = any(request.agent == MAIN_AGENT for request in fresh)
        if self._gate.opens(self._situation()._replace(agent_in_view=in_view)):
            self._show()
        else:
            self._poll(True)

    def bring(self, request: str) -> None:
        """Open with `request` because the person asks for it."""
        self._put_off = frozenset()
        self._show()
        self._layer.turn_to(request)

    def put_off(self) -> None:
        """The person left the layer without answering."""
        self._put_off = frozenset(request.id for request in self._requests)

    def answered(self, request: str) -> None:
        """The person decided; the engine has yet to say so."""
        self._put_off |= {request}

    def _show(self) -> None:
        self._poll(False)
        self._layer.offer(self._requests, {MAIN_AGENT: MAIN_AGENT})
