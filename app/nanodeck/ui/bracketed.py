"""Bracketed pastes: what is in them is text, also where it looks like keys."""

from __future__ import annotations

from nanodeck.contracts.text import clean

START, END = "\x1b[200~", "\x1b[201~"
ESCAPE = "\x1b"
STAND_IN = "\ue01b"
"""A private character for each escape while Textual's parser reads, which would make keys of it."""


class BracketedPastes:
    """Watches what a terminal sends and takes the escapes out of pastes; marks may be cut anywhere."""

    def __init__(self) -> None:
        self._inside = False
        self._before = ""
        self._held = ""

    def disarm(self, data: str) -> str:
        """`data` with `STAND_IN` for each escape in a paste; what may be the end's begin is held back."""
        passed: list[str] = []
        while data:
            part, data = self._content(data) if self._inside else self._outside(data)
            passed.append(part)
        return "".join(passed)

    def _outside(self, data: str) -> tuple[str, str]:
        seen = self._before + data
        at = seen.find(START)
        if at < 0:
            self._before = seen[1 - len(START) :]
            return data, ""
        cut = at + len(START) - len(self._before)
        self._inside, self._before = True, ""
        return data[:cut], data[cut:]

    def _content(self, data: str) -> tuple[str, str]:
        data, self._held = self._held + data, ""
        at = data.find(END)
        if at >= 0:
            self._inside = False
            return data[:at].replace(ESCAPE, STAND_IN) + END, data[at + len(END) :]
        begun = next((n for n in range(len(END) - 1, 0, -1) if data.endswith(END[:n])), 0)
        if begun:
            data, self._held = data[:-begun], data[-begun:]
        return data.replace(ESCAPE, STAND_IN), ""


def pasted_text(text: str) -> str:
    """What a paste says: lines end with a line feed, terminal codes are gone, no other control is hidden."""
    return clean(text.replace(STAND_IN, ESCAPE).replace("\r\n", "\n").replace("\r", "\n"))
