"""The list of completions, drawn right above the prompt."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.text import one_line
from nanodeck_widgets.frame import cut
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.prompt.popup import Popup
from nanodeck_widgets.prompt.tokens import Completion, Item
from nanodeck_widgets.strips import fitted

_WIDEST = 76


class CompletionPopup(Popup):
    """Shows a `Completion`."""

    def __init__(self, completion: Completion) -> None:
        super().__init__()
        self._completion = completion
        self._column = 0

    def show(self) -> None:
        """Draw what the completion offers now, or nothing."""
        completion = self._completion
        if not completion.is_open:
            self.display = False
            return
        values = self._column = max(cell_len(self._value(item)) for item in completion.items)
        hints = max(cell_len(item.hint) for item in completion.items)
        self.lay(min(_WIDEST, max(36, values + (hints + 2 if hints else 0) + 6)))

    @property
    def place(self) -> tuple[int, int]:
        """The selected item and how many there are."""
        return self._completion.selected, len(self._completion.items)

    def words(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """What is listed, and the keys."""
        token = self._completion.token
        title = "Files" if token is not None and token.kind == "file" else "Commands"
        selected, count = self.place
        return (title, f"{selected + 1}/{count}"), ("tab choose", "esc close")

    def row(self, place: int, width: int) -> Strip:
        """A value and what it is."""
        signs, palette = glyphs(), palette_of(self.app)
        if place >= len(self._completion.items):
            return Strip.blank(width, palette.base)
        item = self._completion.items[place]
        chosen = place == self._completion.selected
        room = width - 3
        value = cut(self._value(item), room, signs.ellipsis)
        if item.hint:
            value = set_cell_size(value, min(self._column + 2, room))
        hint = cut(one_line(item.hint), room - cell_len(value), signs.ellipsis)
        ground = palette.base + palette.selection if chosen else palette.base
        sign = Segment(f"{signs.prompt} " if chosen else "  ", palette.primary)
        words = [sign, Segment(value, palette.text), Segment(hint, palette.muted)]
        return fitted(Strip(words), width, ground)

    def _value(self, item: Item) -> str:
        value = one_line(item.value)
        token = self._completion.token
        return f"/{value}" if token is not None and token.kind == "command" else value
