"""Colours of lines as they are in their whole files, page by page, as far as these were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nanodeck.contracts.changes import Author, FileDiff
from nanodeck.contracts.lines import Line
from nanodeck.contracts.versions import Colour, Colours
from nanodeck_widgets.diff.text import displayed
from nanodeck_widgets.syntax import LONGEST

PAGE = 500
"""Lines whose colours are asked for together."""


class Page(NamedTuple):
    """Lines of a version of a file; `first` is the 0-based number of the first of them."""

    path: str
    author: Author
    new: bool
    first: int


class ExactColours:
    """What is known of the colours of one source, and what still has to be asked."""

    def __init__(self) -> None:
        self._known: dict[Page, Colours] = {}
        self._sought: set[Page] = set()
        self._due: list[Page] = []

    def of(self, file: FileDiff, line: Line) -> Sequence[Colour] | None:
        """The coloured parts of a line as it is displayed; None where they are not known, or not yet."""
        new = line.sign != "-"
        number = (line.new if new else line.old) - 1
        if number < 0 or len(line.text) > LONGEST:
            return None
        page = Page(file.path, file.author, new, number - number % PAGE)
        if page not in self._sought:
            self._sought.add(page)
            self._due.append(page)
        known = self._known.get(page)
        inside = number - page.first
        if known is None or inside >= len(known.lines) or known.lengths[inside] != len(line.text):
            return None
        return _as_displayed(known.lines[inside], line.text)

    def due(self) -> list[Page]:
        """The pages that were looked for since last time and have to be asked for."""
        due, self._due = self._due, []
        return due

    def learn(self, page: Page, colours: Colours) -> bool:
        """The colours of a page; whether they are others than before."""
        before = self._known.get(page)
        self._known[page] = colours
        return before != colours

    def outdate(self, path: str) -> None:
        """The file is another one now: its colours hold until they are read again."""
        self._sought = {page for page in self._sought if page.path != path}


def _as_displayed(colours: Sequence[Colour], text: str) -> Sequence[Colour]:
    """Colours of a line where its tabs and control characters are displayed otherwise."""
    if text.removesuffix("\r").isprintable():
        return colours
    return [Colour(len(displayed(text[:a])), len(displayed(text[:b])), kind) for a, b, kind in colours]
