"""What may follow the leader key, as a grid above the last lines."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.frame import frame_line
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.status.hints import Hint
from nanodeck_widgets.strips import fitted

EDGES = 4
GAP = 3


class ChoiceGrid(Widget):
    """Lies over the deck while a leader key waits; takes no focus."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceGrid { overlay: screen; constrain: inside; display: none; width: 100%; height: 3; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lead = ""
        self._rows: list[list[Hint]] = []
        self._cell = 0

    def show(self, lead: str, choices: tuple[Hint, ...], width: int) -> None:
        """Show what may follow the key `lead`, in columns that fit `width`; none hides the grid."""
        if not choices:
            self.display = False
            return
        self._lead = lead
        self._cell = max(cell_len(f"{hint.key} {hint.does}") for hint in choices) + GAP
        columns = max(1, (width - EDGES + GAP) // self._cell)
        count = -(-len(choices) // columns)
        # By columns, as people read lists.
        self._rows = [list(choices[row::count]) for row in range(count)]
        self.styles.height = count + 2
        self.styles.offset = (0, -(count + 2))
        self.display = True
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the grid or of its frame."""
        width, signs, palette = self.size.width, glyphs(), palette_of(self.app)
        if y in (0, self.size.height - 1):
            title, badge = (self._lead, "") if y == 0 else ("", "esc close")
            return frame_line(width, title, badge, top=y == 0, focused=False, palette=palette, glyphs=signs)
        edge = Segment(signs.light[1], palette.frame)
        cells: list[Segment] = [Segment(" ")]
        for hint in self._rows[y - 1] if y - 1 < len(self._rows) else ():
            blank = " " * (self._cell - cell_len(f"{hint.key} {hint.does}"))
            cells += [Segment(hint.key, palette.accent), Segment(f" {hint.does}{blank}", palette.text)]
        return fitted(
            Strip([edge, *fitted(Strip(cells), width - 2, palette.base), edge]), width, palette.base
        )
