"""Editing the proposed lines of a hunk before they are written."""

from __future__ import annotations

from typing import ClassVar

from textual.widgets import TextArea

from nanodeck.contracts.text import one_line
from nanodeck.ui.dialogs.writing import WritingScreen


class HunkScreen(WritingScreen):
    """Dismissed with the lines as the person wants them, each ended by a line feed, or None."""

    keys: ClassVar[str] = "ctrl+s keeps it   ctrl+g $EDITOR   esc leaves it as proposed"

    def __init__(self, path: str, text: str, line: int = 0) -> None:
        self._line = line
        suffix = path[path.rfind(".") :] if "." in path.rpartition("/")[2] else ".txt"
        super().__init__(f"Edit {one_line(path)}", text, suffix=suffix, classes="hunk")

    def begins_at(self, area: TextArea) -> tuple[int, int]:
        """At the line that was under the cursor."""
        return min(self._line, area.document.line_count - 1), 0

    def kept(self, text: str) -> str:
        """The lines, the last one ended like the others."""
        return text if not text or text.endswith("\n") else f"{text}\n"
