"""What a model is told after a review: what was written, what was not, and the person's words."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import ndiff, unified_diff
from itertools import islice

from msgspec import Struct

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.text import counted
from nanodeck.core.review.excerpt import cut
from nanodeck.core.review.remarks import write_comments


class Versions(Struct, frozen=True):
    """A hunk's lines as text: before, as proposed, and as written."""

    old: str
    proposed: str
    written: str


class HunkReport(Struct, frozen=True):
    """A hunk with the decision on it; `versions` where not all of it was written as proposed."""

    hunk: Hunk
    mark: HunkMark
    versions: Versions | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """Lines added and removed by what was written."""
        if self.mark.mark not in ("accepted", "edited"):
            return 0, 0
        if self.versions is None:
            return self.hunk.added, self.hunk.removed
        signs = [line[0] for line in ndiff(_lines(self.versions.old), _lines(self.versions.written))]
        return signs.count("+"), signs.count("-")


class FileReport(Struct, frozen=True):
    """One file of a review with the decision on each of its hunks; one that `drifted` others changed too."""

    diff: FileDiff
    hunks: Sequence[HunkReport]
    drifted: bool = False

    def marked(self, *marks: Mark) -> list[HunkReport]:
        """The hunks decided as one of `marks`."""
        return [hunk for hunk in self.hunks if hunk.mark.mark in marks]


def write_report(files: Sequence[FileReport], comments: Sequence[Comment], message: str) -> str:
    """The report on `files` with `comments` on them; says so when there is nothing to change."""
    if not files:
        lines = ["Nothing to change: the files already hold exactly this."]
    else:
        lines = [line for file in files for line in _file_lines(file)]
        if not any(file.marked("accepted", "edited") for file in files):
            lines.insert(0, "Nothing was written.")
    if comments:
        lines += ["", f"The person left {counted(len(comments), 'comment')}:", *write_comments(comments)]
    if message.strip():
        lines += [*([""] if comments else []), f"The person says: {message.strip()}"]
    return "\n".join(lines)


def write_taken_back(path: str, hunk: Hunk) -> str:
    """What is said of an applied hunk that a person took back."""
    head = f"[The user took this change to {path} back; what else changed there stays:"
    return "\n".join((head, *_excerpt(hunk))) + "]"


def _file_lines(file: FileReport) -> list[str]:
    diff, written = file.diff, file.marked("accepted", "edited")
    counts = f"+{sum(hunk.counts[0] for hunk in written)} -{sum(hunk.counts[1] for hunk in written)}"
    note = f" [{diff.note}]" if diff.note else ""
    if diff.whole:
        if written:
            lines = [f"{diff.path}: {diff.kind} ({counts}).{note}"]
            return lines + [line for hunk in written for line in _departures(hunk)]
        return [f"{diff.path}: not {diff.kind}, {_why_not(file.hunks[0])}."]
    about = file.hunks[0] if not file.hunks[0].hunk.body else None
    hunks = [hunk for hunk in file.hunks if hunk is not about]
    lines = [_about_line(diff, about)] if about else []
    if diff.kind == "copied" and about and about not in written:
        return lines
    if hunks:
        total = f"{len(hunks)} {'hunk' if len(hunks) == 1 else 'hunks'}"
        applied = sum(1 for hunk in written if hunk is not about)
        path = diff.old_path if diff.kind == "renamed" and about not in written else diff.path
        lines.append(f"{path}: applied {applied} of {total} ({counts}).{note}")
    lines += [line for hunk in hunks for line in _hunk_lines(hunk)]
    if file.drifted and written:
        lines.append(f"{diff.path} was changed by others meanwhile too: read it again before you edit it.")
    return lines


def _about_line(diff: FileDiff, report: HunkReport) -> str:
    """What was decided on what happens to the file itself."""
    if diff.old_path:
        text = f"{diff.old_path} -> {diff.path}: {{}}{diff.kind}"
    elif diff.modes:
        text = f"{diff.path}: rights {{}}changed from {diff.modes[0]:o} to {diff.modes[1]:o}"
    else:
        text = f"{diff.path}: {{}}changed, as bytes"
    if report.mark.mark in ("accepted", "edited"):
        return f"{text.format('')}."
    return f"{text.format('not ')}, {_why_not(report)}."


def _why_not(report: HunkReport) -> str:
    if report.mark.mark == "rejected":
        return "rejected by the person"
    return report.hunk.stale or "not decided on"


def _hunk_lines(report: HunkReport) -> list[str]:
    """What is to be said of one hunk; nothing where it was written as proposed."""
    mark, hunk = report.mark.mark, report.hunk
    if mark in ("accepted", "edited"):
        return _departures(report)
    if mark == "rejected":
        return ["Rejected by the person; the file keeps its old lines here:", *_excerpt(hunk)]
    if hunk.stale:
        return [f"Not written, as {hunk.stale}: read the file again. It was:", *_excerpt(hunk)]
    return ["Not decided on, so not written:", *_excerpt(hunk)]


def _departures(report: HunkReport) -> list[str]:
    """How what was written departs from what was proposed; nothing where it does not."""
    versions = report.versions
    if versions is None or versions.written == versions.proposed:
        return []
    if report.mark.mark == "edited":
        head = "The person changed this before it was written; from your lines to theirs:"
    else:
        head = "The person took only a part of this; from your lines to what was written:"
    return [head, _head(report.hunk), *departures(versions.proposed, versions.written)]


def departures(proposed: str, written: str) -> list[str]:
    """The lines that lead from one text to another, with signs, as far as a model needs to see them."""
    diff = unified_diff(_lines(proposed), _lines(written), n=1, lineterm="")
    return cut([line for line in islice(diff, 2, None) if not line.startswith("@@ ")])


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


def _head(hunk: Hunk) -> str:
    numbers = f"@@ -{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@"
    return f"{numbers} {hunk.section}".rstrip()


def _excerpt(hunk: Hunk) -> list[str]:
    return [_head(hunk), *cut(hunk.body.split("\n"))]
