"""A plan that waits for a person, in lines: read, changed, commented, approved or sent back."""

from __future__ import annotations

import re

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.commands import Command, Decide, MarkHunks, WriteComment
from nanodeck.contracts.comments import comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import show_controls
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review.plan import plan_text
from nanodeck.faces.plain.questions import NO_CHOICE, Step

_LINES = re.compile(r"(\d+)(?:-(\d+))?(?: (.*))?", re.DOTALL)


class Plan:
    """A plan; line numbers are those of the text as it stands."""

    CHOICES = (
        "  1 or y: approve it, edits are reviewed",
        "  2 or a: approve it, edits are applied (auto-accept)",
        "  4 or n and a sentence: send it back",
        "  5 or e, a line number and a text: that line becomes the text; without a text it goes",
        "  6 or c, a line number (or 3-5) and a sentence: comment on it",
        "  7 or u: take the last change of a line back",
    )
    AGAIN = "  y or a approve, n send back, e change a line, c comment, u undo; an empty line says all again"

    def __init__(self, request: str, path: str, view: ReviewView) -> None:
        self._request = request
        self._path = path
        self._changeset = view.changeset
        self._file = view.changeset.files[0]
        self._texts = [plan_text(view.changeset)]
        if view.marks:
            self._texts.append(plan_text(view.changeset, view.marks))
        self._whole = True

    def lines(self) -> list[str]:
        """The whole plan and the choices; the second time what can be done with it."""
        if not self._whole:
            return [self.AGAIN]
        self._whole = False
        numbered = [f"  {number} {show_controls(line)}" for number, line in enumerate(self._lines, 1)]
        head = f"A plan of {len(numbered)} lines waits for you, kept in {show_controls(self._path)}:"
        return [head, *numbered, *self.CHOICES]

    def take(self, line: str) -> Step:
        """A decision, a change or a comment."""
        word, _, rest = line.strip().partition(" ")
        if word in ("1", "y", "2", "a") and rest.strip():
            # A sentence about the plan may begin with "a", which is no approval.
            return Step(said="Only n takes a sentence; an approval is one letter.")
        match word:
            case "":
                self._whole = True
                return Step()
            case "1" | "y":
                return self._decided(Answer("once", mode=Mode.NORMAL))
            case "2" | "a":
                return self._decided(Answer("once", mode=Mode.AUTO_ACCEPT))
            case "4" | "n":
                return self._decided(Answer("deny", rest.strip()))
            case "5" | "e" | "6" | "c":
                return self._at_lines(rest.strip(), comment=word in ("6", "c"))
            case "7" | "u":
                return self._undone()
            case _:
                return Step(said=NO_CHOICE)

    @property
    def _lines(self) -> list[str]:
        return self._texts[-1].removesuffix("\n").split("\n")

    def _decided(self, answer: Answer) -> Step:
        return Step((Decide(self._request, answer),), over=True)

    def _at_lines(self, rest: str, *, comment: bool) -> Step:
        given = _LINES.fullmatch(rest)
        first = int(given[1]) if given else 0
        last = int(given[2] or first) if given else 0
        lines = self._lines
        if not given or not 0 < first <= last <= len(lines):
            return Step(said=f"A line number comes first, from 1 to {len(lines)}.")
        text = given[3] or ""
        if comment:
            if not text.strip():
                return Step(said="A comment needs a sentence.")
            return Step((self._comment(first, last, text.strip()),), said="Commented.")
        lines[first - 1 : last] = text.split("\n") if text else []
        self._texts.append("\n".join(lines) + "\n")
        return Step((self._edited(),), said="Changed." if text else "Gone.")

    def _undone(self) -> Step:
        if len(self._texts) == 1:
            return Step(said="There is nothing to take back.")
        self._texts.pop()
        return Step((self._edited(),), said="Taken back.")

    def _edited(self) -> Command:
        hunk, untouched = self._file.hunks[0].id, len(self._texts) == 1
        mark = HunkMark(self._file.path, hunk, "undecided")
        if not untouched:
            mark = HunkMark(self._file.path, hunk, "edited", text=self._texts[-1])
        return MarkHunks(self._changeset.id, (mark,))

    def _comment(self, first: int, last: int, text: str) -> Command:
        lines, changeset, hunk = self._lines, self._changeset.id, self._file.hunks[0].id
        shown = Hunk(hunk, 1, len(lines), 1, len(lines), "", "\n".join(f" {line}" for line in lines))
        source, place = Source("call", changeset), (first - 1, last - 1)
        return WriteComment(
            comment_on(source, self._file.path, lines_of(shown), *place, text, changeset=changeset, hunk=hunk)
        )
