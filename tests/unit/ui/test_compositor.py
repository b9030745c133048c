"""What is to be painted after a layout."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from nanodeck.ui.compositor import DeckCompositor


class Rows(Screen[None]):
    """Two rows of text."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = DeckCompositor()

    def compose(self) -> ComposeResult:
        yield Static("first")
        yield Static("second", id="second")


class Stage(App[None]):
    def get_default_screen(self) -> Screen[None]:
        return Rows()


async def test_what_went_away_is_painted_over_though_a_place_was_asked_for_before_the_layout() -> None:
    app = Stage()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        screen, second = app.screen, app.screen.query_one("#second")
        compositor = screen._compositor
        # As after something was scrolled and painted.
        compositor.reflow_visible(screen, screen.size)
        compositor.render_partial_update()
        second.display = False
        assert second not in compositor.full_map
        compositor.reflow(screen, screen.size)
        update = compositor.render_partial_update()
        assert update is not None
        assert 1 in [y for y, _, _ in update.spans]
        assert second not in compositor.visible_widgets
        assert compositor.get_widget_at(0, 1) == (screen, Region(0, 0, 20, 5))
