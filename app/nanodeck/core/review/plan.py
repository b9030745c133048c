"""A plan under review: one document, whole in one hunk, and what its model is told of the decision."""

from __future__ import annotations

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.core.review.alignment import changed_ranges
from nanodeck.core.review.build import body_lines
from nanodeck.core.review.decisions import Review
from nanodeck.core.review.file import ReviewedFile
from nanodeck.core.review.hunks import Cut, Part
from nanodeck.core.review.proposed import Ground, ProposedFile
from nanodeck.core.review.remarks import write_comments
from nanodeck.core.review.report import departures
from nanodeck.core.review.text import split_lines

PLAN_FILE = "plan.md"
_HUNK = 1


def normal(text: str) -> str:
    """A plan's text with line feeds alone, the last line ended too."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


def propose_plan(changeset: str, call: str, before: str, text: str) -> Review:
    """A review of the plan `text` as a whole; `before` is how the person left the one before, or `text`.

    Both are normal.
    """
    old, new = before.encode(), text.encode()
    old_lines, new_lines = split_lines(old), split_lines(new)
    # A document as it was before has lines to edit too.
    ranges = tuple(changed_ranges(old_lines, new_lines)) or ((0, 0, 0, 0),)
    cut = Cut(0, len(old), 0, len(new), ranges)
    lines = [sign + line.decode() for sign, line in body_lines(cut, old_lines, new_lines, "utf-8")]
    hunk = Hunk(_HUNK, 1, len(old_lines), 1, len(new_lines), "", "".join(lines).removesuffix("\n"))
    diff = FileDiff(PLAN_FILE, "modified", (hunk,), hunk.added, hunk.removed)
    proposed, parts = ProposedFile(PLAN_FILE, old, new), (Part(_HUNK, ranges),)
    reviewed = ReviewedFile(proposed, parts, Ground(old), new, diff, (cut,), {_HUNK: 0})
    return Review(changeset, (call,), (reviewed,), plan=True)


def plan_text(changeset: Changeset, marks: tuple[HunkMark, ...] = ()) -> str:
    """The text of a plan under review, with what the person made of it."""
    for mark in marks:
        if mark.mark == "edited":
            return normal(mark.text)
    return _without("-", changeset)


def proposed_again(changeset: Changeset, marks: tuple[HunkMark, ...]) -> Review:
    """The review of a plan that was asked before, with what the person made of it."""
    before, text = _without("+", changeset), _without("-", changeset)
    return propose_plan(changeset.id, changeset.calls[0], before, text).mark(marks)


def _without(sign: str, changeset: Changeset) -> str:
    """The document on one side: without the lines that have `sign`."""
    lines = changeset.files[0].hunks[0].body.split("\n")
    return "\n".join(line[1:] for line in lines if line[:1] != sign) + "\n"


def plan_report(review: Review, answer: Answer, mode: Mode, path: str) -> str:
    """What the model is told of a decision on its plan, which is kept at `path`."""
    proposed, kept = plan_text(review.changeset), plan_text(review.changeset, review.marks)
    if answer.choice == "deny":
        goes_on = " Plan mode goes on." if mode is Mode.PLAN else ""
        said = f"The person sent the plan back: revise it and hand it in again.{goes_on}"
    else:
        said = f"The plan is approved: carry it out now. Plan mode is over, the mode is {mode.value}."
    lines = [said]
    if kept != proposed:
        lines += [f"The person changed it (the whole is in {path}); from your lines to theirs:"]
        lines += departures(proposed, kept)
    if answer.message.strip():
        lines.append(f"The person says: {answer.message.strip()}")
    if review.comments:
        lines += ["The person comments on it:", *write_comments(review.comments)]
    return "\n".join(lines)
