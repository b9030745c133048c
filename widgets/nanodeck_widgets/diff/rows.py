"""A changeset as rows: which row shows which file, hunk and line, without reading what is not seen."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.contracts.comments import Comment
from nanodeck_widgets.diff.around import Around, widened
from nanodeck_widgets.diff.body import Body
from nanodeck_widgets.diff.kinds import facts
from nanodeck_widgets.diff.moved import Moves, moved_lines
from nanodeck_widgets.diff.remarks import Among, Remark, placed
from nanodeck_widgets.diff.runs import Runs
from nanodeck_widgets.diff.side import NOTHING, Pairs, rows_beside
from nanodeck_widgets.diff.text import displayed, rows_of

RowKind = Literal["file", "note", "hunk", "line", "fact", "comment", "rule", "blank"]


ROWS_KEPT = 4_096
ALIGNED_LINES = 2_000


class Place(NamedTuple):
    """A hunk by the position of its file and its own position there."""

    file: int
    hunk: int


class Row(NamedTuple):
    """What a row shows. `hunk` counts over all files; `part` is the row within a wrapped line.

    In unified layout `left` is the line and `right` is NOTHING; side by side either may be NOTHING.
    `remark` counts the comments in view.
    """

    kind: RowKind
    hunk: int
    left: int = NOTHING
    right: int = NOTHING
    part: int = 0
    remark: int = NOTHING


class Layout(NamedTuple):
    """How lines are laid out: side by side or not, and the cells of text a row holds when wrapped.

    `wrap` is for a row over the whole width, `beside` for one side of two.
    """

    split: bool = False
    wrap: int = 0
    beside: int = 0


class Rows:
    """The rows of a changeset in one layout.

    Without wrapping a hunk's height comes from counting line feeds, so a long change opens at once;
    wrapped or side by side, every line has to be looked at. Of a `folded` file, by its position, there
    is one row, which belongs to its first hunk. Lines `around` a hunk are shown as its own; `own` says
    which are.
    """

    def __init__(
        self,
        changeset: Changeset,
        layout: Layout = Layout(),  # noqa: B008 (a tuple)
        folded: frozenset[int] = frozenset(),
        around: Mapping[int, Around] = {},
    ) -> None:
        self.changeset = changeset
        self.layout = layout
        self.folded = folded
        self._around = around
        self.places = [Place(f, h) for f, file in enumerate(changeset.files) for h in range(len(file.hunks))]
        self._bodies: dict[int, Body] = {}
        self._runs: dict[int, Runs] = {}
        self._pairs: dict[int, Pairs] = {}
        self._heights: dict[int, array[int]] = {}
        self._starts = [0]
        self._found: dict[int, Row] = {}
        self._remarks: tuple[Remark, ...] = ()
        self._among: dict[int, Among] = {}
        self._relayout()

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, row: int) -> Row:
        found = self._found.get(row)
        if found is None:
            if len(self._found) > ROWS_KEPT:
                self._found.clear()
            found = self._found[row] = self._find(row)
        return found

    def _find(self, row: int) -> Row:
        hunk = bisect_right(self._starts, row) - 1
        inside = row - self._starts[hunk]
        lead = self._lead(hunk)
        if inside < len(lead):
            return Row(lead[inside], hunk)
        inside -= len(lead)
        if inside == self._body_height(hunk):
            return Row("rule" if self.places[hunk + 1].file == self.places[hunk].file else "blank", hunk)
        return self._line_row(hunk, inside)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The comments in view."""
        return self._remarks

    def remark(self, comments: Sequence[Comment], width: int) -> bool:
        """Show `comments` among the lines, `width` cells wide; whether anything changed."""
        remarks = tuple(placed(self.changeset, comments, self.body, width)) if comments else ()
        if remarks == self._remarks:
            return False
        self._remarks = remarks
        self._relayout()
        return True

    def file(self, hunk: int) -> FileDiff:
        """The file a hunk belongs to."""
        return self.changeset.files[self.places[hunk].file]

    def hunk(self, hunk: int) -> Hunk:
        """A hunk by its position over all files."""
        return self.file(hunk).hunks[self.places[hunk].hunk]

    def body(self, hunk: int) -> Body:
        """The lines of a hunk."""
        body = self._bodies.get(hunk)
        if body is None:
            body = self._bodies[hunk] = Body(self._widened(hunk))
        return body

    def own(self, hunk: int) -> range:
        """Which of the lines shown of a hunk are its own: the others stand around it."""
        lines, around = len(self.body(hunk)), self._around.get(hunk, Around())
        return range(len(around.above), lines - len(around.below))

    def runs(self, hunk: int) -> Runs:
        """The changes of a hunk."""
        runs = self._runs.get(hunk)
        if runs is None:
            runs = self._runs[hunk] = Runs(self.body(hunk))
        return runs

    @cached_property
    def moves(self) -> Moves:
        """The lines that were only moved."""
        return moved_lines(self.changeset)

    def facts(self, hunk: int) -> tuple[str, ...]:
        """What a hunk without lines says."""
        return facts(self.file(hunk))

    def left_out(self, hunk: int) -> int:
        """Unchanged lines between a hunk and the next one of its file; below 0 where that is unknown."""
        this, following = self._widened(hunk), self._widened(hunk + 1)
        if not (this.body and following.body):
            return -1
        return following.old_start - this.old_start - this.old_count + (not following.old_count)

    def is_split(self, hunk: int) -> bool:
        """Whether a hunk is shown side by side: one side of a new or deleted file would be empty."""
        return self.layout.split and not self.file(hunk).whole

    def hunks_of(self, file: int) -> range:
        """The hunks of a file, both by their positions."""
        first = bisect_left(self.places, (file, 0))
        return range(first, first + len(self.changeset.files[file].hunks))

    def is_folded(self, hunk: int) -> bool:
        """Whether of a hunk's file only the header is shown."""
        return self.places[hunk].file in self.folded

    def shown(self, hunk: int) -> int:
        """The hunk that a cursor on `hunk` stands on: in a folded file the first."""
        return hunk - self.places[hunk].hunk if self.is_folded(hunk) else hunk

    def next_shown(self, hunk: int, step: int) -> int:
        """The hunk after (1) or before (-1) a hunk that a cursor can stand on; itself at the end."""
        at = hunk + step
        while 0 <= at < len(self.places) and self.shown(at) != at:
            at += step
        return at if 0 <= at < len(self.places) else hunk

    def wrap_of(self, hunk: int) -> int:
        """The cells at which a hunk's lines are wrapped; 0 where they are cut."""
        return self.layout.beside if self.is_split(hunk) else self.layout.wrap

    def span(self, hunk: int) -> tuple[int, int]:
        """First row of a hunk (its header) and the row after its last line."""
        hunk = self.shown(hunk)
        lead = len(self._lead(hunk))
        first = self._starts[hunk] + lead - 1
        return first, first + 1 + self._body_height(hunk)

    def begins(self, hunk: int) -> int:
        """The row of a hunk's own first line."""
        return self.span(hunk)[0] + 1 + self._rows_through(hunk, self.own(hunk).start - 1)

    def top_of(self, hunk: int) -> int:
        """The first row that belongs to a hunk, its file's header included."""
        return self._starts[self.shown(hunk)]

    def at_row(self, row: int) -> int:
        """The hunk a row belongs to."""
        return self.shown(max(0, min(bisect_right(self._starts, row) - 1, len(self.places) - 1)))

    def rows_before(self, line: int) -> int:
        """Rows that the first `line` lines of the first hunk take."""
        return self._wrapped(0)[line] if self.wrap_of(0) and line else line

    def lay_out(self, layout: Layout) -> None:
        """Arrange the same lines in another way."""
        if layout != self.layout:
            self.layout = layout
            self._relayout()

    def fold(self, files: frozenset[int]) -> None:
        """Show of these files, and of no others, the header alone."""
        if files != self.folded:
            self.folded = files
            self._relayout()

    def lines_of(self, row: Row) -> tuple[int, ...]:
        """The line indexes a row shows."""
        return tuple(line for line in (row.left, row.right) if line != NOTHING)

    def own_lines(self, row: Row) -> tuple[int, ...]:
        """The lines a row shows as the hunk itself counts them; lines around it count beyond its own."""
        above = self.own(row.hunk).start
        return tuple(line - above for line in self.lines_of(row))

    def stretch(self, row: int) -> tuple[int, int]:
        """The rows around `row` whose lines follow each other: the first, and the one after the last."""
        what = self[row]
        if what.kind != "line":
            return row, row + 1
        header, end = self.span(what.hunk)
        first, last, above = 0, end - header - 1, 0
        if among := self._among.get(what.hunk):
            first, last = among.around(row - header - 1, last)
            above = first - among.at(first)[1]
        if not self.wrap_of(what.hunk) and not self.is_split(what.hunk):
            block = self.body(what.hunk).block_around(what.left)
            first, last = max(first, block[0] + above), min(last, block[1] + above)
        return header + 1 + first, header + 1 + last

    @cached_property
    def _aligns(self) -> bool:
        """Whether lines beside each other are compared first: not of very many, that takes too long."""
        bodies = (hunk.body for file in self.changeset.files for hunk in file.hunks)
        return sum(body.count("\n") for body in bodies) <= ALIGNED_LINES

    def _widened(self, hunk: int) -> Hunk:
        """A hunk with the lines that are shown around it."""
        around = self._around.get(hunk)
        return widened(self.hunk(hunk), around) if around else self.hunk(hunk)

    def _relayout(self) -> None:
        self._heights.clear()
        self._among = {
            hunk: Among(list(self._between(hunk))) for hunk in {r.spot.hunk for r in self._remarks}
        }
        self._found.clear()
        plain = not (self.layout.wrap or self.layout.split or self.folded or self._around or self._among)
        measured = self._counted() if plain else map(self._measured, range(len(self.places)))
        self._starts = [0, *accumulate(measured)]

    def _counted(self) -> Iterator[int]:
        """The heights of all hunks where every line takes a row: as `_measured`, for very many."""
        last = len(self.places) - 1
        for place, (file, number) in enumerate(self.places):
            body = self.changeset.files[file].hunks[number].body
            if body and number:
                yield 2 + body.count("\n") - body.endswith("\n") + (place < last)
            else:
                yield self._measured(place)

    def _between(self, hunk: int) -> Iterator[tuple[int, int]]:
        """Before which row of a hunk's lines each of its remarks stands, and its rows."""
        for remark in self._remarks:
            if remark.spot.hunk == hunk:
                yield self._rows_through(hunk, remark.spot.line), len(remark.rows)

    def _rows_through(self, hunk: int, line: int) -> int:
        """The rows of a hunk's lines up to and with a line; none for NOTHING."""
        unit = line
        if line != NOTHING and self.is_split(hunk):
            unit = self._pairs_of(hunk).row_of(line)
        return self._wrapped(hunk)[unit + 1] if self.wrap_of(hunk) else unit + 1

    def _lead(self, hunk: int) -> tuple[RowKind, ...]:
        """The rows above a hunk's lines."""
        if self.is_folded(hunk):
            return () if self.places[hunk].hunk else ("file",)
        if self.places[hunk].hunk:
            return ("hunk",)
        named = len(self.changeset.files) > 1
        noted = bool(self.file(hunk).note)
        return (*(("file",) if named else ()), *(("note",) if noted else ()), "hunk")

    def _body_height(self, hunk: int) -> int:
        return self._starts[hunk + 1] - self._starts[hunk] - len(self._lead(hunk)) - self._tail(hunk)

    def _tail(self, hunk: int) -> int:
        """Rows between a hunk's lines and what follows."""
        return int(hunk + 1 < len(self.places) and not self.is_folded(hunk))

    def _measured(self, hunk: int) -> int:
        """All rows of a hunk."""
        lead = len(self._lead(hunk))
        if self.is_folded(hunk):
            return lead
        among = self._among.get(hunk)
        return lead + self._lines_height(hunk) + (among.height if among else 0) + self._tail(hunk)

    def _lines_height(self, hunk: int) -> int:
        if not self.hunk(hunk).body:
            return len(self.facts(hunk))
        if self.wrap_of(hunk):
            return self._wrapped(hunk)[-1]
        if self.is_split(hunk):
            return len(self._pairs_of(hunk)) if self._aligns else rows_beside(self.body(hunk).signs)
        body = self._widened(hunk).body
        return body.count("\n") + 1 - body.endswith("\n")

    def _line_row(self, hunk: int, inside: int) -> Row:
        if among := self._among.get(hunk):
            remark, inside = among.at(inside)
            if remark != NOTHING:
                first = next(place for place, shown in enumerate(self._remarks) if shown.spot.hunk == hunk)
                return Row("comment", hunk, part=inside, remark=first + remark)
        if not self.hunk(hunk).body:
            return Row("fact", hunk, part=inside)
        unit, part = inside, 0
        if self.wrap_of(hunk):
            starts = self._wrapped(hunk)
            unit = bisect_right(starts, inside) - 1
            part = inside - starts[unit]
        if self.is_split(hunk):
            pairs = self._pairs_of(hunk)
            return Row("line", hunk, pairs.left[unit], pairs.right[unit], part)
        return Row("line", hunk, unit, NOTHING, part)

    def _pairs_of(self, hunk: int) -> Pairs:
        pairs = self._pairs.get(hunk)
        if pairs is None:
            pairs = self._pairs[hunk] = Pairs(
                self.body(hunk).signs, self.runs(hunk).partners if self._aligns else None
            )
        return pairs

    def _wrapped(self, hunk: int) -> array[int]:
        """For each line (or pair of lines) of a hunk the row it starts at, and their sum."""
        starts = self._heights.get(hunk)
        if starts is None:
            body = self.body(hunk)
            width = self.wrap_of(hunk)
            if body.is_plain:
                heights = [
                    1 if length <= width else rows_of(body.shown(line), width)
                    for line, length in enumerate(body.lengths)
                ]
            else:
                heights = [rows_of(displayed(body.shown(line)), width) for line in range(len(body))]
            if self.is_split(hunk):
                heights.append(1)  # what NOTHING, being -1, finds
                pairs = self._pairs_of(hunk)
                heights = [
                    max(heights[left], heights[right])
                    for left, right in zip(pairs.left, pairs.right, strict=True)
                ]
            starts = self._heights[hunk] = array("i", [0, *accumulate(heights)])
        return starts
