"""The smallest Textual app: one line of text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """Shows a mark."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Static("the mark")


BareApp().run()
