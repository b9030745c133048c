"""A face for tests: sends commands, waits for events, keeps everything that came."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TypeVar

from nanodeck.contracts.changes import HunkMark, Mark
from nanodeck.contracts.commands import Decide, MarkHunks, Send, SendReview
from nanodeck.contracts.events import Envelope, RequestOpened, TurnEnded
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.requests import Answer, Choice, Request, ReviewDetail
from nanodeck.contracts.views import SessionView, Snapshot
from nanodeck.core.fold import fold
from nanodeck.engine.composition import open_engine
from tests.support.trusting import trust_before

EventT = TypeVar("EventT")
PATIENCE = 60.0


class Face:
    """One engine and everything it publishes; use as a context manager. `saved` is what its journal has.

    The folder was trusted before, unless this is its `first` start.
    """

    def __init__(self, options: Options, *, first: bool = False) -> None:
        if not first:
            trust_before(options.folder)
        self.link: EngineLink = open_engine(options)
        self.state = SessionView()
        self.events: list[object] = []
        self.saved: list[Envelope] = []
        self._woken = threading.Event()
        self._seen = 0
        self._subscription = self.link.subscribe(lambda urgent: self._woken.set())

    def __enter__(self) -> Face:
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()

    def wait(self, wanted: type[EventT], matches: Callable[[EventT], bool] = lambda event: True) -> EventT:
        """The next event of type `wanted` that `matches`, counted from the last one waited for."""
        until = monotonic() + PATIENCE
        while True:
            while self._seen < len(self.events):
                event = self.events[self._seen]
                self._seen += 1
                if isinstance(event, wanted) and matches(event):
                    return event
            assert monotonic() < until, f"no {wanted.__name__} came; there were: {self.names}"
            self._woken.wait(0.5)
            self._woken.clear()
            self._drain()

    @property
    def names(self) -> list[str]:
        """The types of all events so far."""
        return [type(event).__name__ for event in self.events]

    def _drain(self) -> None:
        for delivery in self._subscription.drain():
            if isinstance(delivery, Snapshot):
                self.state = delivery.state
            else:
                assert isinstance(delivery, Envelope)
                self.state = fold(self.state, delivery)
                self.events.append(delivery.event)
                if delivery.n:
                    self.saved.append(delivery)

    def run(self, prompt: str) -> TurnEnded:
        """Send `prompt` and wait for the end of its turn."""
        self.link.send(Send(prompt))
        return self.wait(TurnEnded)

    def request(self) -> Request:
        """The next request."""
        return self.wait(RequestOpened).request

    def open_request(self) -> Request:
        """The first request that is open, also one from before this face came."""
        until = monotonic() + PATIENCE
        while not self.state.requests:
            assert monotonic() < until, f"nobody is asked; there were: {self.names}"
            self._woken.wait(0.5)
            self._woken.clear()
            self._drain()
        return self.state.requests[0]

    def answer(self, request: Request, choice: Choice, message: str = "", command: str = "") -> None:
        """Answer `request`."""
        self.link.send(Decide(request.id, Answer(choice, message, command)))

    def review(self, request: Request, *marks: tuple[str, int, Mark], message: str = "") -> None:
        """Decide on hunks and send the review."""
        assert isinstance(request.detail, ReviewDetail)
        decided = tuple(HunkMark(path, hunk, mark) for path, hunk, mark in marks)
        self.link.send(MarkHunks(request.detail.changeset, decided))
        self.link.send(SendReview(request.id, message))


def options_for(folder: Path, **changes: object) -> Options:
    """Options of a deck in `folder`."""
    return Options(folder=str(folder), **changes)  # type: ignore[arg-type] # any of its fields
