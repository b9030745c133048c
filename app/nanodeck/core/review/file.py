"""One file under review: its hunks as values, and the bytes that decisions on them add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import ENCODING_NAMES, AppliedFile, FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.alignment import Range, changed_ranges
from nanodeck.core.review.build import body_lines, edited, picked
from nanodeck.core.review.drift import Drift, carried
from nanodeck.core.review.hunks import Cut, Part, Version, changed_places, draw_hunks, parts_of
from nanodeck.core.review.proposed import Found, Ground, ProposedFile, ground_of
from nanodeck.core.review.report import HunkReport, Versions
from nanodeck.core.review.text import line_end, shared_mark, shown, split_lines, text_lines

WRITTEN: tuple[Mark, ...] = ("accepted", "edited")
"""The marks of hunks that are written."""

TOUCHED = "the same lines were changed meanwhile"

_Drawn = list[tuple[Hunk, Cut]]


class Target(Struct, frozen=True):
    """What one file has to become, None where it must not exist; `mode` are its rights where they change."""

    path: str
    old: bytes | None
    new: bytes | None
    mode: int | None = None


class ReviewedFile(Struct, frozen=True):
    """A file of a review: what is proposed and to what it is applied, its parts as hunks with their cuts.

    `new` is what the file becomes when every hunk that applies is accepted; `places` says where in
    `parts`, the hunks and the cuts one with an id stands.
    """

    proposed: ProposedFile
    parts: tuple[Part, ...]
    ground: Ground
    new: bytes | None
    diff: FileDiff
    cuts: tuple[Cut, ...]
    places: Mapping[int, int]

    def hunk(self, number: int) -> Hunk:
        """The hunk with this id."""
        return self.diff.hunks[self.places[number]]

    @property
    def drifted(self) -> bool:
        """Whether somebody changed the file since the proposal was made."""
        return self.ground != Ground(self.proposed.old)

    def versions(self, edit: HunkMark | None = None) -> tuple[list[str], list[str]]:
        """The lines of the file before and after, with what a person made of one hunk, without their ends."""
        after = self.new
        if edit is not None:
            marks = {part.id: HunkMark(self.diff.path, part.id, "accepted") for part in self.parts}
            after = self._content({**marks, edit.hunk: edit})
        old, new = _versions(self.proposed, self.ground.old, after)
        encoding = self.proposed.encoding
        return text_lines(b"".join(old.lines), encoding), text_lines(b"".join(new.lines), encoding)

    def hunk_with(self, comment: Comment) -> int:
        """The hunk that holds the first line of a comment; the one it names where it is on no line."""
        for hunk in self.diff.hunks:
            first, count = hunk.new_start, hunk.new_count
            numbers = comment.new
            if numbers is None:
                first, count, numbers = hunk.old_start, hunk.old_count, comment.old
            if numbers and first <= numbers[0] < first + count:
                return hunk.id
        return 0 if comment.old or comment.new else comment.hunk

    def rebase(self, found: Mapping[str, Found]) -> ReviewedFile:
        """The same parts on a disk that holds `found`; those that no longer apply are stale."""
        ground = ground_of(self.proposed, found)
        return self if ground == self.ground else _draw(self.proposed, self.parts, ground)

    def split(self, number: int) -> ReviewedFile | None:
        """The file with a hunk split, None when it is one change."""
        place = self.places[number]
        ranges = self.parts[place].ranges
        if len(ranges) < 2:
            return None
        free = max(part.id for part in self.parts) + 1
        new = tuple(Part(free + at, (part,)) for at, part in enumerate(ranges))
        parts = (*self.parts[:place], *new, *self.parts[place + 1 :])
        return _draw(self.proposed, parts, self.ground)

    def check(self, mark: HunkMark, *, late: bool = False) -> None:
        """Raise NanodeckError for a mark that picks no changed lines or cannot be written.

        One that comes `late` is on a hunk that may have gone stale since: its text is kept nevertheless.
        """
        if mark.mark == "rejected":
            return
        if (why := self.hunk(mark.hunk).stale) and not (late and mark.mark == "edited"):
            raise NanodeckError(f"this hunk of {mark.path} no longer applies: {why}")
        if mark.lines or mark.mark == "edited":
            if self.diff.kind == "deleted":
                raise NanodeckError(f"{mark.path} is deleted: accept that, or reject it")
            if self._is_about(mark.hunk):
                raise NanodeckError(f"this hunk of {mark.path} has no lines: accept it, or reject it")
        if mark.lines:
            changed = set(changed_places(self.hunk(mark.hunk)))
            if not changed.issuperset(mark.lines):
                raise NanodeckError(f"only changed lines of hunk {mark.hunk} can be picked")
        if mark.mark == "edited":
            try:
                self.written(mark)
            except UnicodeEncodeError as error:
                bad, encoding = error.object[error.start], ENCODING_NAMES[self.proposed.encoding]
                raise NanodeckError(f"{mark.path} is {encoding}, which has no {bad!r}") from None

    def is_made(self, marks: Mapping[int, HunkMark]) -> bool:
        """Whether `marks` leave a file to write lines to: a copy must be accepted itself."""
        return self.proposed.kind != "copied" or self._is_accepted(marks)

    def targets(self, marks: Mapping[int, HunkMark]) -> tuple[Target, ...]:
        """The files to write for what is accepted or edited in `marks`, by hunk."""
        proposed, old = self.proposed, self.ground.old
        content, moves = self._content(marks), self._is_accepted(marks)
        if proposed.kind == "copied":
            return (Target(proposed.path, None, content),) if self.is_made(marks) else ()
        if proposed.kind == "renamed" and moves:
            return Target(proposed.old_path, old, None), Target(proposed.path, None, content)
        mode = proposed.modes[1] if proposed.modes and moves else None
        return (Target(proposed.place, old, content, mode),) if content != old or mode is not None else ()

    def applied(self, marks: Mapping[int, HunkMark]) -> AppliedFile | None:
        """What writing the targets does, counted on the accepted hunks; None where nothing is written."""
        if not self.targets(marks):
            return None
        counts = [report.counts for report in self.reports(marks)]
        added, removed = sum(count[0] for count in counts), sum(count[1] for count in counts)
        if self.diff.kind == "renamed" and not self._is_accepted(marks):
            return AppliedFile(self.proposed.old_path, "modified", added, removed)
        return AppliedFile(self.diff.path, self.diff.kind, added, removed, self.diff.old_path)

    def reports(self, marks: Mapping[int, HunkMark]) -> tuple[HunkReport, ...]:
        """Every hunk with the decision in `marks` on it."""
        return tuple(
            self._report(hunk, marks.get(hunk.id, HunkMark(self.diff.path, hunk.id, "undecided")))
            for hunk in self.diff.hunks
        )

    def lines(self, number: int) -> tuple[list[bytes], list[bytes]]:
        """The old and the new lines that a hunk covers."""
        cut, encoding = self.cuts[self.places[number]], self.proposed.encoding
        old, new = self.ground.old or b"", self.new or b""
        return (
            split_lines(old[cut.old_from : cut.old_to], encoding),
            split_lines(new[cut.new_from : cut.new_to], encoding),
        )

    def written(self, mark: HunkMark) -> bytes:
        """What comes in the place of a hunk that is accepted, whole or in part, or edited."""
        cut, before, after = self.cuts[self.places[mark.hunk]], self.ground.old or b"", self.new or b""
        if not mark.lines and mark.mark != "edited":
            return after[cut.new_from : cut.new_to]
        old, new = self.lines(mark.hunk)
        encoding = self.proposed.encoding
        end = line_end((before, after), encoding)
        if mark.mark == "edited":
            return edited(new or old, mark.text, end, encoding)
        return picked(body_lines(cut, old, new, encoding), mark.lines, end, encoding)

    def _content(self, marks: Mapping[int, HunkMark]) -> bytes | None:
        """The file's bytes with what is written of `marks`, whatever it is called."""
        if self.new is None or self.proposed.binary:
            written = any(mark.mark in WRITTEN for mark in marks.values())
            return self.new if written else self.ground.old
        if self.ground.old is None and not any(mark.mark in WRITTEN for mark in marks.values()):
            return None
        before = self.ground.old or b""
        pieces: list[bytes] = []
        at = 0
        for part, hunk, cut in zip(self.parts, self.diff.hunks, self.cuts, strict=True):
            mark = marks.get(part.id)
            if mark and mark.mark in WRITTEN and part.ranges and not hunk.stale:
                pieces += (before[at : cut.old_from], self.written(mark))
                at = cut.old_to
        return b"".join((*pieces, before[at:]))

    def _is_about(self, number: int) -> bool:
        """Whether a hunk is about the file itself and has no lines."""
        return not self.parts[self.places[number]].ranges

    def _is_accepted(self, marks: Mapping[int, HunkMark]) -> bool:
        """Whether what happens to the file itself is accepted."""
        about = self.parts[0]
        return not about.ranges and about.id in marks and marks[about.id].mark in WRITTEN

    def _report(self, hunk: Hunk, mark: HunkMark) -> HunkReport:
        if mark.mark != "edited" and not mark.lines:
            return HunkReport(hunk, mark)
        old, new = self.lines(hunk.id)
        stages = (b"".join(old), b"".join(new), self.written(mark))
        return HunkReport(hunk, mark, Versions(*(shown(data, self.proposed.encoding) for data in stages)))


def review_file(proposed: ProposedFile) -> ReviewedFile:
    """A proposal in hunks, on the bytes it was computed from.

    Creating and deleting a file is one hunk, also when the file is empty. A new name or other rights are
    a hunk of their own before those of the lines. A byte order mark that stays belongs to no hunk.
    """
    about = bool(proposed.old_path or proposed.modes) or proposed.binary
    first = [Part(1, ())] if about else []
    ranges: list[Range] = []
    if not proposed.binary:
        old, new = _versions(proposed, proposed.old, proposed.new)
        ranges = changed_ranges(old.lines, new.lines)
        if proposed.kind in ("created", "deleted"):
            ranges = [(0, len(old.lines), 0, len(new.lines))]
    parts = (*first, *parts_of(ranges, len(first) + 1))
    return _draw(proposed, parts, Ground(proposed.old))


def _draw(proposed: ProposedFile, parts: tuple[Part, ...], ground: Ground) -> ReviewedFile:
    """The hunks of `parts` on `ground`."""
    old, new = _versions(proposed, proposed.old, proposed.new)
    result = proposed.new
    lined = [part for part in parts if part.ranges]
    drawn = draw_hunks(proposed.path, lined, old, new, proposed.encoding)
    if ground.barred:
        drawn = [(replace(hunk, stale=ground.barred), Cut()) for hunk, _ in drawn]
    elif ground.old != proposed.old:
        drawn, result = _drifted(proposed, lined, drawn, ground)
    if len(lined) < len(parts):
        whole = Cut(0, len(proposed.old or b""), 0, len(proposed.new or b"")) if proposed.binary else Cut()
        stale = ground.barred or ground.taken
        drawn.insert(0, (Hunk(parts[0].id, 0, 0, 0, 0, "", "", stale), whole))
    hunks, cuts = tuple(hunk for hunk, _ in drawn), tuple(cut for _, cut in drawn)
    places = {part.id: place for place, part in enumerate(parts)}
    return ReviewedFile(proposed, parts, ground, result, _diff(proposed, hunks), cuts, places)


def _drifted(
    proposed: ProposedFile, parts: Sequence[Part], first: _Drawn, ground: Ground
) -> tuple[_Drawn, bytes]:
    """Hunks moved to where their lines are now, `first` being those of the proposal, and what results."""
    old, new = _versions(proposed, proposed.old, proposed.new)
    now, _ = _versions(proposed, ground.old, proposed.new)
    drift = Drift(changed_ranges(old.lines, now.lines))
    free = [part for part in parts if not any(drift.touches(a, b) for a, b, _, _ in part.ranges)]
    changes = [change for part in free for change in part.ranges]
    ranges, lines = carried(changes, drift, now.lines, new.lines)
    placed = iter(ranges)
    moved = [Part(part.id, tuple(next(placed) for _ in part.ranges)) for part in free]
    result = Version(lines, now.begin)
    by_id = {
        hunk.id: (hunk, cut) for hunk, cut in draw_hunks(proposed.path, moved, now, result, proposed.encoding)
    }
    drawn = [by_id.get(hunk.id) or (_stale(hunk, drift), Cut()) for hunk, _ in first]
    return drawn, (ground.old or b"")[: now.begin] + b"".join(lines)


def _stale(hunk: Hunk, drift: Drift) -> Hunk:
    """A hunk whose lines somebody changed, about where they stand now."""
    shift = drift.place(max(0, hunk.old_start - 1)) - max(0, hunk.old_start - 1)
    return replace(hunk, old_start=hunk.old_start + shift, new_start=hunk.new_start + shift, stale=TOUCHED)


def _versions(proposed: ProposedFile, old: bytes | None, new: bytes | None) -> tuple[Version, Version]:
    """Both as lines; a byte order mark that the proposal leaves alone is none of them."""
    encoding = proposed.encoding
    mark = shared_mark(proposed.old or b"", proposed.new or b"", encoding)
    begins = [len(mark) if mark and (data or b"").startswith(mark) else 0 for data in (old, new)]
    lines = [
        split_lines((data or b"")[begin:], encoding) for data, begin in zip((old, new), begins, strict=True)
    ]
    return Version(lines[0], begins[0]), Version(lines[1], begins[1])


def _diff(proposed: ProposedFile, hunks: tuple[Hunk, ...]) -> FileDiff:
    sizes = (len(proposed.old or b""), len(proposed.new or b"")) if proposed.binary else None
    return FileDiff(
        path=proposed.path,
        kind=proposed.kind,
        hunks=hunks,
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
        note=proposed.note,
        encoding=proposed.encoding,
        old_path=proposed.old_path,
        modes=proposed.modes,
        sizes=sizes,
    )
