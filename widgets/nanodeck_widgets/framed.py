"""A widget in a frame of its own drawing: words in the edges, rows that stay above and below the content."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.frame import frame_line
from nanodeck_widgets.glyphs import Glyphs, glyphs
from nanodeck_widgets.palette import Palette, palette_of
from nanodeck_widgets.strips import Span, filtered, fitted, over, overlaid


class Framed(Widget):
    """Draws what stands around rows of content.

    CSS borders and padding are not drawn; `PADDING` is the blank cells inside the frame, left and right.
    """

    PADDING: ClassVar[tuple[int, int]] = (1, 1)

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._title = title
        self._badge = ""
        self._hint = ""
        self._lit = False
        self._palette: Palette | None = None
        self._edges: dict[tuple[object, ...], Strip] = {}
        self._side_strips: dict[tuple[bool, bool], tuple[Strip, Strip]] = {}
        self._head_rows: tuple[Strip, ...] = ()
        self._foot_rows: tuple[Strip, ...] = ()
        self._still: dict[tuple[bool, int, int, bool], Strip] = {}

    @property
    def title(self) -> str:
        """Shown left in the top edge."""
        return self._title

    @title.setter
    def title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self.repaint_edge(top=True)

    @property
    def lit(self) -> bool:
        """Whether the title says that something here waits for the person."""
        return self._lit

    @lit.setter
    def lit(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self.repaint_edge(top=True)

    @property
    def badge(self) -> str:
        """Shown right in the top edge."""
        return self._badge

    @badge.setter
    def badge(self, badge: str) -> None:
        if badge != self._badge:
            self._badge = badge
            self.repaint_edge(top=True)

    @property
    def hint(self) -> str:
        """Shown left in the bottom edge."""
        return self._hint

    @hint.setter
    def hint(self, hint: str) -> None:
        if hint != self._hint:
            self._hint = hint
            self.repaint_edge(top=False)

    @property
    def bottom_line(self) -> str:
        """What the bottom edge says now."""
        return self._hint

    @property
    def head(self) -> tuple[Strip, ...]:
        """Rows that stay at the top, inside the frame, such as the files one can go to."""
        return self._head_rows

    @head.setter
    def head(self, head: tuple[Strip, ...]) -> None:
        if head == self._head_rows:
            return
        # Rows that stay where they are need not be drawn again.
        alone, self._head_rows = len(head) == len(self._head_rows), head
        self._still.clear()
        self.refresh(*([Region(0, 1, self.outer_size.width, len(head))] if alone else []))

    @property
    def foot(self) -> tuple[Strip, ...]:
        """Rows that stay at the bottom, inside the frame, such as the keys one can press."""
        return self._foot_rows

    @foot.setter
    def foot(self, foot: tuple[Strip, ...]) -> None:
        self._foot_rows = foot
        self._still.clear()
        self.refresh()

    @property
    def palette(self) -> Palette:
        """The styles of the theme in use."""
        if self._palette is None:
            self._palette = palette_of(self.app)
        return self._palette

    @property
    def glyphs(self) -> Glyphs:
        """The signs this terminal can show."""
        return glyphs()

    # Where the content is.

    @property
    def inner_width(self) -> int:
        """Cells a row of content has."""
        return max(1, self.outer_size.width - 2 - sum(self.PADDING))

    @property
    def view_start(self) -> int:
        """The row of the widget in which the first visible row of content is."""
        return 1 + len(self._head_rows)

    @property
    def view_height(self) -> int:
        """Rows of content seen at once."""
        return max(0, self.outer_size.height - 2 - len(self._head_rows) - len(self._foot_rows))

    # What changed.

    def repaint_edge(self, *, top: bool) -> None:
        """Draw the top or the bottom edge again."""
        width, height = self.outer_size
        if width and height:
            self.refresh(Region(0, 0 if top else height - 1, width, 1))

    def forget_drawing(self) -> None:
        """Drop every strip: theme or width changed."""
        self._palette = None
        self._edges.clear()
        self._side_strips.clear()
        self._still.clear()

    # Drawing.

    def _still_line(self, head: bool, index: int, focused: bool) -> Strip:
        inner = self.inner_width
        key = (head, index, inner, focused)
        strip = self._still.get(key)
        if strip is None:
            content = (self._head_rows if head else self._foot_rows)[index]
            base = self._filtered(fitted(content, inner, self.palette.base))
            strip = self._still[key] = self._joined(base, (), False, focused)
        return strip

    def _joined(self, base: Strip, spans: tuple[Span, ...], bar: bool, focused: bool) -> Strip:
        left, right = self._sides(bar, focused)
        body = self._filtered(overlaid(base, spans)) if spans else base
        return Strip([*left, *body, *right], left.cell_length + body.cell_length + right.cell_length)

    def _sides(self, bar: bool, focused: bool) -> tuple[Strip, Strip]:
        """Frame and padding left and right of a row, the scrollbar's thumb if `bar`."""
        sides = self._side_strips.get((bar, focused))
        if sides is None:
            palette, line = self.palette, (self.glyphs.heavy if focused else self.glyphs.light)[1]
            edge = Segment(line, palette.frame_focused if focused else palette.frame)
            end = Segment(self.glyphs.thumb, palette.thumb) if bar else edge
            before, after = (Segment(" " * cells) for cells in self.PADDING)
            left, right = (Strip(over(palette.base, side)) for side in ((edge, before), (after, end)))
            sides = self._side_strips[(bar, focused)] = (self._filtered(left), self._filtered(right))
        return sides

    def _edge(self, top: bool, width: int, focused: bool) -> Strip:
        left, right = (self._title, self._badge) if top else (self.bottom_line, "")
        lit = top and self._lit
        key = (top, width, left, right, focused, lit)
        strip = self._edges.get(key)
        if strip is None:
            if len(self._edges) > 32:
                self._edges.clear()
            line = frame_line(
                width,
                left,
                right,
                top=top,
                focused=focused,
                palette=self.palette,
                glyphs=self.glyphs,
                lit=lit,
            )
            strip = self._edges[key] = self._filtered(line)
        return strip

    def _filtered(self, strip: Strip) -> Strip:
        return filtered(strip, self.app.get_line_filters(), self.palette.background)
