"""A plan that waits for a person, in lines: read, changed, commented, approved or sent back."""

from __future__ import annotations

import re

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.commands import Decide, MarkHunks, RedoDecision, UndoDecision, WriteComment
from nanodeck.contracts.comments import comment_on
from nanodeck.contracts.events import Event
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted, show_controls
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review.plan import plan_text
from nanodeck.faces.plain.questions import Step, no_choice, refused

CHOICES = (
    "  1 or y: approve it, edits are reviewed",
    "  2 or a: approve it, edits are applied (auto-accept)",
    "  4 or n and a sentence: send it back",
    "  5 or e, a line number (or 3-5) and a text: that becomes the text; without a text it goes",
    "  6 or c, a line number (or 3-5) and a sentence: comment on it",
    "  7 or u: take the last change back",
    "  8 or U: make it again",
)
AGAIN = "  y or a approve, n send back, e change a line, c comment, u undo; an empty line says all again"
_LETTERS = {"1": "y", "2": "a", "4": "n", "5": "e", "6": "c", "7": "u", "8": "U"}
_PLACES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?(?: (.*))?", re.DOTALL)


class Plan:
    """A plan; line numbers are those of the text as it stands, which the engine tells."""

    verbatim = False

    def __init__(self, request: str, path: str, view: ReviewView) -> None:
        self._request = request
        self._path = path
        self._view = view
        self._whole = True

    @property
    def changeset(self) -> str:
        """What is under review."""
        return self._view.changeset.id

    def renew(self, view: ReviewView, event: Event) -> None:
        """The text is another one."""
        self._view = view

    def lines(self) -> list[str]:
        """The whole plan and the choices; the second time what can be done with it."""
        lines = self._lines
        if not self._whole:
            return [f"The plan has {counted(len(lines), 'line')} now.", AGAIN]
        self._whole = False
        head = f"A plan of {counted(len(lines), 'line')} waits for you, kept in {show_controls(self._path)}:"
        return [head, *(f"  {n} {show_controls(line)}" for n, line in enumerate(lines, 1)), *CHOICES]

    def take(self, line: str) -> Step:
        """A decision, a change or a comment."""
        word, _, rest = line.strip().partition(" ")
        letter, rest = _LETTERS.get(word, word), rest.strip()
        match letter:
            case "":
                self._whole = True
                return Step()
            case "y" | "a" | "u" | "U" if rest:
                # A sentence about the plan may begin with "a", which is no approval.
                return refused("Only n takes a sentence; an approval is one letter.")
            case "y" | "a":
                mode = Mode.NORMAL if letter == "y" else Mode.AUTO_ACCEPT
                return self._decided(Answer("once", mode=mode))
            case "n":
                return self._decided(Answer("deny", rest))
            case "e" | "c":
                return self._at_lines(rest, comment=letter == "c")
            case "u" | "U":
                return self._step_back(again=letter == "U")
            case _:
                return no_choice(word)

    @property
    def _lines(self) -> list[str]:
        return plan_text(self._view.changeset, self._view.marks).removesuffix("\n").split("\n")

    def _decided(self, answer: Answer) -> Step:
        return Step((Decide(self._request, answer),), over=True)

    def _at_lines(self, rest: str, *, comment: bool) -> Step:
        given, lines = _PLACES.fullmatch(rest), self._lines
        first = int(given[1]) if given else 0
        last = int(given[2] or first) if given else 0
        if not given or not 0 < first <= last <= len(lines):
            return refused(f"A line number comes first, from 1 to {len(lines)}.")
        text = given[3] or ""
        if comment:
            return self._commented(first, last, text.strip())
        lines[first - 1 : last] = text.split("\n") if text else []
        file = self._view.changeset.files[0]
        mark = HunkMark(file.path, file.hunks[0].id, "edited", text="\n".join(lines) + "\n")
        return Step((MarkHunks(self.changeset, (mark,)),), asks=False)

    def _commented(self, first: int, last: int, text: str) -> Step:
        if not text:
            return refused("A comment needs a sentence.")
        file, lines = self._view.changeset.files[0], self._lines
        number, source = file.hunks[0].id, Source("call", self.changeset)
        shown = lines_of(Hunk(number, 1, 0, 1, 0, "", "\n".join(f" {line}" for line in lines)))
        places = first - 1, last - 1
        comment = comment_on(source, file.path, shown, *places, text, changeset=self.changeset, hunk=number)
        return Step((WriteComment(comment),), said="Commented.", asks=False)

    def _step_back(self, *, again: bool) -> Step:
        if not (self._view.redo if again else self._view.undo):
            return refused(f"There is nothing to {'make again' if again else 'take back'}.")
        command = RedoDecision(self.changeset) if again else UndoDecision(self.changeset)
        return Step((command,), asks=False)
