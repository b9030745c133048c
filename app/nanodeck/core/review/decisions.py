"""A changeset under review: who decided what, and the bytes that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct, field
from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile, Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.anchors import anchored
from nanodeck.core.review.drift import merged
from nanodeck.core.review.file import WRITTEN, ReviewedFile, Target, review_file
from nanodeck.core.review.hunks import changed_places, old_lines
from nanodeck.core.review.proposed import Found, ProposedFile
from nanodeck.core.review.report import FileReport, write_report
from nanodeck.core.review.text import shown, split_lines

Place = tuple[str, int]
"""A hunk by the path of its file and its id there."""

CLASH = "what you edited was changed meanwhile: edit it again"


class Decision(Struct, frozen=True):
    """A mark; for an edited hunk with the lines that were edited, and whether others changed them too."""

    mark: HunkMark
    edited: tuple[bytes, ...] = ()
    clashes: bool = False


class Review(Struct, frozen=True):
    """One changeset and the decisions taken on it; every method returns a new value.

    A hunk that no longer applies is not written, whatever was decided on it before.
    """

    id: str
    calls: tuple[str, ...]
    files: tuple[ReviewedFile, ...]
    decided: Mapping[Place, Decision] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    plan: bool = False

    @property
    def changeset(self) -> Changeset:
        """The hunks as they are now."""
        return Changeset(self.id, self.calls, tuple(self._diff(file) for file in self.files), self.plan)

    @property
    def marks(self) -> tuple[HunkMark, ...]:
        """The decisions in the order of files and hunks; undecided hunks have none.

        A person's text is among them also where it no longer applies: it is not lost.
        """
        return tuple(
            self.decided[place].mark
            for file in self.files
            for place in _places(file)
            if place in self.decided
            and (self._counts(file, place) or self.decided[place].mark.mark == "edited")
        )

    @property
    def written(self) -> frozenset[Place]:
        """The hunks that will be written."""
        return frozenset(
            (file.diff.path, number)
            for file in self.files
            for number, mark in self._marks_of(file).items()
            if mark.mark in WRITTEN
        )

    @property
    def undecided(self) -> int:
        """Number of hunks nobody decided on."""
        return sum(len(file.parts) for file in self.files) - len(self.decided)

    @property
    def rejected(self) -> int:
        """Number of hunks that will not be written, undecided ones included."""
        return sum(len(file.parts) for file in self.files) - len(self.written)

    @property
    def undrifted(self) -> frozenset[str]:
        """The paths of files that nobody changed meanwhile: what is written there was proposed as a whole."""
        return frozenset(path for file in self.files if not file.drifted for path in file.proposed.places)

    @property
    def stale(self) -> frozenset[Place]:
        """The hunks that no longer apply."""
        return frozenset(
            (file.path, hunk.id) for file in self.changeset.files for hunk in file.hunks if hunk.stale
        )

    def mark(self, marks: Sequence[HunkMark], shown: Sequence[Hunk] = ()) -> Review:
        """The review with `marks` on top, made when their hunks looked as in `shown`; a later mark wins.

        Raises NanodeckError when a mark names no hunk of this changeset, one that no longer applies, picks
        lines that are no change or holds a text that the file's encoding cannot; nothing is marked then.
        A text for a hunk that went stale meanwhile is kept.
        """
        decided = dict(self.decided)
        for mark, before in zip_longest(marks, shown[: len(marks)]):
            file, place = self._file(mark.path, mark.hunk), (mark.path, mark.hunk)
            now = file.hunk(mark.hunk)
            if mark.mark == "undecided":
                decided.pop(place, None)
            elif before is not None and (before.body, before.stale) != (now.body, now.stale):
                decided[place] = _late(mark, before, file)
            else:
                file.check(mark)
                lines = tuple(file.lines(mark.hunk)[0]) if mark.mark == "edited" else ()
                decided[place] = Decision(mark, lines)
        return replace(self, decided=decided)

    def remark(self, marks: Sequence[HunkMark], shown: Mapping[Place, Hunk]) -> Review:
        """The review with `marks` that were made when its hunks looked like `shown`.

        Raises NanodeckError when a mark names no hunk of this changeset.
        """
        decided = dict(self.decided)
        for mark in marks:
            file, place = self._file(mark.path, mark.hunk), (mark.path, mark.hunk)
            if mark.mark == "undecided":
                decided.pop(place, None)
            else:
                decided[place] = _taken_up(mark, shown[place], file)
        return replace(self, decided=decided)

    def accept_all(self) -> Review:
        """The review with every undecided hunk accepted."""
        decided = {
            place: Decision(HunkMark(*place, "accepted")) for file in self.files for place in _places(file)
        }
        return replace(self, decided={**decided, **self.decided})

    def reject_all(self) -> Review:
        """The review with every hunk rejected."""
        return self.mark([HunkMark(*place, "rejected") for file in self.files for place in _places(file)])

    def commented(self, comments: Sequence[Comment]) -> Review:
        """The review with what a person remarks on it; an undecided hunk is rejected by a comment on it."""
        remarked = {(comment.path, comment.hunk) for comment in comments}
        places = [place for file in self.files for place in _places(file)]
        settled = self.stale.union(self.decided)
        reasons = [place for place in places if place in remarked and place not in settled]
        marked = self.mark([HunkMark(*place, "rejected") for place in reasons])
        return replace(marked, comments=tuple(comments))

    def located(self, comment: Comment) -> Comment:
        """`comment` on the lines and the hunk where it belongs now; stale where they are gone."""
        file = next((file for file in self.files if file.diff.path == comment.path), None)
        if file is None:
            return replace(comment, stale=True, hunk=0)
        decision = self.decided.get((comment.path, comment.hunk))
        if decision and decision.mark.mark == "edited":
            return anchored(comment, *file.versions(decision.mark))
        placed = anchored(comment, *file.versions())
        return placed if placed.stale else replace(placed, hunk=file.hunk_with(placed))

    def split(self, path: str, hunk: int) -> Review:
        """The review with a hunk split at its context lines, its parts undecided.

        Raises NanodeckError when there is no such hunk, or nothing to split it at.
        """
        file = self._file(path, hunk)
        parts = file.split(hunk)
        if parts is None:
            raise NanodeckError("this hunk is one change: pick lines of it instead")
        decided = {place: decision for place, decision in self.decided.items() if place != (path, hunk)}
        files = tuple(parts if known is file else known for known in self.files)
        return replace(self, files=files, decided=decided)

    def rebase(self, found: Mapping[str, Found], known: dict[int, ReviewedFile] | None = None) -> Review:
        """The review on a disk that holds `found`: hunks whose lines nobody touched move, others are stale.

        `known` are files that were rebased on the same before, by identity.
        """
        known = {} if known is None else known
        files = []
        decided = dict(self.decided)
        for file in self.files:
            if id(file) not in known:
                known[id(file)] = file.rebase(found)
            now = known[id(file)]
            files.append(now)
            if now is not file:
                for place in _places(file):
                    if place in decided:
                        decided[place] = _moved(decided[place], file, now)
        moved = replace(self, files=tuple(files), decided=decided)
        return replace(moved, comments=tuple(map(moved.located, self.comments)))

    def versions(self, path: str) -> tuple[bytes | None, bytes | None]:
        """The bytes of a file before and after, when every hunk that applies is accepted."""
        file = next((file for file in self.files if file.diff.path == path), None)
        return (file.ground.old, file.new) if file else (None, None)

    def targets(self) -> tuple[Target, ...]:
        """The files to write: accepted hunks only, files that stay as they are left out."""
        return tuple(target for file in self.files for target in file.targets(self._marks_of(file)))

    def applied(self) -> tuple[AppliedFile, ...]:
        """What writing `targets()` does to each file, counted on the accepted hunks."""
        applied = (file.applied(self._marks_of(file)) for file in self.files)
        return tuple(file for file in applied if file is not None)

    def report(self, message: str = "", paths: Collection[str] | None = None) -> str:
        """What the model is told about the decisions; `message` is what the person adds.

        With `paths` only those files are reported on (one call of several that share the review).
        """
        wanted = [file for file in self.files if paths is None or file.diff.path in paths]
        reports = [
            FileReport(self._diff(file), file.reports(self._marks_of(file)), file.drifted) for file in wanted
        ]
        told = {file.diff.path for file in wanted}
        return write_report(reports, [said for said in self.comments if said.path in told], message)

    def _file(self, path: str, hunk: int) -> ReviewedFile:
        for file in self.files:
            if file.diff.path == path and hunk in file.places:
                return file
        raise NanodeckError(f"{path} has no hunk {hunk} in this review")

    def _diff(self, file: ReviewedFile) -> FileDiff:
        clashing = {
            place[1] for place in _places(file) if place in self.decided and self.decided[place].clashes
        }
        if not clashing:
            return file.diff
        hunks = tuple(
            replace(hunk, stale=hunk.stale or CLASH) if hunk.id in clashing else hunk
            for hunk in file.diff.hunks
        )
        return replace(file.diff, hunks=hunks)

    def _counts(self, file: ReviewedFile, place: Place) -> bool:
        """Whether a decision stands: rejecting does, also what no longer applies."""
        decision = self.decided[place]
        return decision.mark.mark == "rejected" or not (decision.clashes or file.hunk(place[1]).stale)

    def _marks_of(self, file: ReviewedFile) -> dict[int, HunkMark]:
        """The decisions that stand, by hunk."""
        marks = {
            place[1]: self.decided[place].mark
            for place in _places(file)
            if place in self.decided and self._counts(file, place)
        }
        return (
            marks
            if file.is_made(marks)
            else {n: mark for n, mark in marks.items() if mark.mark == "rejected"}
        )


def propose(changeset_id: str, calls: Sequence[str], files: Sequence[ProposedFile]) -> Review:
    """A review of `files`, nothing decided yet; files that do not change are left out."""
    return Review(changeset_id, tuple(calls), tuple(review_file(file) for file in files if file.changes))


def _places(file: ReviewedFile) -> list[Place]:
    return [(file.diff.path, hunk.id) for hunk in file.diff.hunks]


def _moved(decision: Decision, before: ReviewedFile, now: ReviewedFile) -> Decision:
    """A decision on a hunk of `before` for the same hunk of `now`."""
    mark = decision.mark
    old, new = before.hunk(mark.hunk), now.hunk(mark.hunk)
    if mark.mark == "edited":
        return decision if new.stale else _merged(decision, now)
    return Decision(_picked_in(mark, old, new)) if mark.lines else decision


def _late(mark: HunkMark, shown: Hunk, file: ReviewedFile) -> Decision:
    """A mark that is taken now, and was made when its hunk looked like `shown`. Raises NanodeckError."""
    now, places = file.hunk(mark.hunk), changed_places(shown)
    if mark.lines and not (len(places) == len(changed_places(now)) and set(places).issuperset(mark.lines)):
        raise NanodeckError(f"this hunk of {mark.path} is another one by now: look at it again")
    file.check(_picked_in(mark, shown, now), late=True)
    return _taken_up(mark, shown, file)


def _taken_up(mark: HunkMark, shown: Hunk, file: ReviewedFile) -> Decision:
    """A mark that was made when its hunk looked like `shown`."""
    if mark.mark == "edited":
        return _merged(Decision(mark, tuple(old_lines(shown, file.proposed.encoding))), file)
    return Decision(_picked_in(mark, shown, file.hunk(mark.hunk)))


def _picked_in(mark: HunkMark, before: Hunk, now: Hunk) -> HunkMark:
    """A mark on the same changed lines of a hunk that has more or less context by now."""
    if before.body == now.body or not mark.lines:
        return mark
    places = dict(zip(changed_places(before), changed_places(now), strict=True))
    return replace(mark, lines=tuple(places[line] for line in mark.lines))


def _merged(decision: Decision, now: ReviewedFile) -> Decision:
    """A person's text with what was changed around it meanwhile."""
    mark, encoding = decision.mark, now.proposed.encoding
    lines = now.lines(mark.hunk)[0]
    if tuple(lines) == decision.edited:
        return replace(decision, clashes=False)
    ours = merged(decision.edited, split_lines(now.written(mark), encoding), lines)
    if ours is None:
        return replace(decision, clashes=True)
    text = shown(b"".join(ours), encoding).replace("\r\n", "\n")
    return Decision(replace(mark, text=text), tuple(lines))
