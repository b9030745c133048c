"""The base of the lists that are drawn right above the prompt."""

from __future__ import annotations

from abc import abstractmethod

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.frame import frame_line
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.strips import fitted

MOST_ROWS = 8


class Popup(Widget):
    """A framed list over what is above the prompt; it takes no focus, the prompt hands it its keys."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Popup { overlay: screen; constrain: inside; display: none; width: 40; max-width: 100%; height: 3; }
    """

    @abstractmethod
    def words(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """What the frame says, left and right, at its top and at its bottom."""

    @abstractmethod
    def row(self, place: int, width: int) -> Strip:
        """The row of the item at `place`."""

    @property
    @abstractmethod
    def place(self) -> tuple[int, int]:
        """The selected item and how many there are."""

    def lay(self, width: int) -> None:
        """Show the list, `width` cells wide."""
        height = max(1, self.shown) + 2
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (1, -height)
        self.display = True
        self.refresh()

    @property
    def shown(self) -> int:
        """How many items are seen at once."""
        return min(MOST_ROWS, self.place[1])

    @property
    def first(self) -> int:
        """The first item that is drawn."""
        selected, count = self.place
        return min(max(0, selected - self.shown + 1), count - self.shown)

    def render_line(self, y: int) -> Strip:
        """One row of the list or of its frame."""
        width, signs, palette = self.size.width, glyphs(), palette_of(self.app)
        if not self.display:
            return Strip.blank(width, palette.base)
        if y == 0 or y == self.size.height - 1:
            left, right = self.words()[0 if y == 0 else 1]
            return frame_line(width, left, right, top=y == 0, focused=False, palette=palette, glyphs=signs)
        edge = Segment(signs.light[1], palette.frame)
        row = self.row(self.first + y - 1, width - 2)
        return fitted(Strip([edge, *row, edge]), width, palette.base)
