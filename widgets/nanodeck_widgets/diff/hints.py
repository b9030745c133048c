"""Key hints in as many cells as there are: the less needed ones go first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.text import wrapped
from nanodeck_widgets.keymap import Keymap
from nanodeck_widgets.palette import Palette

GAP = 2
NOTICE_ROWS = 3


class Hint(NamedTuple):
    """What one or more actions of the diff do; of two hints, the one with the higher `rank` goes first."""

    names: str
    words: str
    rank: int


class Keyed(NamedTuple):
    """A hint with its keys."""

    key: str
    words: str
    rank: int

    @property
    def cells(self) -> int:
        """Cells it takes."""
        return cell_len(self.key) + 1 + cell_len(self.words)


LOOKING = (
    Hint("diff.next_hunk diff.previous_hunk", "hunk", 1),
    Hint("diff.next_file diff.previous_file", "file", 2),
    Hint("diff.mark_file", "reviewed", 4),
    Hint("diff.find_file", "go to file", 5),
    Hint("diff.source", "source", 3),
    Hint("diff.comment diff.comments", "comment/list", 3),
    Hint("diff.split_view", "view", 6),
    Hint("diff.context", "more lines", 6),
    Hint("diff.wrap", "wrap", 7),
    Hint("pane.find", "find", 8),
    Hint("deck.escape", "back", 0),
)
TAKING_BACK = (
    Hint("diff.reject", "take back", 0),
    Hint("diff.mark_file", "reviewed", 1),
    Hint("diff.comment diff.comments", "comment/list", 2),
    Hint("diff.next_hunk diff.previous_hunk", "hunk", 2),
    Hint("diff.next_file diff.previous_file", "file", 4),
    Hint("diff.find_file", "go to file", 5),
    Hint("diff.source", "source", 3),
    Hint("diff.split_view", "view", 7),
    Hint("diff.context", "more lines", 7),
    Hint("diff.wrap", "wrap", 8),
    Hint("pane.find", "find", 6),
    Hint("deck.escape", "back", 9),
)
GOING_BACK = (Hint("diff.send", "what goes back", 0), *LOOKING)
EMPTY = tuple(hint for hint in LOOKING if hint.words in ("source", "back"))
"""There is nothing to look at."""
DECIDING = (
    Hint("diff.accept", "accept", 0),
    Hint("diff.reject", "reject", 0),
    Hint("diff.toggle", "toggle", 10),
    Hint("diff.undo diff.redo", "undo/redo", 4),
    Hint("diff.accept_file diff.reject_file", "rest of file", 3),
    Hint("diff.accept_all diff.reject_all", "all", 2),
    Hint("diff.next_hunk diff.previous_hunk", "hunk", 1),
    Hint("diff.next_file diff.previous_file", "file", 5),
    Hint("diff.split diff.pick diff.edit", "split/pick/edit", 6),
    Hint("diff.comment", "comment", 5),
    Hint("diff.split_view", "view", 7),
    Hint("diff.context", "more lines", 8),
    Hint("diff.wrap", "wrap", 9),
    Hint("pane.find", "find", 8),
    Hint("diff.mark_file diff.find_file", "reviewed/go to file", 12),
    Hint("deck.escape", "back", 11),
    Hint("diff.send", "send review", 0),
)

PLANNING = (
    Hint("diff.accept", "approve", 0),
    Hint("diff.accept_all", "approve, auto-accept", 1),
    Hint("diff.reject", "send back", 0),
    Hint("diff.next_hunk diff.previous_hunk", "line", 2),
    Hint("diff.comment", "comment", 2),
    Hint("diff.edit", "edit", 3),
    Hint("diff.undo diff.redo", "undo/redo", 4),
    Hint("pane.find", "find", 5),
    Hint("diff.wrap", "wrap", 6),
    Hint("deck.escape", "back", 7),
    Hint("diff.send", "send", 0),
)
READING = tuple(hint for hint in PLANNING if hint.words in ("line", "comment", "find", "wrap", "back"))
"""A plan that does not ask."""


def keyed(hints: Sequence[Hint], keymap: Keymap) -> list[Keyed]:
    """`hints` with the keys of `keymap`, those without one left out; the one that sends stands out."""
    found = []
    for names, words, rank in hints:
        key = "/".join(key for name in names.split() if (key := keymap.first(name)))
        if key:
            found.append(Keyed(key.upper() if names == "diff.send" else key, words, rank))
    return found


def arranged(hints: Sequence[Keyed], width: int, lines: int) -> list[list[Keyed]]:
    """`hints` in at most `lines` lines of `width` cells, in their order."""
    kept = list(hints)
    while kept:
        rows = _filled(kept, width)
        if len(rows) <= lines:
            return rows
        kept.remove(max(kept, key=lambda hint: hint.rank))
    return []


def hint_strip(hints: Sequence[Keyed], palette: Palette) -> Strip:
    """A line of hints."""
    segments: list[Segment] = []
    for hint in hints:
        gap = " " * GAP if segments else ""
        segments += [Segment(f"{gap}{hint.key}", palette.key), Segment(f" {hint.words}", palette.muted)]
    return Strip(segments)


def foot_strips(
    notice: str, advice: str, hints: Sequence[Keyed], width: int, lines: int, palette: Palette
) -> tuple[Strip, ...]:
    """A notice, or else what to do next, over at most `lines` lines of hints."""
    strips = [hint_strip(row, palette) for row in arranged(hints, width, lines)]
    if said := notice or advice:
        text, style = one_line(said, width * NOTICE_ROWS), palette.warning if notice else palette.muted
        strips = [Strip([Segment(text[a:b], style)]) for a, b in wrapped(text, width)] + strips
    return tuple(strips)


def _filled(hints: Sequence[Keyed], width: int) -> list[list[Keyed]]:
    rows: list[list[Keyed]] = []
    used = width
    for hint in hints:
        if used + GAP + hint.cells > width:
            rows.append([])
            used = -GAP
        rows[-1].append(hint)
        used += GAP + hint.cells
    return rows
