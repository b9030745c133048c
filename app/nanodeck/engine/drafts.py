"""Drafts: what edits would do while their arguments still stream, as often as it stays cheap."""

from __future__ import annotations

from time import monotonic

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import DraftChanged
from nanodeck.core.draft import draft_changeset, partial_object
from nanodeck.engine.session import Session
from nanodeck.tools.registry import Effect, find_tool

INTERVAL = 0.1
SHARE = 20
"""A draft that took c seconds to make is not made again for SHARE * c."""
FILE_LIMIT = 1024 * 1024


class Drafts:
    """The drafts of one reply."""

    def __init__(self, session: Session, agent: str) -> None:
        self._session = session
        self._agent = agent
        self._pieces: dict[str, list[str]] = {}
        self._old: dict[str, str | None] = {}
        self._next = 0.0

    def grow(self, call: str, name: str, arguments: str) -> None:
        """More arguments of `call` arrived; publishes a draft when one is due."""
        tool = find_tool(name)
        if tool is None or tool.effect is not Effect.EDIT:
            return
        self._pieces.setdefault(call, []).append(arguments)
        started = monotonic()
        if started < self._next:
            return
        text = "".join(self._pieces[call])
        self._pieces[call] = [text]
        given = {tool.arguments.get(key, key): value for key, value in partial_object(text).items()}
        path = given.get("path")
        # A path is whole only once another argument has begun.
        if isinstance(path, str) and len(given) > 1 and (shown := self._shown(path)):
            changeset = draft_changeset(call, shown, given, self._old[shown])
            self._session.publish(self._agent, DraftChanged(call, changeset))
        now = monotonic()
        self._next = now + max(INTERVAL, SHARE * (now - started))

    def _shown(self, path: str) -> str:
        """The path as shown, its text read once; empty where nothing may be looked at."""
        try:
            location = self._session.workspace.locate(path, self._session.shell.folder)
        except ToolError:
            return ""
        if location.standing != "inside":
            return ""
        if location.shown not in self._old:
            try:
                with location.path.open("rb") as file:
                    self._old[location.shown] = file.read(FILE_LIMIT).decode("utf-8", "replace")
            except OSError:
                self._old[location.shown] = None
        return location.shown
