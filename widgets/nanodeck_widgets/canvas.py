"""Rows of cells in a frame: what a pane looks like, without what can be done in it."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.frame import Thumb, frame_line, thumb_for
from nanodeck_widgets.glyphs import Glyphs, glyphs
from nanodeck_widgets.palette import Palette, palette_of
from nanodeck_widgets.strips import Span, filtered, fitted, over, overlaid

BASE_ROWS = 2_000
DRAWN_ROWS = 1_000


class View(NamedTuple):
    """What a frame is drawn from: sizes in cells, rows of content, the first visible row."""

    width: int
    height: int
    inner: int
    rows: int
    top: int
    thumb: Thumb
    seen: int


class Canvas(Widget):
    """Draws rows with an own offset, frame and scrollbar.

    Nothing here is layout-reactive, and strips keep their identity from frame to frame: Textual
    then writes them out of its cache. CSS borders and padding are not drawn; `PADDING` is the blank
    cells inside the frame, left and right.
    """

    # Textual's own selection runs over neighbouring panes to the end of their documents.
    ALLOW_SELECT = False
    PADDING: ClassVar[tuple[int, int]] = (1, 1)

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._title = title
        self._badge = ""
        self._hint = ""
        self._top = 0
        self._follow = False
        self._follows = False
        self._palette: Palette | None = None
        self._base: LRUCache[tuple[int, int], Strip] = LRUCache(BASE_ROWS)
        self._last_base = -1
        self._drawn: LRUCache[tuple[object, ...], tuple[Strip, Strip]] = LRUCache(DRAWN_ROWS)
        self._lit = False
        self._edges: dict[tuple[object, ...], Strip] = {}
        self._side_strips: dict[tuple[bool, bool], tuple[Strip, Strip]] = {}
        self._foot: tuple[Strip, ...] = ()
        self._foot_drawn: dict[tuple[int, int, bool], Strip] = {}
        self._shown = View(0, 0, 1, 0, 0, Thumb(0, 0), 0)

    # What a subclass says.

    def count(self, width: int) -> int:
        """Rows of content at `width` cells; asked often, so it must be cheap."""
        return 0

    def build(self, row: int, width: int) -> Strip:
        """The content of a row; it is filled up, filtered and kept until `rows_changed`."""
        return Strip([])

    def spans(self, row: int) -> tuple[Span, ...]:
        """Styles over parts of a row that change more often than the row, such as a cursor."""
        return ()

    def settle(self) -> None:
        """Called before a frame is drawn, for heights that are known only when drawn."""

    # What is shown around the rows.

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
    def foot(self) -> tuple[Strip, ...]:
        """Rows that stay at the bottom, inside the frame, such as the keys one can press."""
        return self._foot

    @foot.setter
    def foot(self, foot: tuple[Strip, ...]) -> None:
        self._foot = foot
        self._foot_drawn.clear()
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

    # Where the view is.

    @property
    def inner_width(self) -> int:
        """Cells a row of content has."""
        return max(1, self.outer_size.width - 2 - sum(self.PADDING))

    @property
    def view_height(self) -> int:
        """Rows of content seen at once."""
        return max(0, self.outer_size.height - 2 - len(self._foot))

    @property
    def row_count(self) -> int:
        """Rows of content at the width in use."""
        return self.count(self.inner_width)

    @property
    def max_top(self) -> int:
        """The largest first row: the last row is then at the bottom."""
        return max(0, self.row_count - self.view_height)

    @property
    def top(self) -> int:
        """The first visible row."""
        return self.max_top if self._follow else min(self._top, self.max_top)

    @top.setter
    def top(self, row: int) -> None:
        end = self.max_top
        self._top = min(max(0, row), end)
        self._set_follow(self._follows and self._top >= end)
        self.repaint(self._shown.rows)

    @property
    def follow(self) -> bool:
        """Whether the end stays in view; once set, scrolling up pauses it and the end resumes it."""
        return self._follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        self._follows = self._follows or follow
        if follow != self._follow:
            self._top = self.top
            self._set_follow(follow)
            self.repaint(self._shown.rows)

    def _set_follow(self, follow: bool) -> None:
        if follow != self._follow:
            self._follow = follow
            self.repaint_edge(top=False)

    # What changed.

    def rows_changed(self, first: int = 0, last: int | None = None) -> None:
        """Rows from `first` on changed, appeared or went away; with `last`, only those up to it changed."""
        if last is not None:
            inner = self.inner_width
            for row in range(first, last + 1):
                self._base.discard((row, inner))
            self.repaint_rows(first, last)
            return
        if first <= 0:
            self._base.clear()
            self._last_base = -1
        elif first <= self._last_base:
            self._forget(first)
        self.repaint(first)

    def repaint_rows(self, first: int, last: int) -> None:
        """Draw rows `first` to `last` again if seen: their `spans` changed, their strips did not."""
        top, height = self.top, self.view_height
        y, end = max(0, first - top), min(height, last + 1 - top)
        if end > y:
            self.refresh(Region(0, 1 + y, self.outer_size.width, end - y))

    def repaint_edge(self, *, top: bool) -> None:
        """Draw the top or the bottom edge again."""
        width, height = self.outer_size
        if width and height:
            self.refresh(Region(0, 0 if top else height - 1, width, 1))

    def repaint(self, first: int) -> None:
        """Draw what is seen of the rows from `first` on, and whatever else moved since the last time."""
        if not self.is_attached:
            return
        view, shown = self._view(), self._shown
        self._shown = view
        body = view.seen
        if body <= 0 or not view.width:
            return
        if view.top != shown.top:
            # Down to the bottom edge, which may say how much is left below.
            self.refresh(Region(0, 1, view.width, view.height - 1))
            return
        y = max(0, min(first, shown.rows, view.rows) - view.top)
        if y < body and (first < view.rows or view.rows != shown.rows):
            self.refresh(Region(0, 1 + y, view.width, body - y))
        if view.thumb != shown.thumb:
            self.refresh(Region(view.width - 1, 1, 1, body))

    def forget_drawing(self) -> None:
        """Drop every strip: theme or width changed."""
        self._palette = None
        self._base.clear()
        self._last_base = -1
        self._drawn.clear()
        self._edges.clear()
        self._side_strips.clear()
        self._foot_drawn.clear()

    # Drawing.

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of a part of the widget."""
        self.settle()
        view = self._view()
        if view != self._shown:
            moved = (view.top, view.thumb) != (self._shown.top, self._shown.thumb)
            self._shown = view
            if moved and crop.height < view.height:
                self.call_later(self.refresh)
        focused = self.has_focus
        rows = [self._line(y, view, focused) for y in range(crop.y, crop.bottom)]
        if crop.x == 0 and crop.right >= view.width:
            return rows
        return [row.crop(crop.x, crop.right) for row in rows]

    def render_line(self, y: int) -> Strip:
        """One row of the widget."""
        return self.render_lines(Region(0, y, self.outer_size.width, 1))[0]

    def _view(self) -> View:
        width, height = self.outer_size
        inner = self.inner_width
        count, seen = self.count(inner), self.view_height
        end = max(0, count - seen)
        top = end if self._follow else min(self._top, end)
        return View(width, height, inner, count, top, thumb_for(count, seen, top), seen)

    def _line(self, y: int, view: View, focused: bool) -> Strip:
        if y == 0 or y >= view.height - 1:
            return self._edge(y == 0, view.width, focused)
        if y > view.seen and self._foot:
            return self._foot_line(y - 1 - view.seen, view, focused)
        row = view.top + y - 1
        bar = view.thumb.first <= y - 1 < view.thumb.last
        if row < view.rows:
            base, spans = self._base_row(row, view.inner), self.spans(row)
        else:
            row, base, spans = -1, self._base_row(-1, view.inner), ()
        key = (row, view.width, spans, bar, focused)
        drawn = self._drawn.get(key)
        # The base strip's identity says whether the row is still what it was.
        if drawn is not None and drawn[0] is base:
            return drawn[1]
        strip = self._joined(base, spans, bar, focused)
        self._drawn[key] = (base, strip)
        return strip

    def _base_row(self, row: int, inner: int) -> Strip:
        strip = self._base.get((row, inner))
        if strip is None:
            content = self.build(row, inner) if row >= 0 else Strip([])
            strip = self._filtered(fitted(content, inner, self.palette.base))
            self._base[(row, inner)] = strip
            self._last_base = max(self._last_base, row)
        return strip

    def _joined(self, base: Strip, spans: tuple[Span, ...], bar: bool, focused: bool) -> Strip:
        left, right = self._sides(bar, focused)
        body = self._filtered(overlaid(base, spans)) if spans else base
        return Strip([*left, *body, *right], left.cell_length + body.cell_length + right.cell_length)

    def _foot_line(self, index: int, view: View, focused: bool) -> Strip:
        key = (index, view.inner, focused)
        strip = self._foot_drawn.get(key)
        if strip is None:
            base = self._filtered(fitted(self._foot[index], view.inner, self.palette.base))
            strip = self._foot_drawn[key] = self._joined(base, (), False, focused)
        return strip

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

    def _forget(self, first: int) -> None:
        inner = self.inner_width
        if self._last_base - first < len(self._base):
            for row in range(first, self._last_base + 1):
                self._base.discard((row, inner))
        else:
            for key in [key for key in self._base.keys() if key[0] >= first]:  # noqa: SIM118
                self._base.discard(key)
        self._last_base = first - 1
