"""Decisions on the hunks of one review: taken, taken back, taken again; told as marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nanodeck.contracts.changes import Changeset, HunkMark, Mark


class Tally(NamedTuple):
    """How many hunks stand where."""

    accepted: int
    rejected: int
    undecided: int


class _Step(NamedTuple):
    hunk: int
    before: Mark
    after: Mark


class Decisions:
    """The marks of a changeset; hunks are counted over all its files.

    What the person does counts at once. Marks that come back from the engine are authoritative,
    except where it has not yet seen the latest of our own.
    """

    def __init__(self, changeset: Changeset) -> None:
        self.names = [(file.path, hunk.id) for file in changeset.files for hunk in file.hunks]
        self._marks: list[Mark] = ["undecided"] * len(self.names)
        self._unseen: dict[int, Mark] = {}
        self._done: list[list[_Step]] = []
        self._undone: list[list[_Step]] = []

    def __getitem__(self, hunk: int) -> Mark:
        return self._marks[hunk]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def tally(self) -> Tally:
        """The counts over all hunks."""
        return Tally(*(self._marks.count(mark) for mark in ("accepted", "rejected", "undecided")))

    def undecided(self, hunks: Iterable[int]) -> list[int]:
        """Those of `hunks` nobody decided on."""
        return [hunk for hunk in hunks if self._marks[hunk] == "undecided"]

    def next_undecided(self, after: int) -> int | None:
        """The next undecided hunk, around the end."""
        total = len(self.names)
        around = ((after + step) % total for step in range(1, total + 1))
        return next((hunk for hunk in around if self._marks[hunk] == "undecided"), None)

    def learn(self, marks: Sequence[HunkMark]) -> bool:
        """Take over what the engine says. True when something here changed."""
        told = {(mark.path, mark.hunk): mark.mark for mark in marks}
        before = list(self._marks)
        for hunk, name in enumerate(self.names):
            mark = told.get(name, "undecided")
            if self._unseen.get(hunk) == mark:
                del self._unseen[hunk]
            self._marks[hunk] = self._unseen.get(hunk, mark)
        return before != self._marks

    def decide(self, hunks: Iterable[int], mark: Mark) -> tuple[HunkMark, ...]:
        """Mark `hunks`; the marks to tell, none when all stood so already."""
        steps = [_Step(hunk, self._marks[hunk], mark) for hunk in hunks if self._marks[hunk] != mark]
        if not steps:
            return ()
        self._done.append(steps)
        self._undone.clear()
        return self._set([(step.hunk, step.after) for step in steps])

    def undo(self) -> tuple[HunkMark, ...]:
        """Take the last decision back; the marks to tell, none when there is none."""
        if not self._done:
            return ()
        self._undone.append(self._done.pop())
        return self._set([(step.hunk, step.before) for step in self._undone[-1]])

    def redo(self) -> tuple[HunkMark, ...]:
        """Take back the last taking back."""
        if not self._undone:
            return ()
        self._done.append(self._undone.pop())
        return self._set([(step.hunk, step.after) for step in self._done[-1]])

    def position(self, mark: HunkMark) -> int:
        """The hunk a mark is on."""
        return self.names.index((mark.path, mark.hunk))

    def _set(self, marks: Iterable[tuple[int, Mark]]) -> tuple[HunkMark, ...]:
        told: list[HunkMark] = []
        for hunk, mark in marks:
            self._marks[hunk] = self._unseen[hunk] = mark
            path, number = self.names[hunk]
            told.append(HunkMark(path, number, mark))
        return tuple(told)
