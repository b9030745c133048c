"""Decisions on the hunks of one review, told as marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nanodeck.contracts.changes import Changeset, HunkMark, Mark


class Tally(NamedTuple):
    """How many hunks stand where."""

    accepted: int
    rejected: int
    undecided: int


class Decisions:
    """The marks of a changeset; hunks are counted over all its files.

    What the person does counts at once. Marks that come back from the engine are authoritative,
    except where it has not yet seen the latest of our own.
    """

    def __init__(self, changeset: Changeset) -> None:
        self.names = [(file.path, hunk.id) for file in changeset.files for hunk in file.hunks]
        self._stale = {(file.path, hunk.id) for file in changeset.files for hunk in file.hunks if hunk.stale}
        self._overruled = False
        self._marks = [_undecided(name) for name in self.names]
        self._unseen: dict[tuple[str, int], HunkMark] = {}
        self._tally: Tally | None = None
        self._commented: frozenset[tuple[str, int]] = frozenset()

    def __getitem__(self, hunk: int) -> HunkMark:
        return self._marks[hunk]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def tally(self) -> Tally:
        """The counts over all hunks; an edited one is accepted, a stale one rejected."""
        if self._tally is None:
            marks = [self.standing(hunk) for hunk in range(len(self))]
            accepted, undecided = marks.count("accepted") + marks.count("edited"), marks.count("undecided")
            self._tally = Tally(accepted, len(marks) - accepted - undecided, undecided)
        return self._tally

    @property
    def stale(self) -> int:
        """How many hunks no longer apply: they are not written, whatever was decided."""
        return len(self._stale)

    def is_stale(self, hunk: int) -> bool:
        """Whether a hunk no longer applies."""
        return self.names[hunk] in self._stale

    def comment(self, hunks: Iterable[tuple[str, int]]) -> None:
        """These hunks have comments: one that nobody decides on is rejected by that."""
        self._commented, self._tally = frozenset(hunks), None

    def is_commented(self, hunk: int) -> bool:
        """Whether a hunk has a comment and no decision."""
        return self._marks[hunk].mark == "undecided" and self.names[hunk] in self._commented

    def standing(self, hunk: int) -> Mark:
        """What comes of a hunk as things are: a stale one is rejected, a commented one unless decided."""
        if self.is_stale(hunk):
            return "rejected"
        return "rejected" if self.is_commented(hunk) else self._marks[hunk].mark

    @property
    def told(self) -> bool:
        """Whether the engine has seen everything that was decided here."""
        return not self._unseen

    def undecided(self, hunks: Iterable[int]) -> list[int]:
        """Those of `hunks` nobody decided on, nor commented, and that still apply."""
        return [hunk for hunk in hunks if self.standing(hunk) == "undecided"]

    def marked(self, mark: Mark) -> list[int]:
        """The hunks decided so."""
        return [hunk for hunk in range(len(self)) if self.standing(hunk) == mark]

    def overrule(self) -> None:
        """The engine takes a step back or again, or asks anew: from now on its word alone counts."""
        self._overruled = True

    def next_undecided(self, after: int) -> int | None:
        """The next undecided hunk, around the end."""
        total = len(self.names)
        around = ((after + step) % total for step in range(1, total + 1))
        return next(iter(self.undecided(around)), None)

    def learn(self, marks: Sequence[HunkMark]) -> list[int]:
        """Take over what the engine says; the hunks whose mark is another one now."""
        told = {(mark.path, mark.hunk): mark for mark in marks}
        if self._overruled:
            self._unseen, self._overruled = {}, False
        before, self._tally = list(self._marks), None
        for hunk, name in enumerate(self.names):
            mark = told.get(name, _undecided(name))
            if self._unseen.get(name) == mark:
                del self._unseen[name]
            self._marks[hunk] = self._unseen.get(name, mark)
        return [hunk for hunk, mark in enumerate(self._marks) if mark != before[hunk]]

    def revised(self, changeset: Changeset) -> Decisions:
        """The decisions on the same changeset with other hunks; those on their way count once they are told.

        The engine refuses them all where one is on a hunk that is no more, or that no longer applies.
        """
        after = Decisions(changeset)
        known = dict(zip(self.names, self._marks, strict=True))
        after._marks = [known.get(name, _undecided(name)) for name in after.names]
        after._tally = None
        after._commented = self._commented
        return after

    def decide(self, hunks: Iterable[int], mark: Mark, lines: tuple[int, ...] = ()) -> tuple[HunkMark, ...]:
        """Mark `hunks`; the marks to tell, none when all stood so already. What is stale is not accepted."""
        told: list[HunkMark] = []
        self._tally = None
        for hunk in hunks:
            if mark == "accepted" and self.is_stale(hunk):
                continue
            made = HunkMark(*self.names[hunk], mark, lines)
            if self._marks[hunk] != made:
                self._marks[hunk] = self._unseen[self.names[hunk]] = made
                told.append(made)
        return tuple(told)


def _undecided(name: tuple[str, int]) -> HunkMark:
    return HunkMark(*name, "undecided")
