"""How a diff is laid out: side by side or not, wrapped or cut, how far scrolled to the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nanodeck.contracts.changes import Changeset
from nanodeck_widgets.diff.draw import BAR, SEPARATOR, SIGN, Columns, digits_of
from nanodeck_widgets.diff.rows import Layout

ViewMode = Literal["auto", "unified", "split"]

SPLIT_FROM = 88
LEAST_SPLIT = 50
AUTO_SPLIT_LINES = 20_000
AUTO_WRAP_LINES = 5_000
AUTO_WRAP_LINE = 4_000
"""Characters; wrapping reads every line, and all of a line for each of its rows."""

_NEXT_MODE: dict[ViewMode, ViewMode] = {"auto": "unified", "unified": "split", "split": "auto"}
_MODE_WORDS: dict[ViewMode, str] = {
    "auto": f"automatic, side by side from {SPLIT_FROM} columns on",
    "unified": "unified",
    "split": "side by side",
}


@dataclass(slots=True)
class Arrangement:
    """What the person chose, and what the change asks for: numbers of a line and their digits, wrapping.

    Long lines are wrapped unless that would be slow: a line that is cut is a change not seen.
    """

    mode: ViewMode = "auto"
    wrap_chosen: bool | None = None
    wraps_well: bool = True
    blanks_dimmed: bool = False
    shift: int = 0
    digits: int = 3
    numbers: int = 2

    @property
    def wraps(self) -> bool:
        """Whether long lines are wrapped."""
        return self.wraps_well if self.wrap_chosen is None else self.wrap_chosen

    def toggle_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self.wrap_chosen, self.shift = not self.wraps, 0

    def fit(self, changeset: Changeset) -> int:
        """Take the measures of a change; returns its lines."""
        bodies = [hunk.body for file in changeset.files for hunk in file.hunks]
        lines = sum(body.count("\n") for body in bodies)
        self.digits = digits_of(changeset.files)
        self.numbers = 1 if changeset.plan else 2
        self.wraps_well = lines <= AUTO_WRAP_LINES and all(
            len(line) <= AUTO_WRAP_LINE for body in bodies for line in body.split("\n")
        )
        return lines

    @property
    def mode_words(self) -> str:
        """The mode for people."""
        return _MODE_WORDS[self.mode]

    def next_mode(self) -> None:
        """Automatic, unified, side by side, and again."""
        self.mode = _NEXT_MODE[self.mode]

    def layout(self, inner: int, outer: int, lines: int) -> Layout:
        """The layout for `inner` cells of content in a pane of `outer` cells and a diff of `lines` lines."""
        wide = outer >= SPLIT_FROM and lines <= AUTO_SPLIT_LINES
        split = inner >= LEAST_SPLIT and (self.mode == "split" or (self.mode == "auto" and wide))
        if not self.wraps:
            return Layout(split)
        beside = self.split(inner)
        return Layout(split, self.unified(inner).left, min(beside.left, beside.right) if split else 0)

    def unified(self, width: int) -> Columns:
        """Columns of unified layout in `width` cells."""
        room = width - BAR - self.numbers * (self.digits + 1) - SIGN
        return Columns(self.digits, max(1, room), 0, self.numbers)

    def split(self, width: int) -> Columns:
        """Columns side by side; the left side has the odd cell."""
        room = max(2, width - BAR - SEPARATOR - 2 * (self.digits + 1 + SIGN))
        return Columns(self.digits, room - room // 2, room // 2)
