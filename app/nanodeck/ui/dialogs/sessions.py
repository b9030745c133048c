"""`-r` and `/resume`: the sessions of this folder, newest first."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.text import Text

from nanodeck.contracts.commands import ResumeSession
from nanodeck.contracts.queries import ListSessions, SessionInfo
from nanodeck.contracts.text import one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.picker import PickerRow, PickerScreen
from nanodeck_widgets.palette import palette_of

_UNITS = ((86400.0 * 7, "week"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def age(seconds: float) -> str:
    """How long ago that was, in the largest unit that is full."""
    for size, unit in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"


class SessionScreen(PickerScreen):
    """Dismissed with the `ResumeSession` picked, or None. The session in use is not listed."""

    heading = "Sessions of this folder"
    placeholder = "type to filter"
    loading_text = "reading …"

    def __init__(self, link: Asking, current: str = "", *, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._link = link
        self._current = current
        self._clock = clock
        self._sessions: tuple[SessionInfo, ...] = ()

    async def load(self) -> str:
        """Read the list."""
        sessions = await self._link.ask(ListSessions())
        self._sessions = tuple(session for session in sessions if session.id != self._current)
        return "" if self._sessions else "there are no earlier sessions in this folder"

    def rows(self, words: str) -> list[PickerRow]:
        """Age, number of messages, title."""
        wanted = words.lower().split()
        return [
            self._row(session)
            for session in self._sessions
            if all(word in session.title.lower() or word in session.id.lower() for word in wanted)
        ]

    def _row(self, session: SessionInfo) -> PickerRow:
        when = age(max(0.0, self._clock() - session.updated))
        messages = "1 message" if session.messages == 1 else f"{session.messages} messages"
        title = one_line(session.title, 120) or "(nothing said)"
        label = Text.assemble((f"{when:<15}{messages:<14}", palette_of(self.app).muted), title)
        return PickerRow(label, ResumeSession(session.id))
