"""The base of dialogs in which a person writes lines: nothing written is lost by one key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static, TextArea


class WritingScreen(ModalScreen[str | None]):
    """Dismissed with what was written, or None. `keys` say what the keys do, `suffix` is for $EDITOR."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "leave", priority=True),
        Binding("ctrl+s", "keep", "keep", priority=True),
        Binding("ctrl+g", "editor", "$EDITOR", priority=True),
    ]
    keys: ClassVar[str]

    def __init__(self, heading: str, text: str, *, suffix: str, classes: str) -> None:
        super().__init__(classes=f"dialog writing {classes}")
        self._heading = heading
        self._text = text
        self._suffix = suffix
        self._leaving = False

    def above(self) -> Iterable[Widget]:
        """What stands above the lines."""
        return ()

    def kept(self, text: str) -> str:
        """What becomes of the lines."""
        return text

    def compose(self) -> ComposeResult:
        """The heading, what is above, the lines, the keys."""
        with Vertical(id="box"):
            yield Static(Text(self._heading, style="bold"), markup=False)
            yield from self.above()
            yield TextArea(self._text, show_line_numbers=False, compact=True, tab_behavior="indent")
            yield Static(self.keys, id="said", markup=False)

    def begins_at(self, area: TextArea) -> tuple[int, int]:
        """Where the cursor is first: behind what is there."""
        return area.document.end

    def on_mount(self) -> None:
        """Put the cursor where it belongs."""
        area = self.query_one(TextArea)
        area.move_cursor(self.begins_at(area))

    def action_keep(self) -> None:
        """Done."""
        self.dismiss(self.kept(self.query_one(TextArea).text))

    def action_editor(self) -> None:
        """Write in the person's own editor."""
        from nanodeck.ui.editor import edit_text

        area = self.query_one(TextArea)
        with self.app.suspend():
            text, problem = edit_text(area.text, self._suffix)
        if problem:
            self.app.notify(problem, severity="error", markup=False)
        else:
            area.load_text(text)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._leaving = False
        self.query_one("#said", Static).update(self.keys)

    def action_cancel(self) -> None:
        """Nothing is changed; what was written is not lost by one key."""
        if self._leaving or self.query_one(TextArea).text == self._text:
            self.dismiss(None)
        else:
            self._leaving = True
            key = next(key for key in self.keys.split() if key in ("enter", "ctrl+s"))
            self.query_one("#said", Static).update(f"esc again loses what you wrote   {key} keeps it")
