"""A change under review in lines: every hunk is asked about, and nothing undecided is ever written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.commands import MarkHunks, RedoDecision, SendReview, SplitHunk, UndoDecision
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.events import Event, HunksMarked, HunksRevised
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted, show_controls
from nanodeck.contracts.views import ReviewView
from nanodeck.faces.plain.commenting import comment_lines, comments_on, remark
from nanodeck.faces.plain.hunks import (
    about_file,
    about_hunk,
    body,
    can_split,
    changed_lines,
    mark_word,
    new_text,
    places,
)
from nanodeck.faces.plain.questions import Step, no_choice, refused
from nanodeck.faces.plain.writing import Writing

Place = tuple[str, int]
"""A hunk by the path of its file and its id there."""


class Choice(NamedTuple):
    """What can be answered: by number, by the letter that is its key on the full screen."""

    number: str
    letter: str
    label: str


CHOICES = (
    Choice("1", "y", "accept this hunk"),
    Choice("2", "n", "reject this hunk; a sentence after it says why"),
    Choice("3", "a", "accept the rest of this file"),
    Choice("4", "d", "reject the rest of this file"),
    Choice("5", "A", "accept everything left"),
    Choice("6", "D", "reject everything left"),
    Choice("7", "u", "take the last step back"),
    Choice("8", "U", "take it again"),
    Choice("9", "k", "the hunk before"),
    Choice("10", "j", "the next hunk"),
    Choice("11", "f", "all files, or with a number or a part of its name that file"),
    Choice("12", "s", "split this hunk at its unchanged lines"),
    Choice("13", "v", "pick lines of it to accept"),
    Choice("14", "e", "write its lines anew"),
    Choice("15", "c", "and a sentence: comment on it; on lines of it, as v numbers them: c 3-5 why"),
)
AGAIN = (
    "  y accept, n reject, a or d the rest of the file, A or D everything left, u back; empty: all choices"
)
ENDING = (
    Choice("1", "y", "send; a sentence after it goes to the agent"),
    Choice("7", "u", "take the last step back"),
    Choice("8", "U", "take it again"),
    Choice("9", "k", "back to the last hunk"),
    Choice("11", "f", "all files, or with a number or a part of its name that file"),
)
EDITED = (
    Choice("1", "y", "accept the hunk like this"),
    Choice("2", "n", "leave it as it was"),
)
TAKES_MORE = ("f", "v", "n", "c")
ALL_ONE_WAY: dict[str, Mark] = {
    "y": "accepted",
    "n": "rejected",
    "a": "accepted",
    "d": "rejected",
    "A": "accepted",
    "D": "rejected",
}


class Review:
    """Asks hunk by hunk; what was decided is known once the engine says it."""

    def __init__(self, request: str, view: ReviewView, comments: Sequence[Comment] = ()) -> None:
        self.request = request
        self._view = view
        self._comments = comments
        self._explained = self._picking = False
        self._writing: Writing | None = None
        self._edited: str | None = None
        self._shown: dict[Place, Hunk] = {}
        self._take_in()
        self._at = self._next(0)

    @property
    def changeset(self) -> str:
        """What is under review."""
        return self._view.changeset.id

    @property
    def verbatim(self) -> bool:
        """Lines of the file are being written."""
        return self._writing is not None

    # What the engine says.

    def renew(self, view: ReviewView, event: Event) -> None:
        """It was decided, split or moved: go on where that leads."""
        here = self._here
        self._view = view
        self._take_in()
        places = [(file.path, hunk.id) for file, hunk in self._hunks]
        match event:
            case HunksMarked(marks=marks):
                freed = [(mark.path, mark.hunk) for mark in marks if mark.mark == "undecided"]
                known = [place for place in freed if place in places]
                self._at = places.index(known[0]) if known else self._next(self._at)
            case HunksRevised(path=path, hunks=hunks):
                now = [(path, hunk.id) for hunk in hunks if (path, hunk.id) in places]
                place = here if here in places else now[0] if now else None
                self._at = places.index(place) if place else self._next(0)
                if place != here:
                    self._picking, self._writing, self._edited = False, None, None
            case _:
                pass

    def remarked(self, comments: Sequence[Comment]) -> None:
        """These comments are open now."""
        self._comments = comments

    def _take_in(self) -> None:
        self._hunks = [(file, hunk) for file in self._view.changeset.files for hunk in file.hunks]
        self._marks = {(mark.path, mark.hunk): mark for mark in self._view.marks}

    # What is asked.

    def lines(self) -> list[str]:
        """The hunk in question, what was asked about it, or what would be sent."""
        if self._writing is not None:
            return self._about_writing()
        if self._at >= len(self._hunks):
            return [f"Every hunk is decided: {self._tally()}.", *_choices(ENDING)]
        file, hunk = self._hunks[self._at]
        if self._edited is not None:
            return ["These lines would stand there:", *_text(self._edited), *_choices(EDITED)]
        if self._picking:
            self._shown = {(file.path, hunk.id): hunk}
            return [
                "The lines of this hunk:",
                *body(hunk, numbered=True),
                "Which of the changed ones are accepted, as in 2 4-6? An empty line goes back.",
            ]
        self._shown = {(file.path, hunk.id): hunk}
        said = [f"Hunk {self._at + 1} of {len(self._hunks)}: {about_file(file)}, {about_hunk(hunk)}"]
        mark = self._marks.get((file.path, hunk.id))
        if mark is not None:
            said.append(f"It is {mark_word(mark)}.")
        if hunk.stale:
            said.append(f"It no longer applies and will not be written: {show_controls(hunk.stale)}")
        choices = [AGAIN] if self._explained else _choices(CHOICES)
        self._explained = True
        return [*said, *body(hunk), *comment_lines(self._on(file, hunk)), *choices]

    def _about_writing(self) -> list[str]:
        file, hunk = self._hunks[self._at]
        self._shown = {(file.path, hunk.id): hunk}
        return [
            "These lines would stand there now:",
            *_text(new_text(hunk)),
            "Type the lines that shall; a lone dot ends them, at once leaves all as it is.",
            "A line of yours that begins with a dot gets a second one before it.",
        ]

    def _tally(self) -> str:
        counts = {"accepted": 0, "edited": 0, "rejected": 0}
        for mark in self._marks.values():
            counts[mark.mark] = counts.get(mark.mark, 0) + 1
        said = [f"{number} {word}" for word, number in counts.items() if number or word != "edited"]
        remarked = [place for place, mark in self._hunks if not self._marks.get((place.path, mark.id))]
        stale = sum(bool(hunk.stale) for _, hunk in self._hunks)
        if stale:
            said.append(f"{counted(stale, 'hunk')} that no longer applies")
        if len(remarked) > stale:
            said.append(f"{len(remarked) - stale} rejected by your comment")
        return ", ".join(said)

    # What is answered.

    def take(self, line: str) -> Step:
        """A decision on the hunk, or the end of the review."""
        if self._writing is not None:
            return self._written(self._writing, line)
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if self._picking:
            return self._picked(line.strip())
        if self._edited is not None:
            return self._accept_edited(word, rest)
        self._explained = bool(word)
        at_end = self._at >= len(self._hunks)
        choices = ENDING if at_end else CHOICES
        letter = next((one.letter for one in choices if word in (one.number, one.letter)), "")
        if not letter:
            return no_choice(word)
        if at_end and letter == "y":
            return Step((SendReview(self.request, rest),), over=True)
        if rest and letter not in TAKES_MORE:
            # A sentence to the agent may begin with "a", which is no decision on a file.
            return refused("A decision is one letter; a sentence goes along once all is decided.")
        if letter == "c" or (letter == "n" and rest):
            return self._comment(rest, reject=letter == "n")
        if letter in ALL_ONE_WAY:
            return self._decide(letter)
        if letter in ("u", "U"):
            return self._step_back(again=letter == "U")
        if letter in ("k", "j"):
            self._move(-1 if letter == "k" else 1)
            return Step()
        if letter == "f":
            return self._go_to(rest)
        return self._shape(letter, rest)

    def _decide(self, letter: str) -> Step:
        mark = ALL_ONE_WAY[letter]
        file, hunk = self._hunks[self._at]
        if letter in ("y", "n"):
            if hunk.stale:
                return refused("It no longer applies: there is nothing to decide; j goes on.")
            decided = [(file, hunk)]
        else:
            decided = [self._hunks[place] for place in range(self._at, len(self._hunks)) if self._open(place)]
            decided = [one for one in decided if letter in ("A", "D") or one[0].path == file.path]
        if not decided:
            return refused("All of that is decided already; k and j go to it.")
        marks = tuple(HunkMark(path.path, one.id, mark) for path, one in decided)
        return Step((MarkHunks(self.changeset, marks),), asks=False)

    def _comment(self, text: str, *, reject: bool) -> Step:
        file, hunk = self._hunks[self._at]
        said = self._said(file, hunk)
        comment = remark(Source("call", self.changeset), file, said, text, changeset=self.changeset)
        if comment is None:
            return refused("A comment needs a sentence, and lines that the hunk has.")
        step = self._decide("n") if reject else Step(asks=False)
        return step._replace(commands=(comment, *step.commands))

    def _step_back(self, *, again: bool) -> Step:
        if not (self._view.redo if again else self._view.undo):
            return refused(f"There is nothing to take {'again' if again else 'back'}.")
        command = RedoDecision(self.changeset) if again else UndoDecision(self.changeset)
        return Step((command,), asks=False)

    def _shape(self, letter: str, rest: str) -> Step:
        """Split a hunk, pick its lines, write them anew."""
        file, hunk = self._hunks[self._at]
        if hunk.stale or not hunk.body or file.kind == "deleted":
            return refused("This hunk is taken whole or not at all.")
        if letter == "s":
            if not can_split(hunk):
                return refused("There is nothing to split: no unchanged line stands between its changes.")
            return Step((SplitHunk(self.changeset, file.path, hunk.id),), asks=False)
        if letter == "e":
            self._writing = Writing()
        elif rest:
            return self._picked(rest)
        else:
            self._picking = True
        return Step()

    def _picked(self, text: str) -> Step:
        file, hunk = self._hunks[self._at]
        if not text:
            self._picking = False
            return Step()
        numbered = self._said(file, hunk)
        lines = [place - 1 for place in places(text, len(numbered.body.split("\n")))]
        picked = tuple(place for place in lines if place in changed_lines(numbered))
        if not picked:
            return refused("Type the numbers of changed lines, as in 2 4-6; v alone says them.")
        self._picking = False
        return self._marked(HunkMark(file.path, hunk.id, "accepted", lines=picked))

    def _written(self, writing: Writing, line: str) -> Step:
        if writing.take(line):
            self._writing = None
            self._edited = writing.text if writing.written else None
            return Step(said="" if writing.written else "Nothing was written.")
        return Step(asks=False)

    def _accept_edited(self, word: str, rest: str) -> Step:
        letter = next((one.letter for one in EDITED if word in (one.number, one.letter)), "")
        if not letter or rest or self._edited is None:
            return no_choice(word)
        file, hunk = self._hunks[self._at]
        mark = HunkMark(file.path, hunk.id, "edited", text=self._edited)
        self._edited = None
        return self._marked(mark) if letter == "y" else Step()

    def _marked(self, mark: HunkMark) -> Step:
        """A decision on lines, by the numbers and the text that were said."""
        shown = self._said(*self._hunks[self._at])
        return Step((MarkHunks(self.changeset, (mark,), (shown,)),), asks=False)

    def _said(self, file: FileDiff, hunk: Hunk) -> Hunk:
        """The hunk in question as its lines were said last, also where it has moved since."""
        return self._shown.get((file.path, hunk.id), hunk)

    # Going about.

    def _go_to(self, wanted: str) -> Step:
        files = self._view.changeset.files
        if not wanted:
            rows = [f"  {number}: {self._file_row(file)}" for number, file in enumerate(files, 1)]
            return refused("\n".join(["The files; f and a number goes to one:", *rows]))
        found = files[int(wanted) - 1 : int(wanted)] if wanted.isdecimal() and int(wanted) else ()
        found = found or tuple(file for file in files if wanted.lower() in file.path.lower())
        place = next((at for at, (file, _) in enumerate(self._hunks) if file in found), None)
        if place is None:
            return refused(f"No file has {show_controls(wanted)} in its name.")
        self._at = place
        return Step()

    def _file_row(self, file: FileDiff) -> str:
        decided = sum((file.path, hunk.id) in self._marks for hunk in file.hunks)
        return f"{about_file(file)}, {decided} of {counted(len(file.hunks), 'hunk')} decided"

    def _move(self, step: int) -> None:
        last = len(self._hunks) - 1
        if step > 0 and self._at >= last:
            self._at = self._next(0)
        else:
            self._at = max(0, min(self._at, last + 1) + step)

    def _open(self, place: int) -> bool:
        file, hunk = self._hunks[place]
        decided = (file.path, hunk.id) in self._marks or self._on(file, hunk)
        return not (hunk.stale or decided)

    def _on(self, file: FileDiff, hunk: Hunk) -> list[Comment]:
        return comments_on(self._comments, self.changeset, file.path, hunk.id)

    def _next(self, start: int) -> int:
        """The first undecided hunk from `start` on, else the first at all, else the end."""
        undecided = [place for place in range(len(self._hunks)) if self._open(place)]
        return next((place for place in undecided if place >= start), (*undecided, len(self._hunks))[0])

    @property
    def _here(self) -> Place | None:
        if self._at >= len(self._hunks):
            return None
        file, hunk = self._hunks[self._at]
        return file.path, hunk.id


def _choices(choices: Iterable[Choice]) -> list[str]:
    return [f"  {one.number} or {one.letter}: {one.label}" for one in choices]


def _text(text: str) -> Sequence[str]:
    return [f"  {show_controls(line)}" for line in text.split("\n")] if text else ["  (none)"]
