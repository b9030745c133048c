"""Calling the person when something waits or has ended and nobody looks at the deck."""

from __future__ import annotations

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.requests import (
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    TrustDetail,
)
from nanodeck.contracts.text import counted, one_line
from nanodeck.contracts.views import SessionView, TurnEntry
from nanodeck.ui.gate import Gate

ALONE_SECONDS = 30.0
"""After so long without a key nobody looks, as far as a terminal that never speaks of focus can tell."""
LENGTH = 100
_ENDS = {"done": "done", "error": "ended by an error", "max-turns": "stopped at its limit of model calls"}


class Looking:
    """Whether the person looks at the deck, from what the terminal says of its focus and from keys."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._focused: bool | None = None

    def focus(self, focused: bool) -> None:
        """The terminal got the focus, or lost it."""
        self._focused = focused

    @property
    def looks(self) -> bool:
        """Whether somebody looks now."""
        return self._gate.quiet < ALONE_SECONDS if self._focused is None else self._focused


def news(old: SessionView, new: SessionView) -> str:
    """What a person who was away should hear, empty for nothing: what waits comes before what ended."""
    known = {request.id for request in old.requests}
    fresh = [request for request in new.requests if request.id not in known]
    if fresh:
        more = f" (and {len(new.requests) - 1} more)" if len(new.requests) > 1 else ""
        return _words(_asked(fresh[0])) + more
    if old.agent(MAIN_AGENT).turn and not new.agent(MAIN_AGENT).turn:
        return _ended(new)
    running = {job.id for job in old.jobs if job.status == "running"}
    over = [job for job in new.jobs if job.id in running and job.status in ("done", "failed")]
    return _words(f"{over[0].id} {over[0].status}: {over[0].title}") if over else ""


def _words(text: str) -> str:
    """What a desktop may show, and keep, of a text."""
    from nanodeck.contracts.discreet import hide_keys

    return one_line(hide_keys(text), LENGTH)


def _asked(request: Request) -> str:
    match request.detail:
        case CommandDetail(command=command):
            return f"may this run? {command}"
        case ReviewDetail(files=files, hunks=hunks):
            return f"a review waits: {counted(hunks, 'hunk')} in {counted(files, 'file')}"
        case NetworkDetail(host=host, command=command):
            return f"may it reach {host}? {command}"
        case PlanDetail():
            return "a plan waits for your approval"
        case RepetitionDetail(name=name, times=times):
            return f"{name} gave the same result {times} times: go on?"
        case TrustDetail(folder=folder):
            return f"do you trust what steers the work in {folder}?"
        case detail:
            return f"may {detail.name} run? {detail.arguments}"


def _ended(state: SessionView) -> str:
    transcript = state.agent(MAIN_AGENT).transcript
    last = transcript[len(transcript) - 1] if len(transcript) else None
    words = _ENDS.get(last.end, "") if isinstance(last, TurnEntry) else ""
    return f"{words}: {_words(state.title)}" if words else ""
