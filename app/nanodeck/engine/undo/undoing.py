"""Undo and redo: the last step, be it edits, what a command changed, or a rewind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.views import TakenOff
from nanodeck.core.prompt import after_summary
from nanodeck.engine.agent import Agent
from nanodeck.engine.session import Session
from nanodeck.workspace.writing.checkpoints import Undone
from nanodeck.workspace.writing.written import number_of


class Undoing:
    """Takes steps back and again, in a session whose agent is at rest."""

    def __init__(self, session: Session, main: Agent) -> None:
        self._session = session
        self._main = main

    @property
    def _taken_off(self) -> TakenOff | None:
        return self._session.state.agent(MAIN_AGENT).taken_off

    async def undo(self) -> None:
        """Take the last step back and tell the model. Raises NanodeckError."""
        checkpointer, off = self._session.checkpointer, self._taken_off
        last = await asyncio.to_thread(checkpointer.last)
        if off and not off.back and number_of(last) <= number_of(off.changeset):
            files = (await self._moved(checkpointer.undo))[1] if last == off.changeset else ()
            self._main.go_back(ev.ChangesUndone(off.changeset, files))
            said = "The user undid that: the conversation is as it was"
        else:
            changeset, files = await self._moved(checkpointer.undo)
            self._main.go_back(ev.ChangesUndone(changeset, files))
            said = "The user undid the last change"
        self._note(said, files)

    async def redo(self) -> None:
        """Take the step again that was undone last and tell the model. Raises NanodeckError."""
        checkpointer, off = self._session.checkpointer, self._taken_off
        undone, last = await asyncio.to_thread(lambda: (checkpointer.undone(), checkpointer.last()))
        first = not undone or number_of(undone) >= number_of(off.changeset if off else "")
        if off and off.back and first and number_of(last) < number_of(off.changeset):
            files = (await self._moved(checkpointer.redo))[1] if undone == off.changeset else ()
            self._main.go_back(ev.ChangesRedone(off.changeset, files))
            if off.summary:
                self._main.note(after_summary(off.summary))
            said = "The user took messages back"
        else:
            changeset, files = await self._moved(checkpointer.redo)
            self._main.go_back(ev.ChangesRedone(changeset, files))
            said = "The user made the change again that was undone"
        self._note(said, files)

    async def _moved(self, move: Callable[[], Undone]) -> tuple[str, tuple[str, ...]]:
        """The changeset that was moved and its files."""
        self._session.answers.forget()
        undone = await asyncio.to_thread(move)
        return undone.changeset, tuple(self._session.workspace.show(path) for path in undone.files)

    def _note(self, said: str, files: tuple[str, ...]) -> None:
        self._main.note(f"[{said}{': ' if files else ''}{', '.join(files)}]")
