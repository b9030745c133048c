"""Editing the proposed lines of a hunk before they are written."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from nanodeck.contracts.text import one_line

_KEYS = "ctrl+s keeps these lines   ctrl+g $EDITOR   esc leaves them as proposed"


class HunkScreen(ModalScreen[str | None]):
    """Dismissed with the lines as the person wants them, each ended by a line feed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "leave it as proposed", priority=True),
        Binding("ctrl+s", "keep", "keep", priority=True),
        Binding("ctrl+g", "editor", "$EDITOR", priority=True),
    ]

    def __init__(self, path: str, text: str) -> None:
        super().__init__(classes="dialog hunk")
        self._path = path
        self._text = text
        self._leaving = False

    def compose(self) -> ComposeResult:
        """The file, its lines, the keys."""
        with Vertical(id="box"):
            yield Static(Text(f"Edit {one_line(self._path)}", style="bold"), markup=False)
            yield TextArea(self._text, show_line_numbers=False, compact=True, tab_behavior="indent")
            yield Static(_KEYS, id="said", markup=False)

    def action_keep(self) -> None:
        """These lines are written when the review is sent."""
        text = self.query_one(TextArea).text
        self.dismiss(text if not text or text.endswith("\n") else f"{text}\n")

    def action_editor(self) -> None:
        """Edit in the person's own editor."""
        from nanodeck.ui.editor import edit_text

        area = self.query_one(TextArea)
        suffix = self._path[self._path.rfind(".") :] if "." in self._path.rpartition("/")[2] else ".txt"
        with self.app.suspend():
            text, problem = edit_text(area.text, suffix)
        if problem:
            self.app.notify(problem, severity="error", markup=False)
        else:
            area.load_text(text)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._leaving = False
        self.query_one("#said", Static).update(_KEYS)

    def action_cancel(self) -> None:
        """Nothing is changed; what was written is not lost by one key."""
        if self._leaving or self.query_one(TextArea).text == self._text:
            self.dismiss(None)
        else:
            self._leaving = True
            self.query_one("#said", Static).update("esc again loses what you wrote   ctrl+s keeps it")
