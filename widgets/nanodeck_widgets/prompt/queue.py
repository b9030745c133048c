"""What the person said while the agent was busy, one line each, until it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nanodeck.contracts.text import one_line
from nanodeck_widgets.frame import cut
from nanodeck_widgets.glyphs import ASCII, glyphs
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.strips import fitted

MOST_LINES = 3
_SIGNS = {"steer": "↳", "queued": "»"}
_ASCII_SIGNS = {"steer": ">", "queued": "o"}


class QueueLines(Widget):
    """Waiting texts above the prompt; nothing is drawn when none wait."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "QueueLines { height: 0; display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self._waiting: tuple[tuple[str, str], ...] = ()

    def show(self, steer: Sequence[str], queued: Sequence[str]) -> None:
        """Draw `steer` (for the next model call) and `queued` (for after the turn)."""
        waiting = (*(("steer", text) for text in steer), *(("queued", text) for text in queued))
        if waiting == self._waiting:
            return
        self._waiting = waiting
        self.styles.height = min(len(waiting), MOST_LINES + 1)
        self.display = bool(waiting)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One waiting text, or how many more there are."""
        palette, signs, width = palette_of(self.app), glyphs(), self.size.width
        if y >= len(self._waiting):
            return Strip.blank(width, palette.base)
        if y == MOST_LINES:
            more = f"  {len(self._waiting) - MOST_LINES} more"
            return fitted(Strip([Segment(more, palette.muted)]), width, palette.base)
        kind, text = self._waiting[y]
        sign = (_ASCII_SIGNS if signs is ASCII else _SIGNS)[kind]
        style = palette.primary if kind == "steer" else palette.muted
        label = f"  {kind:<6} {sign} "
        words = cut(one_line(text, max(1, width)), width - cell_len(label) - 2, signs.ellipsis)
        return fitted(Strip([Segment(label, style), Segment(words, palette.text)]), width, palette.base)
