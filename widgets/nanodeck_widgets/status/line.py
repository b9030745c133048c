"""A line of the deck outside its panes: words in styles, one cached strip."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.glyphs import Glyphs, glyphs
from nanodeck_widgets.palette import Palette, palette_of
from nanodeck_widgets.strips import filtered, fitted


class Word(NamedTuple):
    """A piece of a line; `key` names it for clicks."""

    text: str
    style: Style | None = None
    key: str = ""


class StatusLine(Widget):
    """One row drawn from words; a subclass says which. Not focusable, no CSS border, no layout cost."""

    DEFAULT_CSS = "StatusLine { height: 1; width: 100%; }"
    ALLOW_SELECT = False

    _strip: Strip | None = None
    _drawn_for: tuple[int, Palette, Glyphs] | None = None

    @property
    def palette(self) -> Palette:
        """The styles of the theme in use."""
        return palette_of(self.app)

    @property
    def glyphs(self) -> Glyphs:
        """The signs this terminal can show."""
        return glyphs()

    def words(self, width: int) -> list[Word]:
        """What the line says at `width` cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw the line anew; a line that says the same costs nothing."""
        if not self.is_attached:
            return
        old, self._strip = self._strip, None
        if old is None or self._current() != old:
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Always one row."""
        return 1

    def render_lines(self, crop: Region) -> list[Strip]:
        """The row, as Textual asks for it."""
        strip = self._current()
        if crop.x or crop.right < strip.cell_length:
            strip = strip.crop(crop.x, crop.right)
        return [strip] * crop.height

    def key_at(self, x: int) -> str:
        """The key of the word drawn at column `x`."""
        for word in self.words(self.size.width):
            x -= cell_len(word.text)
            if x < 0:
                return word.key
        return ""

    def _current(self) -> Strip:
        palette, width, drawn = self.palette, self.size.width, self._drawn_for
        if (
            self._strip is None
            or drawn is None
            or drawn[:2] != (width, palette)
            or drawn[2] is not self.glyphs
        ):
            app: App[object] = self.app
            segments = [Segment(word.text, word.style) for word in self.words(width)]
            strip = fitted(Strip(segments), width, palette.base)
            self._strip = filtered(strip, app.get_line_filters(), palette.background)
            self._drawn_for = (width, palette, self.glyphs)
        return self._strip


def width_of(words: list[Word]) -> int:
    """Cells that `words` take."""
    return sum(cell_len(word.text) for word in words)


def left_and_right(left: list[Word], right: list[Word], width: int) -> list[Word]:
    """`left` and `right` at the two ends of `width` cells; the left gives way when there is no room."""
    room = max(0, width - width_of(right))
    kept: list[Word] = []
    for word in left:
        size = cell_len(word.text)
        if size <= room:
            kept.append(word)
            room -= size
            continue
        if room > 1:
            kept.append(word._replace(text=cut(word.text, room)))
            room -= cell_len(kept[-1].text)
        break
    return [*kept, Word(" " * room), *right]


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, the cut shown by an ellipsis."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) >= width:
        text = text[:-1]
    return text + glyphs().ellipsis
