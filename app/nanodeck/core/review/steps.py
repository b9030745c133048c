"""Undo and redo of everything decided in a review, and how one state of it differs from another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from nanodeck.contracts.changes import Changeset, Hunk, HunkMark
from nanodeck.core.review.decisions import Review
from nanodeck.core.review.file import ReviewedFile
from nanodeck.core.review.proposed import Found


class Revision(Struct, frozen=True):
    """Hunks of one file that took the place of others: split, joined again, moved, or stale."""

    path: str
    gone: tuple[int, ...]
    hunks: tuple[Hunk, ...]


class Steps(Struct, frozen=True):
    """A review with the states before and after it; every method returns a new value."""

    review: Review
    past: tuple[Review, ...] = ()
    future: tuple[Review, ...] = ()

    def mark(self, marks: Sequence[HunkMark], shown: Sequence[Hunk] = ()) -> Steps:
        """Decide; one step to undo. Raises NanodeckError as `Review.mark` does."""
        return self._then(self.review.mark(marks, shown))

    def split(self, path: str, hunk: int) -> Steps:
        """Split a hunk. Raises NanodeckError as `Review.split` does."""
        return self._then(self.review.split(path, hunk))

    def undo(self) -> Steps:
        """The state before the last step; the same where there is none."""
        if not self.past:
            return self
        return Steps(self.past[-1], self.past[:-1], (self.review, *self.future))

    def redo(self) -> Steps:
        """The state that was undone last; the same where there is none."""
        if not self.future:
            return self
        return Steps(self.future[0], (*self.past, self.review), self.future[1:])

    def rebase(self, found: Mapping[str, Found], known: dict[int, ReviewedFile] | None = None) -> Steps:
        """Every state on a disk that holds `found`: what changes a file is no step of the review.

        `known` are files that were rebased on the same before, by identity.
        """
        known = {} if known is None else known
        past = tuple(review.rebase(found, known) for review in self.past)
        future = tuple(review.rebase(found, known) for review in self.future)
        return Steps(self.review.rebase(found, known), past, future)

    def _then(self, review: Review) -> Steps:
        return self if review == self.review else Steps(review, (*self.past, self.review))


class Shown(Protocol):
    """A review as anybody knows it: its hunks and the marks on them."""

    @property
    def changeset(self) -> Changeset:
        """The hunks."""
        ...

    @property
    def marks(self) -> tuple[HunkMark, ...]:
        """The decisions; undecided hunks have none."""
        ...


def revisions(before: Shown, after: Shown) -> tuple[Revision, ...]:
    """Which hunks of `after` took the place of which of `before`."""
    found = []
    for old, new in zip(before.changeset.files, after.changeset.files, strict=True):
        known, now = {hunk.id: hunk for hunk in old.hunks}, {hunk.id: hunk for hunk in new.hunks}
        gone = tuple(number for number, hunk in known.items() if now.get(number) != hunk)
        hunks = tuple(hunk for number, hunk in now.items() if known.get(number) != hunk)
        if gone or hunks:
            found.append(Revision(new.path, gone, hunks))
    return tuple(found)


def remarks(before: Shown, after: Shown) -> tuple[HunkMark, ...]:
    """The marks that lead from `before` to `after`, hunks that are no longer decided on included."""
    old = {(mark.path, mark.hunk): mark for mark in before.marks}
    new = {(mark.path, mark.hunk): mark for mark in after.marks}
    there = {(file.path, hunk.id) for file in after.changeset.files for hunk in file.hunks}
    freed = [HunkMark(*place, "undecided") for place in old if place in there and place not in new]
    return (*(mark for place, mark in new.items() if old.get(place) != mark), *freed)
