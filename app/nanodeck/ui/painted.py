"""An application of which only what differs from the terminal's screen is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from nanodeck.ui.painting import Painter

if TYPE_CHECKING:
    from rich.console import RenderableType


class PaintedApp(App[None], inherit_bindings=False):
    """Puts a painter between Textual's compositor and the driver."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.painter = Painter()

    def on_mount(self) -> None:
        """After a stop the terminal is empty."""
        self.app_resume_signal.subscribe(self, lambda _: self.redraw())

    async def on_event(self, event: events.Event) -> None:
        """The terminal may have moved what it shows, even when it is as big as before again."""
        if isinstance(event, events.Resize):
            self.redraw()
        await super().on_event(event)

    def redraw(self) -> None:
        """Draw everything anew: the terminal may show anything."""
        self.painter.forget()
        self.refresh()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = self.painter.only_new(renderable, at_once=self._sync_available)
        super()._display(screen, renderable)

    def _begin_update(self) -> None:
        # The painter marks its beginning and end itself: one write a frame, not three.
        pass

    def _end_update(self) -> None:
        pass
