"""What a model is told after a review: what was written, what was not, and the person's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from nanodeck.contracts.changes import FileDiff, Hunk, Mark

_EXCERPT_LINES = 24
_EXCERPT_CHARACTERS = 1_600


class FileReport(Struct, frozen=True):
    """One file of a review with the decision on each of its hunks."""

    diff: FileDiff
    marks: Mapping[int, Mark]

    def hunks(self, mark: Mark) -> list[Hunk]:
        """The hunks decided as `mark`."""
        return [hunk for hunk in self.diff.hunks if self.marks[hunk.id] == mark]


def write_report(files: Sequence[FileReport], message: str) -> str:
    """The report on `files`; says so when there is nothing to change."""
    if not files:
        lines = ["Nothing to change: the files already hold exactly this."]
    else:
        lines = [line for file in files for line in _file_lines(file)]
        if not any(file.hunks("accepted") for file in files):
            lines.insert(0, "Nothing was written.")
    if message.strip():
        lines.append(f"The person says: {message.strip()}")
    return "\n".join(lines)


def _file_lines(file: FileReport) -> list[str]:
    accepted, rejected, undecided = (file.hunks(mark) for mark in ("accepted", "rejected", "undecided"))
    total = len(file.diff.hunks)
    counts = f"+{sum(h.added for h in accepted)} -{sum(h.removed for h in accepted)}"
    note = f" [{file.diff.note}]" if file.diff.note else ""
    if file.diff.kind != "modified":
        if accepted:
            return [f"{file.diff.path}: {file.diff.kind} ({counts}).{note}"]
        why = "rejected by the person" if rejected else "not decided on"
        return [f"{file.diff.path}: not {file.diff.kind}, {why}."]
    hunks = "hunk" if total == 1 else "hunks"
    lines = [f"{file.diff.path}: applied {len(accepted)} of {total} {hunks} ({counts}).{note}"]
    if len(accepted) == total:
        return lines
    for hunk in rejected:
        lines += ["Rejected by the person; the file keeps its old lines here:", *_excerpt(hunk)]
    for hunk in undecided:
        lines += ["Not decided on, so not written:", *_excerpt(hunk)]
    return lines


def _excerpt(hunk: Hunk) -> list[str]:
    head = (
        f"@@ -{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@ {hunk.section}".rstrip()
    )
    body = hunk.body[:_EXCERPT_CHARACTERS].split("\n")
    shown = body[:_EXCERPT_LINES]
    left = hunk.body.count("\n") + 1 - len(shown)
    cut = left > 0 or len(hunk.body) > _EXCERPT_CHARACTERS
    return [head, *shown, *([f"[... {left} more lines]" if left else "[... cut]"] if cut else [])]
