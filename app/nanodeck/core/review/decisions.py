"""A changeset under review: who decided what, and the bytes that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile, Changeset, FileDiff, HunkMark, Mark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.hunks import Span, diff_file
from nanodeck.core.review.report import FileReport, write_report

Place = tuple[str, int]
"""A hunk by the path of its file and its id there."""


class ProposedFile(Struct, frozen=True):
    """One file of a proposal: exact bytes before and after, None where the file does not exist."""

    path: str
    old: bytes | None
    new: bytes | None
    note: str = ""


class Target(Struct, frozen=True):
    """What one file has to become; None where it must not exist."""

    path: str
    old: bytes | None
    new: bytes | None


class _ReviewedFile(Struct, frozen=True):
    proposed: ProposedFile
    diff: FileDiff
    spans: tuple[Span, ...]

    def target(self, accepted: frozenset[int]) -> bytes | None:
        """The file's bytes with only the hunks in `accepted`."""
        old, new = self.proposed.old, self.proposed.new
        if old is None or new is None:
            return new if accepted else old
        pieces: list[bytes] = []
        at = 0
        for hunk, span in zip(self.diff.hunks, self.spans, strict=True):
            if hunk.id in accepted:
                pieces += (old[at : span.old_from], new[span.new_from : span.new_to])
                at = span.old_to
        return b"".join((*pieces, old[at:]))


class Review(Struct, frozen=True):
    """One changeset and the decisions taken on it; every method returns a new value."""

    changeset: Changeset
    _files: tuple[_ReviewedFile, ...]
    _decided: Mapping[Place, Mark] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[HunkMark, ...]:
        """The decisions in the order of files and hunks; undecided hunks have none."""
        return tuple(
            HunkMark(path, hunk, self._decided[path, hunk])
            for path, hunk in self._places()
            if (path, hunk) in self._decided
        )

    @property
    def undecided(self) -> int:
        """Number of hunks nobody decided on."""
        return sum(1 for place in self._places() if place not in self._decided)

    @property
    def rejected(self) -> int:
        """Number of hunks that will not be written, undecided ones included."""
        return sum(1 for place in self._places() if self._decided.get(place) != "accepted")

    def mark(self, marks: Sequence[HunkMark]) -> Review:
        """The review with `marks` on top; a later mark on a hunk wins.

        Raises NanodeckError when a mark names no hunk of this changeset; nothing is marked then.
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
                decided[place] = mark.mark
        return replace(self, _decided=decided)

    def accept_all(self) -> Review:
        """The review with every undecided hunk accepted."""
        decided: dict[Place, Mark] = dict.fromkeys(self._places(), "accepted")
        return replace(self, _decided={**decided, **self._decided})

    def targets(self) -> tuple[Target, ...]:
        """The files to write: accepted hunks only, files that stay as they are left out."""
        targets = []
        for file in self._files:
            new = file.target(self._accepted(file))
            if new != file.proposed.old:
                targets.append(Target(file.proposed.path, file.proposed.old, new))
        return tuple(targets)

    def applied(self) -> tuple[AppliedFile, ...]:
        """What writing `targets()` does to each file, counted on the accepted hunks."""
        written = {target.path for target in self.targets()}
        applied = []
        for file in self._files:
            if file.proposed.path in written:
                accepted = self._accepted(file)
                hunks = [hunk for hunk in file.diff.hunks if hunk.id in accepted]
                added, removed = sum(h.added for h in hunks), sum(h.removed for h in hunks)
                applied.append(AppliedFile(file.proposed.path, file.diff.kind, added, removed))
        return tuple(applied)

    def report(self, message: str = "", paths: Collection[str] | None = None) -> str:
        """What the model is told about the decisions; `message` is what the person adds.

        With `paths` only those files are reported on (one call of several that share the review).
        """
        wanted = [file for file in self._files if paths is None or file.diff.path in paths]
        return write_report([FileReport(file.diff, self._marks_of(file)) for file in wanted], message)

    def _places(self) -> list[Place]:
        return [(file.diff.path, hunk.id) for file in self._files for hunk in file.diff.hunks]

    def _marks_of(self, file: _ReviewedFile) -> dict[int, Mark]:
        path = file.diff.path
        return {hunk.id: self._decided.get((path, hunk.id), "undecided") for hunk in file.diff.hunks}

    def _accepted(self, file: _ReviewedFile) -> frozenset[int]:
        return frozenset(hunk for hunk, mark in self._marks_of(file).items() if mark == "accepted")


def propose(changeset_id: str, calls: Sequence[str], files: Sequence[ProposedFile]) -> Review:
    """A review of `files`, nothing decided yet; files that do not change are left out."""
    reviewed = []
    for file in files:
        if file.old != file.new:
            diff, spans = diff_file(file.path, file.old, file.new, file.note)
            reviewed.append(_ReviewedFile(file, diff, spans))
    changeset = Changeset(changeset_id, tuple(calls), tuple(file.diff for file in reviewed))
    return Review(changeset, tuple(reviewed))
