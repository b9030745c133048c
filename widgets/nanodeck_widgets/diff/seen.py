"""Which changed lines were in view: nobody should accept what was never on the screen without knowing."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.strip import Strip

from nanodeck.contracts.changes import Author, Changeset
from nanodeck_widgets.diff.picking import PickingViewer
from nanodeck_widgets.diff.rows import Rows

Name = tuple[str, Author, int]
"""A hunk by its file, who changed that, and its id there."""
KEPT = 8
"""Changesets of which it is known what was seen: one looks at something else and comes back."""


class SeeingViewer(PickingViewer):
    """A viewer that remembers which changed lines it has shown."""

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._seen_of: dict[str, dict[Name, set[int]]] = {}
        self._seen: dict[Name, set[int]] = {}
        self._changed_lines = 0
        self._looked: tuple[object, range] = (None, range(0))

    def view_changeset(self, changeset: Changeset | None) -> None:
        """Show `changeset`; what was seen of it before counts."""
        if changeset is not None:
            names = {(file.path, file.author, hunk.id) for file in changeset.files for hunk in file.hunks}
            seen = self._seen_of.pop(changeset.id, {})
            self._seen = {name: lines for name, lines in seen.items() if name in names}
            self._seen_of[changeset.id] = self._seen
            self._changed_lines = sum(file.added + file.removed for file in changeset.files)
            if len(self._seen_of) > KEPT:
                del self._seen_of[next(iter(self._seen_of))]
        super().view_changeset(changeset)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of a part of the widget; what is in view has been seen."""
        self.settle()
        self._look()
        return super().render_lines(crop)

    @property
    def not_seen(self) -> int:
        """Changed lines that were never in view."""
        return max(0, self._changed_lines - sum(map(len, self._seen.values())))

    def unseen(self, hunks: Iterable[int]) -> int:
        """Changed lines of `hunks` (counted over all files) that were never in view."""
        rows = self.rows
        if rows is None:
            return 0
        left = 0
        for place in hunks:
            hunk = rows.hunk(place)
            left += hunk.added + hunk.removed - len(self._seen.get(_name(rows, place), ()))
        return max(0, left)

    def _look(self) -> None:
        rows, first = self.rows, self.top
        last = min(first + self.view_height, self.row_count)
        if rows is None:
            return
        arranged = (rows, rows.layout, len(rows))
        before, known = self._looked
        self._looked = arranged, range(first, last)
        if before != arranged:
            known = range(0)
        for row in range(first, min(last, len(rows))):
            if row in known:
                continue
            what = rows[row]
            if what.kind != "line":
                continue
            body, seen = rows.body(what.hunk), self._seen.setdefault(_name(rows, what.hunk), set())
            shown = zip(rows.lines_of(what), rows.own_lines(what), strict=True)
            seen.update(own for line, own in shown if self.counts(body[line].sign))

    def counts(self, sign: str) -> bool:
        """Whether lines with `sign` have to be seen."""
        return sign in "+-"


def _name(rows: Rows, place: int) -> Name:
    return rows.file(place).path, rows.file(place).author, rows.hunk(place).id
