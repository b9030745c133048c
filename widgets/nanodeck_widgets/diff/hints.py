"""Key hints in as many cells as there are: the less needed ones go first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.text import wrapped
from nanodeck_widgets.palette import Palette

GAP = 2
NOTICE_ROWS = 3


class Hint(NamedTuple):
    """A key and what it does; of two, the one with the higher `rank` is left out first."""

    key: str
    words: str
    rank: int

    @property
    def cells(self) -> int:
        """Cells it takes."""
        return cell_len(self.key) + 1 + cell_len(self.words)


LOOKING = (
    Hint("j/k", "hunk", 1),
    Hint("]/[", "file", 2),
    Hint("t", "view", 3),
    Hint("w", "wrap", 4),
    Hint("/", "find", 5),
    Hint("esc", "back", 0),
)
DECIDING = (
    Hint("y", "accept", 0),
    Hint("n", "reject", 0),
    Hint("space", "toggle", 9),
    Hint("u/U", "undo/redo", 4),
    Hint("a/d", "rest of file", 3),
    Hint("A/D", "all", 2),
    Hint("j/k", "hunk", 1),
    Hint("]/[", "file", 5),
    Hint("t", "view", 6),
    Hint("w", "wrap", 8),
    Hint("/", "find", 7),
    Hint("esc", "back", 10),
    Hint("ENTER", "send review", 0),
)


def arranged(hints: Sequence[Hint], width: int, lines: int) -> list[list[Hint]]:
    """`hints` in at most `lines` lines of `width` cells, in their order."""
    kept = list(hints)
    while kept:
        rows = _filled(kept, width)
        if len(rows) <= lines:
            return rows
        kept.remove(max(kept, key=lambda hint: hint.rank))
    return []


def hint_strip(hints: Sequence[Hint], palette: Palette) -> Strip:
    """A line of hints."""
    segments: list[Segment] = []
    for hint in hints:
        gap = " " * GAP if segments else ""
        segments += [Segment(f"{gap}{hint.key}", palette.accent), Segment(f" {hint.words}", palette.muted)]
    return Strip(segments)


def foot_strips(
    notice: str, advice: str, hints: Sequence[Hint], width: int, lines: int, palette: Palette
) -> tuple[Strip, ...]:
    """A notice, or else what to do next, over at most `lines` lines of hints."""
    strips = [hint_strip(row, palette) for row in arranged(hints, width, lines)]
    if said := notice or advice:
        text, style = one_line(said, width * NOTICE_ROWS), palette.warning if notice else palette.muted
        strips = [Strip([Segment(text[a:b], style)]) for a, b in wrapped(text, width)] + strips
    return tuple(strips)


def _filled(hints: Sequence[Hint], width: int) -> list[list[Hint]]:
    rows: list[list[Hint]] = []
    used = width
    for hint in hints:
        if used + GAP + hint.cells > width:
            rows.append([])
            used = -GAP
        rows[-1].append(hint)
        used += GAP + hint.cells
    return rows
