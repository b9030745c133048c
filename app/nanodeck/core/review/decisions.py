"""A changeset under review: who decided what, and the bytes that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile, Changeset, HunkMark, Mark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.anchors import anchored
from nanodeck.core.review.file import WRITTEN, ProposedFile, ReviewedFile
from nanodeck.core.review.hunks import diff_file
from nanodeck.core.review.report import FileReport, write_report

Place = tuple[str, int]
"""A hunk by the path of its file and its id there."""


class Target(Struct, frozen=True):
    """What one file has to become; None where it must not exist."""

    path: str
    old: bytes | None
    new: bytes | None


class Review(Struct, frozen=True):
    """One changeset and the decisions taken on it; every method returns a new value."""

    changeset: Changeset
    _files: tuple[ReviewedFile, ...]
    _decided: Mapping[Place, HunkMark] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()

    @property
    def marks(self) -> tuple[HunkMark, ...]:
        """The decisions in the order of files and hunks; undecided hunks have none."""
        return tuple(self._decided[place] for place in self._places() if place in self._decided)

    @property
    def undecided(self) -> int:
        """Number of hunks nobody decided on."""
        return sum(1 for place in self._places() if place not in self._decided)

    @property
    def rejected(self) -> int:
        """Number of hunks that will not be written, undecided ones included."""
        written = (place for place in self._places() if self._mark(place) in WRITTEN)
        return len(self._places()) - sum(1 for _ in written)

    def mark(self, marks: Sequence[HunkMark]) -> Review:
        """The review with `marks` on top; a later mark on a hunk wins.

        Raises NanodeckError when a mark names no hunk of this changeset, picks lines that are no change
        or holds a text that the file's encoding cannot; nothing is marked then.
        """
        known = set(self._places())
        decided = dict(self._decided)
        for mark in marks:
            place = (mark.path, mark.hunk)
            if place not in known:
                raise NanodeckError(f"{mark.path} has no hunk {mark.hunk} in this review")
            if mark.mark == "undecided":
                decided.pop(place, None)
            else:
                next(file for file in self._files if file.diff.path == mark.path).check(mark)
                decided[place] = mark
        return replace(self, _decided=decided)

    def accept_all(self) -> Review:
        """The review with every undecided hunk accepted."""
        decided = {place: HunkMark(*place, "accepted") for place in self._places()}
        return replace(self, _decided={**decided, **self._decided})

    def commented(self, comments: Sequence[Comment]) -> Review:
        """The review with what a person remarks on it; an undecided hunk is rejected by a comment on it."""
        open_places = {place for place in self._places() if place not in self._decided}
        reasons = {(comment.path, comment.hunk) for comment in comments} & open_places
        marked = self.mark([HunkMark(*place, "rejected") for place in self._places() if place in reasons])
        return replace(marked, comments=tuple(comments))

    def located(self, comment: Comment) -> Comment:
        """`comment` on the lines and the hunk where it belongs now; stale where they are gone."""
        file = next((file for file in self._files if file.diff.path == comment.path), None)
        if file is None:
            return replace(comment, stale=True, hunk=0)
        placed = anchored(comment, *file.versions)
        return placed if placed.stale else replace(placed, hunk=file.hunk_with(placed))

    def split(self, path: str, hunk: int) -> Review:
        """The review with a hunk split at its context lines, its parts undecided.

        Raises NanodeckError when there is no such hunk, or nothing to split it at.
        """
        if (path, hunk) not in set(self._places()):
            raise NanodeckError(f"{path} has no hunk {hunk} in this review")
        files = [file.split(hunk) if file.diff.path == path else file for file in self._files]
        kept = tuple(file for file in files if file is not None)
        if len(kept) < len(files):
            raise NanodeckError("this hunk is one change: pick lines of it instead")
        decided = {place: mark for place, mark in self._decided.items() if place != (path, hunk)}
        changeset = replace(self.changeset, files=tuple(file.diff for file in kept))
        return replace(self, changeset=changeset, _files=kept, _decided=decided)

    def targets(self) -> tuple[Target, ...]:
        """The files to write: accepted hunks only, files that stay as they are left out."""
        targets = []
        for file in self._files:
            new = file.target(self._marks_of(file))
            if new != file.proposed.old:
                targets.append(Target(file.proposed.path, file.proposed.old, new))
        return tuple(targets)

    def applied(self) -> tuple[AppliedFile, ...]:
        """What writing `targets()` does to each file, counted on the accepted hunks."""
        written = {target.path for target in self.targets()}
        applied = []
        for file in self._files:
            if file.proposed.path in written:
                counts = [report.counts for report in file.reports(self._marks_of(file))]
                added, removed = sum(count[0] for count in counts), sum(count[1] for count in counts)
                applied.append(AppliedFile(file.proposed.path, file.diff.kind, added, removed))
        return tuple(applied)

    def report(self, message: str = "", paths: Collection[str] | None = None) -> str:
        """What the model is told about the decisions; `message` is what the person adds.

        With `paths` only those files are reported on (one call of several that share the review).
        """
        wanted = [file for file in self._files if paths is None or file.diff.path in paths]
        reports = [FileReport(file.diff, file.reports(self._marks_of(file))) for file in wanted]
        told = {file.diff.path for file in wanted}
        return write_report(reports, [said for said in self.comments if said.path in told], message)

    def _places(self) -> list[Place]:
        return [(file.diff.path, hunk.id) for file in self._files for hunk in file.diff.hunks]

    def _mark(self, place: Place) -> Mark:
        return self._decided[place].mark if place in self._decided else "undecided"

    def _marks_of(self, file: ReviewedFile) -> dict[int, HunkMark]:
        path = file.diff.path
        return {h.id: self._decided[path, h.id] for h in file.diff.hunks if (path, h.id) in self._decided}


def propose(changeset_id: str, calls: Sequence[str], files: Sequence[ProposedFile]) -> Review:
    """A review of `files`, nothing decided yet; files that do not change are left out."""
    reviewed = []
    for file in files:
        if file.old != file.new:
            diff, cuts = diff_file(file.path, file.old, file.new, file.note, file.encoding)
            reviewed.append(ReviewedFile(file, diff, cuts))
    changeset = Changeset(changeset_id, tuple(calls), tuple(file.diff for file in reviewed))
    return Review(changeset, tuple(reviewed))
