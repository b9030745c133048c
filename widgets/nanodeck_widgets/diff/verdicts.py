"""What became of hunks and of a whole review, in a sign and a word or two."""

from __future__ import annotations

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.text import counted
from nanodeck.contracts.views import ReviewState, ReviewView
from nanodeck_widgets.diff.decisions import Tally
from nanodeck_widgets.diff.draw import Verdict
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette

__all__ = ["ADVICE", "VERSIONLESS", "Verdict", "badge_of", "verdict_on"]

ADVICE: dict[ReviewState, str] = {
    "draft": "the model still writes this: decide once it asks",
    "applied": "written: /undo puts it back",
    "refused": "nothing was written, and the model knows it",
    "approved": "approved: it is carried out now",
    "returned": "sent back: the model works on it",
    "undone": "put back: the files are as they were before",
}
"""What can be done about a change that does not ask."""
_UNWRITTEN = "this was not written: there is no file with it to show lines of"
VERSIONLESS: dict[ReviewState, str] = {
    "draft": "the model still writes this: lines around it come with the review",
    "refused": _UNWRITTEN,
    "failed": _UNWRITTEN,
}
"""Why there are no whole versions of a change to read."""


def verdict_on(
    mark: HunkMark,
    state: ReviewState,
    palette: Palette,
    glyphs: Glyphs,
    *,
    left_out: bool,
    stale: bool = False,
) -> Verdict:
    """The decision on a hunk of a review in `state`, or what became of it.

    `left_out`: hunks nobody decided on were not written, as others were decided on. `stale`: it no longer
    applies.
    """
    if state == "draft":
        return Verdict(glyphs.ellipsis, "draft", palette.muted)
    if stale and state == "asking":
        return Verdict(glyphs.warning, "stale", palette.warning, marked=True, faded=True)
    if mark.mark == "rejected":
        return Verdict(glyphs.failed, "rejected", palette.error, marked=True, faded=True)
    if state == "asking":
        return _decided(mark, palette, glyphs)
    # Nobody marks what is accepted without asking.
    if state == "refused" or (mark.mark == "undecided" and left_out):
        return Verdict(glyphs.failed, "not written", palette.error, faded=True)
    if state == "failed":
        return Verdict(glyphs.warning, "failed", palette.error)
    if state == "undone":
        return Verdict(glyphs.waiting, "undone", palette.muted)
    if state == "returned":
        return Verdict(glyphs.failed, "sent back", palette.error)
    return Verdict(glyphs.done, "approved" if state == "approved" else "applied", palette.success)


def _decided(mark: HunkMark, palette: Palette, glyphs: Glyphs) -> Verdict:
    match mark.mark:
        case "accepted":
            words = counted(len(mark.lines), "line") if mark.lines else "accepted"
            return Verdict(glyphs.done, words, palette.success, marked=True)
        case "edited":
            return Verdict(glyphs.edited, "edited", palette.accent, marked=True)
        case _:
            return Verdict("?", "undecided", palette.warning)


def badge_of(view: ReviewView, tally: Tally, glyphs: Glyphs, *, outside: bool) -> str:
    """How a review stands; `outside`: it changes files out of the project."""
    accepted, rejected, undecided = tally
    match view.state:
        case "draft":
            return "draft"
        case "asking":
            counts = f"{accepted}{glyphs.done} {rejected}{glyphs.failed} {undecided}?"
            return f"{glyphs.warning} outside  {counts}" if outside else counts
        case "applied":
            total = accepted + rejected + undecided
            part = f" {accepted} of {total}" if 0 < accepted < total else ""
            return f"{glyphs.done} applied{part}"
        case "refused":
            return f"{glyphs.failed} refused"
        case "failed":
            return f"{glyphs.warning} failed"
        case "undone":
            return f"{glyphs.waiting} undone"
        case "approved":
            return f"{glyphs.done} approved"
        case "returned":
            return f"{glyphs.failed} sent back"
