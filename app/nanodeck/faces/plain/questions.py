"""What waits for a person, asked in lines and answered with a number, a letter or a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.choices import EDITED, Act, Option, options_of
from nanodeck.contracts.commands import Command, Decide, MarkHunks, SendReview
from nanodeck.contracts.requests import (
    Answer,
    Choice,
    CommandDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    ToolDetail,
)
from nanodeck.contracts.text import counted, one_line, show_controls
from nanodeck.contracts.views import ReviewView

KEYS: dict[Act, tuple[str, ...]] = {
    "once": ("1", "y"),
    "session": ("2", "s"),
    "deny": ("4", "n"),
    "edit": ("5", "e"),
}
NO_CHOICE = "That is none of the choices; an empty line says them again."


class Step(NamedTuple):
    """What an answer led to: commands for the engine, and whether the question is done with."""

    commands: tuple[Command, ...] = ()
    over: bool = False
    said: str = ""


class Question(Protocol):
    """Something that waits for a line."""

    def lines(self) -> Iterable[str]:
        """What is asked now."""
        ...

    def take(self, line: str) -> Step:
        """Take a line as the answer."""
        ...


def whole(text: str, lead: str = "  ") -> list[str]:
    """Every line of `text`, nothing hidden in it."""
    return [f"{lead}{show_controls(line)}" for line in text.split("\n")]


class Approval:
    """A command or a call that may run or not."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._command = ""
        self._writing = False

    def lines(self) -> list[str]:
        """The request whole, then the choices."""
        if self._writing:
            return ["Write the command that runs instead; an empty line goes back."]
        if self._command:
            return ["This would run instead:", *whole(self._command), *_numbered(EDITED)]
        request = self._request
        asked = [*_about(request), f"  asked by {one_line(request.agent)}: {one_line(request.reason, 500)}"]
        return [*asked, *_numbered(options_of(request.detail))]

    def take(self, line: str) -> Step:
        """A choice, or the command being written."""
        if self._writing:
            self._writing, self._command = False, line.strip() or self._command
            return Step()
        word, _, rest = line.strip().partition(" ")
        options = EDITED if self._command else options_of(self._request.detail)
        option = next((one for one in options if word.lower() in KEYS.get(one.act, ())), None)
        if option is None:
            return Step(said=NO_CHOICE if word else "")
        if option.act == "edit":
            self._writing = True
            return Step()
        if rest.strip() and option.act != "deny":
            return Step(said="Only n takes a sentence; choose again.")
        choice: Choice = "once" if option.act == "once" else "session" if option.act == "session" else "deny"
        return self._answered(Answer(choice, message=rest.strip(), command=self._command))

    def _answered(self, answer: Answer) -> Step:
        return Step((Decide(self._request.id, answer),), over=True)


def _about(request: Request) -> list[str]:
    match request.detail:
        case CommandDetail(command=command, folder=folder, background=background):
            kind = "A command wants to run in the background:" if background else "A command wants to run:"
            return [kind, *whole(command), f"  in {show_controls(folder)}"]
        case ToolDetail(name=name, arguments=arguments):
            return [f"{one_line(name)} wants to run:", *whole(arguments)]
        case RepetitionDetail(name=name, arguments=arguments, times=times):
            return [f"{one_line(name)} gave the same result {times} times:", *whole(arguments)]
        case PlanDetail(path=path):
            return [f"A plan, kept in {show_controls(path)}:"]
        case ReviewDetail(files=files, hunks=hunks):
            return [f"A change of {counted(files, 'file')} with {counted(hunks, 'hunk')}:"]


def _numbered(options: Iterable[Option]) -> list[str]:
    said = []
    for option in options:
        keys = "n and a sentence" if option.act == "reason" else " or ".join(KEYS.get(option.act, ()))
        said.append(f"  {keys}: {option.label}")
    return said


class Review:
    """A change, decided hunk by hunk; nothing undecided is ever written."""

    CHOICES = (
        ("1", "y", "accept this hunk"),
        ("2", "n", "reject this hunk"),
        ("3", "a", "accept the rest of this file"),
        ("4", "d", "reject the rest of this file"),
        ("5", "A", "accept everything left"),
        ("6", "D", "reject everything left"),
        ("7", "u", "back to the hunk before"),
    )
    AGAIN = "  y accept, n reject, a or d the rest of the file, A or D everything left, u back"
    ENDING = (("1", "y", "send; a sentence after it goes to the agent"), ("7", "u", "back to the last hunk"))

    def __init__(self, request: str, view: ReviewView) -> None:
        self._request = request
        self._changeset = view.changeset
        self._hunks = [(file, hunk) for file in view.changeset.files for hunk in file.hunks]
        self._marks: dict[tuple[str, int], Mark] = {(mark.path, mark.hunk): mark.mark for mark in view.marks}
        self._at = self._next(0)
        self._explained = False

    def lines(self) -> list[str]:
        """The hunk in question, or what would be sent."""
        if self._at < len(self._hunks):
            file, hunk = self._hunks[self._at]
            place = f"Hunk {self._at + 1} of {len(self._hunks)}"
            said = [f"{place}: {show_controls(file.path)}, {file.kind}, {_where(hunk)}", *_body(hunk)]
            choices = [self.AGAIN] if self._explained else _choices(self.CHOICES)
            self._explained = True
            return [*said, *choices]
        accepted = sum(mark == "accepted" for mark in self._marks.values())
        told = f"{accepted} accepted, {len(self._hunks) - accepted} rejected."
        return [f"Every hunk is decided: {told}", *_choices(self.ENDING)]

    def take(self, line: str) -> Step:
        """A decision on the hunk, or the end of the review."""
        word, _, rest = line.strip().partition(" ")
        self._explained = bool(word)
        if word in ("7", "u"):
            self._at = max(0, self._at - 1)
            return Step()
        if self._at >= len(self._hunks):
            if word not in ("1", "y"):
                return Step(said=NO_CHOICE if word else "")
            return Step((SendReview(self._request, rest.strip()),), over=True)
        if word and rest.strip():
            # A sentence to the agent may begin with "a", which is no decision on a file.
            return Step(said="A decision is one letter; a sentence goes along once all is decided.")
        decided = self._decided(word)
        if not decided:
            return Step(said=NO_CHOICE if word else "")
        mark: Mark = "accepted" if word in ("1", "y", "3", "a", "5", "A") else "rejected"
        self._marks |= {(file.path, hunk.id): mark for file, hunk in decided}
        self._at = self._next(self._at + 1 if word in ("1", "y", "2", "n") else 0)
        marks = tuple(HunkMark(file.path, hunk.id, mark) for file, hunk in decided)
        return Step((MarkHunks(self._changeset.id, marks),))

    def _decided(self, word: str) -> list[tuple[FileDiff, Hunk]]:
        """The hunks that an answer decides."""
        here = self._hunks[self._at]
        if word in ("1", "y", "2", "n"):
            return [here]
        left = [one for one in self._hunks[self._at :] if (one[0].path, one[1].id) not in self._marks]
        left = left or [here]
        if word in ("3", "a", "4", "d"):
            return [one for one in left if one[0] is here[0]]
        return left if word in ("5", "A", "6", "D") else []

    def _next(self, start: int) -> int:
        """The first undecided hunk from `start` on, else the first at all, else the end."""
        undecided = [
            place for place, (file, hunk) in enumerate(self._hunks) if (file.path, hunk.id) not in self._marks
        ]
        return next((place for place in undecided if place >= start), (*undecided, len(self._hunks))[0])


def _where(hunk: Hunk) -> str:
    return f"from line {hunk.old_start}" + (f", {show_controls(hunk.section)}" if hunk.section else "")


def _body(hunk: Hunk) -> list[str]:
    return [f"  {show_controls(line)}" for line in hunk.body.split("\n")]


def _choices(choices: Iterable[tuple[str, str, str]]) -> list[str]:
    return [f"  {number} or {letter}: {label}" for number, letter, label in choices]


class Pick:
    """A list to pick from by number."""

    def __init__(self, heading: str, rows: Iterable[tuple[str, Command]]) -> None:
        self._heading = heading
        self._rows = list(rows)

    def lines(self) -> list[str]:
        """The rows, numbered."""
        rows = [f"  {number}: {label}" for number, (label, _) in enumerate(self._rows, 1)]
        return [f"{self._heading} (an empty line picks nothing)", *rows]

    def take(self, line: str) -> Step:
        """A number."""
        word = line.strip()
        if not word:
            return Step(over=True, said="Nothing picked.")
        if word.isdecimal() and 0 < int(word) <= len(self._rows):
            return Step((self._rows[int(word) - 1][1],), over=True)
        return Step(said=f"Type a number from 1 to {len(self._rows)}.")


def diff_lines(view: ReviewView) -> list[str]:
    """A change and what became of it, as text."""
    marks = {(mark.path, mark.hunk): mark.mark for mark in view.marks}
    said = [f"The last change, {view.state}:"]
    for file in view.changeset.files:
        said.append(f"{show_controls(file.path)}, {file.kind}, +{file.added} -{file.removed}")
        for hunk in file.hunks:
            mark = marks.get((file.path, hunk.id), "undecided") if view.state == "asking" else ""
            said += [f"  {_where(hunk)}{', ' + mark if mark else ''}", *_body(hunk)]
    return said
