"""The hint line: which keys help here."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck_widgets.status.line import StatusLine, Word, width_of


class Hint(NamedTuple):
    """A key as it is shown and what it does."""

    key: str
    does: str


class HintLine(StatusLine):
    """Keys and what they do, as many as fit."""

    hints: tuple[Hint, ...] = ()

    def show(self, hints: tuple[Hint, ...]) -> None:
        """Show `hints`."""
        if hints != self.hints:
            self.hints = hints
            self.redraw()

    def words(self, width: int) -> list[Word]:
        """Whole hints only."""
        palette = self.palette
        words = [Word(" ")]
        for hint in self.hints:
            pair = [Word(hint.key, palette.key), Word(f" {hint.does}  ", palette.muted)]
            if width_of(words) + width_of(pair) > width + 2:
                break
            words.extend(pair)
        return words
