"""Requests that wait for the person: when the approval layer opens, and what it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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

    @property
    def is_beside(self) -> bool:
        """Whether what is shown has not got the keys yet: the person goes on with something else."""
        ...

    def turn_to(self, request: str) -> None:
        """Show this one of them."""
        ...

    def offer(
        self, requests: Sequence[Request], agent_titles: Mapping[str, str], *, beside: bool = False
    ) -> None:
        """Show `requests` in this order; none closes the layer. `beside`: keys stay where they are."""
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
        if self._layer.is_open or not requests:
            self._show(beside=self._layer.is_beside)
        self.consider()

    def consider(self) -> None:
        """Open if nobody is in the middle of something."""
        # Reviews and plans have their pane, and never open by themselves.
        fresh = [each for each in self._requests if each.id not in self._put_off and not each.changeset]
        pressing = [each for each in fresh if not each.beside]
        was_open = self._layer.is_open
        if not fresh or (was_open and not (self._layer.is_beside and pressing)):
            self._poll(False)
            return
        in_view = any(request.agent == MAIN_AGENT for request in fresh)
        if not self._gate.opens(self._situation()._replace(agent_in_view=in_view)):
            self._poll(True)
            return
        self._show(beside=not pressing)
        if was_open:
            self._layer.turn_to(pressing[0].id)

    def bring(self, request: str) -> None:
        """Open with `request` because the person asks for it."""
        self._put_off &= {each.id for each in self._requests if each.beside and each.id != request}
        self._show()
        self._layer.turn_to(request)

    def put_off(self, requests: Iterable[str]) -> None:
        """The person left the layer without answering these."""
        self._put_off = frozenset(requests)

    def answered(self, request: str) -> None:
        """The person decided; the engine has yet to say so."""
        self._put_off |= {request}

    def _show(self, *, beside: bool = False) -> None:
        self._poll(False)
        offered = [each for each in self._requests if not (each.beside and each.id in self._put_off)]
        self._layer.offer(offered, {MAIN_AGENT: MAIN_AGENT}, beside=beside)
