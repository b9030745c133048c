"""One file under review: its hunks as values, and the bytes that decisions on them add up to."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import ENCODING_NAMES, Encoding, FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.build import body_lines, edited, picked
from nanodeck.core.review.hunks import Cut, split_hunk
from nanodeck.core.review.report import HunkReport, Versions
from nanodeck.core.review.text import line_end, shared_mark, shown, split_lines, text_lines

WRITTEN: tuple[Mark, ...] = ("accepted", "edited")
"""The marks of hunks that are written."""


class ProposedFile(Struct, frozen=True):
    """One file of a proposal: exact bytes before and after, None where the file does not exist."""

    path: str
    old: bytes | None
    new: bytes | None
    note: str = ""
    encoding: Encoding = "utf-8"


class ReviewedFile(Struct, frozen=True):
    """A file of a review: what is proposed, its hunks, and the cut of each."""

    proposed: ProposedFile
    diff: FileDiff
    cuts: tuple[Cut, ...]

    def target(self, marks: Mapping[int, HunkMark]) -> bytes | None:
        """The file's bytes with what is accepted or edited in `marks`, by hunk."""
        old, new = self.proposed.old, self.proposed.new
        written = {hunk for hunk, mark in marks.items() if mark.mark in WRITTEN}
        if new is None or not written:
            return new if written else old
        before = old or b""
        pieces: list[bytes] = []
        at = 0
        for hunk, cut in zip(self.diff.hunks, self.cuts, strict=True):
            if hunk.id in written:
                pieces += (before[at : cut.old_from], self._replacement(cut, marks[hunk.id]))
                at = cut.old_to
        return b"".join((*pieces, before[at:]))

    def split(self, hunk: int) -> ReviewedFile | None:
        """The file with a hunk split, None when it is one change."""
        place = self.place(hunk)
        cut = self.cuts[place]
        if self.diff.whole or len(cut.ranges) < 2:
            return None
        free = max(known.id for known in self.diff.hunks) + 1
        old, new = self._lines(cut)
        parts = split_hunk(self.diff.hunks[place], cut, old, new, free, self.proposed.encoding)
        hunks = (*self.diff.hunks[:place], *(part for part, _ in parts), *self.diff.hunks[place + 1 :])
        cuts = (*self.cuts[:place], *(where for _, where in parts), *self.cuts[place + 1 :])
        return replace(self, diff=replace(self.diff, hunks=hunks), cuts=cuts)

    def place(self, hunk: int) -> int:
        """Where a hunk stands in the file."""
        return next(place for place, known in enumerate(self.diff.hunks) if known.id == hunk)

    @property
    def versions(self) -> tuple[list[str], list[str]]:
        """The lines of the file before and after, without their ends."""
        old, new, encoding = self.proposed.old or b"", self.proposed.new or b"", self.proposed.encoding
        mark = len(shared_mark(old, new, encoding)) if self.diff.kind == "modified" else 0
        return text_lines(old[mark:], encoding), text_lines(new[mark:], encoding)

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

    def check(self, mark: HunkMark) -> None:
        """Raise NanodeckError for a mark that picks no changed lines or cannot be written."""
        partial = mark.lines or mark.mark == "edited"
        if partial and self.diff.kind == "deleted":
            raise NanodeckError(f"{mark.path} is deleted: accept that, or reject it")
        if mark.lines:
            cut = self.cuts[self.place(mark.hunk)]
            body = list(body_lines(cut, *self._lines(cut), self.proposed.encoding))
            if any(not 0 <= line < len(body) or body[line][0] not in "+-" for line in mark.lines):
                raise NanodeckError(f"only changed lines of hunk {mark.hunk} can be picked")
        if mark.mark == "edited":
            try:
                self._replacement(self.cuts[self.place(mark.hunk)], mark)
            except UnicodeEncodeError as error:
                bad, encoding = error.object[error.start], ENCODING_NAMES[self.proposed.encoding]
                raise NanodeckError(f"{mark.path} is {encoding}, which has no {bad!r}") from None

    def reports(self, marks: Mapping[int, HunkMark]) -> tuple[HunkReport, ...]:
        """Every hunk with the decision in `marks` on it."""
        return tuple(
            self._report(hunk, cut, marks.get(hunk.id, HunkMark(self.diff.path, hunk.id, "undecided")))
            for hunk, cut in zip(self.diff.hunks, self.cuts, strict=True)
        )

    def _report(self, hunk: Hunk, cut: Cut, mark: HunkMark) -> HunkReport:
        if mark.mark != "edited" and not mark.lines:
            return HunkReport(hunk, mark)
        old, new = self._lines(cut)
        stages = (b"".join(old), b"".join(new), self._replacement(cut, mark))
        return HunkReport(hunk, mark, Versions(*(shown(data, self.proposed.encoding) for data in stages)))

    def _replacement(self, cut: Cut, mark: HunkMark) -> bytes:
        """What comes in the place of a hunk that is accepted, whole or in part, or edited."""
        before, after, encoding = self.proposed.old or b"", self.proposed.new or b"", self.proposed.encoding
        if not mark.lines and mark.mark != "edited":
            return after[cut.new_from : cut.new_to]
        old, new = self._lines(cut)
        end = line_end((before, after), encoding)
        if mark.mark == "edited":
            return edited(new or old, mark.text, end, encoding)
        return picked(body_lines(cut, old, new, encoding), mark.lines, end, encoding)

    def _lines(self, cut: Cut) -> tuple[list[bytes], list[bytes]]:
        """The old and the new lines that a hunk covers."""
        encoding = self.proposed.encoding
        old, new = self.proposed.old or b"", self.proposed.new or b""
        return (
            split_lines(old[cut.old_from : cut.old_to], encoding),
            split_lines(new[cut.new_from : cut.new_to], encoding),
        )
