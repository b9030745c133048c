"""A stage for one pane, and what can be read off it."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.app import App, ComposeResult
from textual.geometry import Region

from nanodeck_widgets.keymap import Keymap
from nanodeck_widgets.pane import Pane

PaneT = TypeVar("PaneT", bound=Pane)


class Stage(App[None], Generic[PaneT]):
    """An app with one pane, focused."""

    def __init__(self, pane: PaneT) -> None:
        super().__init__()
        self.pane = pane
        self.keymap = Keymap()

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def edge(self, *, top: bool) -> str:
        """The text of the top or bottom edge."""
        return self._line(0 if top else self.pane.outer_size.height - 1)

    def rows(self) -> list[str]:
        """The rows inside the frame as they are drawn, blank ones at the end left out."""
        rows = [self._line(y)[1:-1] for y in range(1, self.pane.outer_size.height - 1)]
        while rows and not rows[-1].strip():
            rows.pop()
        return [row[1:].rstrip() for row in rows]

    def _line(self, y: int) -> str:
        (strip,) = self.pane.render_lines(Region(0, y, self.pane.outer_size.width, 1))
        return strip.text
