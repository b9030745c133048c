"""The smallest Textual app that one can type into; Esc shows another mark."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static, TextArea


class BarePrompt(App[None]):
    """Shows a mark and a text area."""

    AUTO_FOCUS = "TextArea"

    def compose(self) -> ComposeResult:
        """The mark stands apart: a cursor would split it."""
        yield Static("the mark")
        yield TextArea()

    def on_key(self, event: events.Key) -> None:
        """Answer Esc."""
        if event.key == "escape":
            self.query_one(Static).update("the end")


BarePrompt().run()
