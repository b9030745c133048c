"""Rows of cells in a frame: what a pane looks like, without what can be done in it."""

from __future__ import annotations

from typing import NamedTuple

from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip

from nanodeck_widgets.frame import Thumb, thumb_for
from nanodeck_widgets.framed import Framed
from nanodeck_widgets.strips import Span, fitted

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


class Canvas(Framed):
    """Draws rows with an own offset, frame and scrollbar.

    Nothing here is layout-reactive, and strips keep their identity from frame to frame: Textual
    then writes them out of its cache.
    """

    # Textual's own selection runs over neighbouring panes to the end of their documents.
    ALLOW_SELECT = False

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._top = 0
        self._follow = False
        self._follows = False
        self._base: LRUCache[tuple[int, int], Strip] = LRUCache(BASE_ROWS)
        self._last_base = -1
        self._drawn: LRUCache[tuple[object, ...], tuple[Strip, Strip]] = LRUCache(DRAWN_ROWS)
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

    # Where the view is.

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
        # Counting rows may lay them out anew and move the top.
        end = self.max_top
        return end if self._follow else min(self._top, end)

    @top.setter
    def top(self, row: int) -> None:
        end = self.max_top
        self._top = min(max(0, row), end)
        self._set_follow(self._follows and self._top >= end)
        self.repaint(self._shown.rows)

    @property
    def follow(self) -> bool:
        """Whether the end stays in view; scrolling up pauses it and the end resumes it, until it is unset."""
        return self._follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        self._follows = follow
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
            self.refresh(Region(0, self.view_start + y, self.outer_size.width, end - y))

    def repaint(self, first: int) -> None:
        """Draw what is seen of the rows from `first` on, and whatever else moved since the last time."""
        if not self.is_attached:
            return
        view, shown = self._view(), self._shown
        self._shown = view
        body, start = view.seen, self.view_start
        if body <= 0 or not view.width:
            return
        if view.top != shown.top:
            # Down to the bottom edge, which may say how much is left below.
            self.refresh(Region(0, start, view.width, view.height - start))
            return
        y = max(0, min(first, shown.rows, view.rows) - view.top)
        if y < body and (first < view.rows or view.rows != shown.rows):
            self.refresh(Region(0, start + y, view.width, body - y))
        if view.thumb != shown.thumb:
            self.refresh(Region(view.width - 1, start, 1, body))

    def forget_drawing(self) -> None:
        """Drop every strip: theme or width changed."""
        super().forget_drawing()
        self._base.clear()
        self._last_base = -1
        self._drawn.clear()

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
        seen = y - self.view_start
        if seen < 0:
            return self._still_line(True, y - 1, focused)
        if seen >= view.seen and self._foot_rows:
            return self._still_line(False, seen - view.seen, focused)
        row = view.top + seen
        bar = view.thumb.first <= seen < view.thumb.last
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

    def _forget(self, first: int) -> None:
        inner = self.inner_width
        if self._last_base - first < len(self._base):
            for row in range(first, self._last_base + 1):
                self._base.discard((row, inner))
        else:
            for key in [key for key in self._base.keys() if key[0] >= first]:  # noqa: SIM118
                self._base.discard(key)
        self._last_base = first - 1
