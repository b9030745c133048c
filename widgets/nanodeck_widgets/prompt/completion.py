"""The list of completions, drawn right above the prompt."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nanodeck.contracts.text import one_line
from nanodeck_widgets.frame import cut, frame_line
from nanodeck_widgets.glyphs import glyphs
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.prompt.tokens import Completion, Item
from nanodeck_widgets.strips import fitted

MOST_ROWS = 8
_WIDEST = 76


class CompletionPopup(Widget):
    """Shows a `Completion`; it takes no focus, the prompt hands it what the keys changed."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CompletionPopup {
        overlay: screen; constrain: inside; display: none; width: 40; max-width: 100%; height: 3;
    }
    """

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
        height = min(MOST_ROWS, len(completion.items)) + 2
        values = self._column = max(cell_len(self._value(item)) for item in completion.items)
        hints = max(cell_len(item.hint) for item in completion.items)
        width = min(_WIDEST, max(36, values + (hints + 2 if hints else 0) + 6))
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (1, -height)
        self.display = True
        self.refresh()

    @property
    def first(self) -> int:
        """The first item that is drawn."""
        shown = min(MOST_ROWS, len(self._completion.items))
        return min(max(0, self._completion.selected - shown + 1), len(self._completion.items) - shown)

    def render_line(self, y: int) -> Strip:
        """One row of the list or of its frame."""
        width, signs, palette = self.size.width, glyphs(), palette_of(self.app)
        completion = self._completion
        if not completion.is_open or completion.token is None:
            return Strip.blank(width, palette.base)
        if y == 0 or y == self.size.height - 1:
            files = completion.token.kind == "file"
            title = ("Files" if files else "Commands") if y == 0 else "tab choose"
            badge = f"{completion.selected + 1}/{len(completion.items)}" if y == 0 else "esc close"
            return frame_line(width, title, badge, top=y == 0, focused=False, palette=palette, glyphs=signs)
        edge = Segment(signs.light[1], palette.frame)
        row = self._row(self.first + y - 1, width - 2)
        return fitted(Strip([edge, *row, edge]), width, palette.base)

    def _value(self, item: Item) -> str:
        value = one_line(item.value)
        token = self._completion.token
        return f"/{value}" if token is not None and token.kind == "command" else value

    def _row(self, place: int, width: int) -> Strip:
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
        sign = Segment(f"{signs.prompt} " if chosen else "  ", palette.accent)
        words = [sign, Segment(value, palette.text), Segment(hint, palette.muted)]
        return fitted(Strip(words), width, ground)
