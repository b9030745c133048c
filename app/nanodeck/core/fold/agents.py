"""Changing one agent's view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.views import AgentView, Entry, SessionView, ToolEntry


def set_agent(state: SessionView, name: str, view: AgentView) -> SessionView:
    """`state` with `view` as the agent called `name`."""
    return replace(state, agents={**state.agents, name: view})


def append(view: AgentView, entry: Entry, *, open_as: str = "") -> AgentView:
    """`view` with `entry` at its end, found again under `open_as` while it is open."""
    position = len(view.transcript)
    places = {**view.places, open_as: position} if open_as else view.places
    return replace(view, transcript=view.transcript.append(entry), places=places, touched=(position,))


def update(view: AgentView, position: int, entry: Entry) -> AgentView:
    """`view` with another entry at `position`."""
    return replace(
        view, transcript=view.transcript.replace(position, entry), touched=(*view.touched, position)
    )


def tool_entry(view: AgentView, call: str) -> tuple[int, ToolEntry] | None:
    """Position and entry of an open call."""
    position = view.places.get(call)
    if position is None:
        return None
    entry = view.transcript[position]
    return (position, entry) if isinstance(entry, ToolEntry) else None


def change_tool(view: AgentView, call: str, **changes: Any) -> AgentView:
    """`view` with an open call's entry changed; no such call changes nothing."""
    found = tool_entry(view, call)
    if found is None:
        return view
    position, entry = found
    return update(view, position, replace(entry, **changes))


def closed(view: AgentView, call: str) -> AgentView:
    """`view` with `call` no longer open."""
    places = {key: at for key, at in view.places.items() if key != call}
    live = {key: tail for key, tail in view.live.items() if key != call}
    return replace(view, places=places, live=live)


def credit(view: AgentView, files: Iterable[AppliedFile]) -> AgentView:
    """`view` with files that its running turn wrote, each counted in all."""
    if not view.turn or not len(view.turns):
        return view
    place = len(view.turns) - 1
    known = {file.path: file for file in view.turns[place].files}
    for file in files:
        if before := known.get(file.path):
            file = replace(file, added=before.added + file.added, removed=before.removed + file.removed)
        known[file.path] = file
    mark = replace(view.turns[place], files=tuple(known.values()))
    return replace(view, turns=view.turns.replace(place, mark))


def fresh(state: SessionView, envelope: Envelope) -> AgentView:
    """The agent an event is about, with nothing touched yet."""
    return replace(state.agent(envelope.agent), touched=())
