"""The deck's compositor: widgets are asked for no more than is to be painted, the front ones first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from textual._compositor import ChopsUpdate, Compositor, CompositorMap, ReflowResult
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class DeckCompositor(Compositor):
    """Textual's asks every widget near a changed cell for all of its rows, hidden ones too."""

    _drawn_map: CompositorMap | None = None

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out; changed is what differs from the last time.

        Textual's compares with a map that whoever asks for a place may have brought up to date
        meanwhile: what went away then stays on the screen.
        """
        if self._drawn_map is not None:
            self._full_map = self._drawn_map
        result = super().reflow(parent, size)
        self._drawn_map = self._full_map
        return result

    def render_partial_update(self) -> ChopsUpdate | None:
        """What the changed regions look like; None when nothing changed."""
        screen = self.size.region
        regions = [part for region in self._dirty_regions if (part := region.intersection(screen))]
        self._dirty_regions.clear()
        if not regions:
            return None
        spans = list(self._regions_to_spans(regions))
        wanted = _Wanted(spans, self.cuts)
        for widget, (region, clip) in self.visible_widgets.items():
            if not wanted.missing:
                break
            wanted.take(widget, region.intersection(clip), region)
        return ChopsUpdate(wanted.pieces, spans, wanted.ends())


class _Wanted:
    """Pieces of rows, parted where widgets begin and end. A piece is known by its first cell."""

    def __init__(self, spans: Iterable[tuple[int, int, int]], cuts: list[list[int]]) -> None:
        self._cuts = cuts
        self.pieces: list[dict[int, Strip | None]] = [{} for _ in cuts]
        self.missing: dict[int, set[int]] = {}
        for y, x1, x2 in spans:
            row = {x for x, end in pairwise(cuts[y]) if end > x1 and x < x2}
            self.missing.setdefault(y, set()).update(row)

    def take(self, widget: Widget, part: Region, region: Region) -> None:
        """Take from `widget`, seen in `part` of its `region`, what is still missing."""
        left, top, right, bottom = part.corners
        rows = [
            y for y, row in self.missing.items() if top <= y < bottom and any(left <= x < right for x in row)
        ]
        for first, last in _runs(rows):
            crop = Region(left - region.x, first - region.y, part.width, last - first + 1)
            for y, strip in zip(range(first, last + 1), widget.render_lines(crop), strict=False):
                self._give(y, strip, left, right)

    def ends(self) -> list[list[int]]:
        """Where the pieces end, row by row."""
        return [
            [after[x] for x in row] if row and (after := dict(pairwise(cuts))) else []
            for row, cuts in zip(self.pieces, self._cuts, strict=True)
        ]

    def _give(self, y: int, strip: Strip, left: int, right: int) -> None:
        missing = self.missing[y]
        cuts = [cut for cut in self._cuts[y] if left <= cut <= right]
        for x, piece in zip(cuts, strip.divide([cut - left for cut in cuts[1:]]), strict=False):
            if x in missing:
                self.pieces[y][x] = piece
                missing.discard(x)
        if not missing:
            del self.missing[y]


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours in rising `numbers`."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
