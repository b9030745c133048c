"""The frame of a pane as strips: title and badge above, hint below, scrollbar in the right edge."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette
from nanodeck_widgets.strips import over


class Thumb(NamedTuple):
    """The scrollbar's thumb: view rows `first` up to `last`; both 0 when everything fits."""

    first: int
    last: int


def thumb_for(count: int, height: int, top: int) -> Thumb:
    """Where the thumb stands for `count` rows of which `height` are seen from `top` on."""
    if count <= height or height <= 0:
        return Thumb(0, 0)
    size = max(1, height * height // count)
    room, hidden = height - size, count - height
    first = (min(top, hidden) * room + hidden // 2) // hidden
    return Thumb(first, first + size)


def top_for(count: int, height: int, thumb_first: int) -> int:
    """The first visible row that puts the thumb at `thumb_first`; the reverse of `thumb_for`."""
    if count <= height or height <= 0:
        return 0
    room = height - max(1, height * height // count)
    if room <= 0:
        return 0
    return min(max(thumb_first, 0), room) * (count - height) // room


def cut(text: str, width: int, ellipsis: str) -> str:
    """`text` in at most `width` cells, the cut shown by `ellipsis`."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + ellipsis if width > 0 else ""


def cut_front(text: str, width: int, ellipsis: str) -> str:
    """The end of `text` in at most `width` cells, as the end of a path says most."""
    if cell_len(text) <= width:
        return text
    return ellipsis + set_cell_size(text[::-1], max(0, width - 1)).rstrip()[::-1] if width > 0 else ""


def frame_line(
    width: int,
    left: str,
    right: str,
    *,
    top: bool,
    focused: bool,
    palette: Palette,
    glyphs: Glyphs,
    lit: bool = False,
    call: bool = False,
) -> Strip:
    """The top or bottom line of a frame, exactly `width` cells.

    `lit` words ask for attention; with `call` the whole frame does.
    """
    pieces = glyphs.heavy if focused else glyphs.light
    line, start, end = pieces[0], pieces[2 if top else 4], pieces[3 if top else 5]
    edge = palette.attention if call else palette.frame_focused if focused else palette.frame
    words = (palette.title_focused if focused else palette.title) if top else palette.muted
    if lit or (call and top):
        words = palette.attention
    if width < 2:
        return Strip([Segment(line * width, palette.base + edge)], width)
    room = width - 4
    right = cut(right, max(0, room - 2), glyphs.ellipsis) if right else ""
    taken = cell_len(right) + 3 if right else 0
    left = cut(left, max(0, room - taken - 1), glyphs.ellipsis) if left else ""
    segments = [Segment(start + line, edge)]
    used = 2
    if left:
        segments.append(Segment(f" {left} ", words))
        used += cell_len(left) + 2
    tail = f" {right} " if right else ""
    fill = width - used - cell_len(tail) - 1
    if fill < 0:
        return Strip(over(palette.base, [Segment(start + line * (width - 2) + end, edge)]), width)
    segments.append(Segment(line * fill, edge))
    if tail:
        segments.append(Segment(tail, words))
    segments.append(Segment(end, edge))
    return Strip(over(palette.base, segments), width)
