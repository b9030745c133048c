"""What became of the lines of one change: which added line stands for which removed one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from nanodeck_widgets.diff.body import Body
from nanodeck_widgets.diff.text import displayed
from nanodeck_widgets.diff.words import LONGEST, Emphasis, emphasis, partners, without_blanks

RUN_LIMIT = 200
RUNS_KEPT = 64
STARTS_KNOWN = 10_000


class Run(NamedTuple):
    """One change: what differs in its lines by index, and those that differ in blanks alone."""

    marks: dict[int, Emphasis]
    blank: frozenset[int]


_NO_RUN = Run({}, frozenset())


class Runs:
    """The changes of one hunk, compared where somebody looks; long ones as far as their first lines."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._runs: OrderedDict[int, Run] = OrderedDict()
        self._starts: dict[int, int] = {}
        self._pairs: dict[int, Sequence[tuple[int, int]]] = {}

    def emphasis(self, index: int) -> Emphasis:
        """Where a removed or added line differs from its counterpart, in characters as displayed."""
        return self._run_of(index).marks.get(index, ())

    def is_blank_change(self, index: int) -> bool:
        """Whether a line was added or removed for its blanks alone: an empty one, or another indentation."""
        line = self._body[index]
        return line.sign in "-+" and (not line.text.strip() or index in self._run_of(index).blank)

    def _run_of(self, index: int) -> Run:
        if not self._both_sides or self._body[index].sign not in "-+":
            return _NO_RUN
        first = self._start_of(index)
        if first < 0:
            return _NO_RUN
        run = self._runs.get(first)
        if run is None:
            run = self._runs[first] = self._compare(first)
            if len(self._runs) > RUNS_KEPT:
                self._pairs.pop(self._runs.popitem(last=False)[0], None)
        return run

    @cached_property
    def _both_sides(self) -> bool:
        return self._body.has("-") and self._body.has("+")

    def _start_of(self, index: int) -> int:
        """The first line of the change around `index`; -1 when it is too far away."""
        if len(self._starts) > STARTS_KNOWN:
            self._starts.clear()
        start = -1
        for first in range(index, max(-1, index - RUN_LIMIT), -1):
            above = self._body[first - 1].sign if first else " "
            if above == " " or (above == "+" and self._body[first].sign == "-"):
                start = first
                break
            if first - 1 in self._starts:
                start = self._starts[first - 1]
                break
        self._starts[index] = start
        return start

    def partners(self, first: int) -> Sequence[tuple[int, int]]:
        """Which removed and added lines of the change that begins at `first` stand for each other."""
        pairs = self._pairs.get(first)
        if pairs is None:
            removed, added = self._sides(first)
            texts = [[self._comparable(index) for index in side] for side in (removed, added)]
            pairs = self._pairs[first] = [(removed[left], added[right]) for left, right in partners(*texts)]
        return pairs

    def _compare(self, first: int) -> Run:
        marks: dict[int, Emphasis] = {}
        blank: set[int] = set()
        for pair in self.partners(first):
            before, after = (self._comparable(index) for index in pair)
            marks[pair[0]], marks[pair[1]] = emphasis(before, after)
            if without_blanks(before) == without_blanks(after):
                blank.update(pair)
        return Run(marks, frozenset(blank))

    def _sides(self, first: int) -> tuple[list[int], list[int]]:
        """The removed and the added lines of the change that begins at `first`."""
        removed: list[int] = []
        added: list[int] = []
        for index in range(first, min(len(self._body), first + 2 * RUN_LIMIT)):
            sign = self._body[index].sign
            if sign == " " or (sign == "-" and added):
                break
            if sign == "-":
                removed.append(index)
            elif sign == "+":
                added.append(index)
        return removed, added

    def _comparable(self, index: int) -> str:
        text = self._body.shown(index)
        # A line over the limit gets no emphasis, however long its display would be.
        return displayed(text) if len(text) <= LONGEST else text
