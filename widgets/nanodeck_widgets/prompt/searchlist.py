"""The list of what was sent before, drawn right above the prompt while it is searched."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.text import counted, one_line
from nanodeck_widgets.frame import cut
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.prompt.popup import Popup
from nanodeck_widgets.prompt.searching import HistorySearch
from nanodeck_widgets.strips import fitted

_WIDEST = 100


class SearchPopup(Popup):
    """Shows a `HistorySearch`, if `search` gives one."""

    def __init__(self, search: Callable[[], HistorySearch | None]) -> None:
        super().__init__()
        self._search = search

    def show(self) -> None:
        """Draw what is found now, or nothing when nobody searches."""
        if self._search() is None:
            self.display = False
        else:
            self.lay(max(36, min(_WIDEST, self.app.size.width - 2)))

    @property
    def place(self) -> tuple[int, int]:
        """The selected text and how many there are."""
        search = self._search()
        return (search.selected, len(search.matches)) if search else (0, 0)

    def words(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """What is looked for, and the keys."""
        search, (selected, count) = self._search(), self.place
        query = one_line(search.query) if search else ""
        badge = f"{selected + 1}/{count}" if count else "0"
        older = keymap_of(self.app).first("deck.history")
        keys = f"enter take it {glyphs().dot} {older} older" if older else "enter take it"
        return (f"Sent before: {query}{glyphs().bar}", badge), (keys, "esc close")

    def row(self, place: int, width: int) -> Strip:
        """A text in one line, the words looked for marked in it."""
        signs, palette = glyphs(), palette_of(self.app)
        search = self._search()
        if search is None or place >= len(search.matches):
            nothing = Segment("  nothing holds all of these words", palette.muted)
            return fitted(Strip([nothing]), width, palette.base)
        text = search.matches[place]
        lines = text.count("\n") + 1
        more = f"  {counted(lines, 'line')}" if lines > 1 else ""
        line = cut(one_line(text, 4 * width), width - 3 - cell_len(more), signs.ellipsis)
        chosen = place == search.selected
        sign = Segment(f"{signs.prompt} " if chosen else "  ", palette.accent)
        segments, at = [sign], 0
        for start, end in search.spans(line):
            if start >= at:
                segments += [Segment(line[at:start], palette.text), Segment(line[start:end], palette.accent)]
                at = end
        segments += [Segment(line[at:], palette.text), Segment(more, palette.muted)]
        return fitted(Strip(segments), width, palette.base + palette.selection if chosen else palette.base)
