"""What waits for a person, asked in lines and answered with a number, a letter or a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from nanodeck.contracts.choices import EDITED, Act, Option, options_of
from nanodeck.contracts.commands import Command, Decide
from nanodeck.contracts.explaining import facts_of
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

KEYS: dict[Act, tuple[str, ...]] = {
    "once": ("1", "y"),
    "session": ("2", "s"),
    "deny": ("4", "n"),
    "edit": ("5", "e"),
}
NO_CHOICE = "That is none of the choices; an empty line says them again."


class Step(NamedTuple):
    """What an answer led to: commands for the engine, and whether the question is done with.

    `asks`: the question is asked again at once; else it waits for the engine, or for a better answer.
    """

    commands: tuple[Command, ...] = ()
    over: bool = False
    said: str = ""
    asks: bool = True


def refused(said: str) -> Step:
    """An answer that leads nowhere, and why."""
    return Step(said=said, asks=False)


def no_choice(word: str) -> Step:
    """What was typed is none of the choices; an empty line has them said again."""
    return refused(NO_CHOICE) if word else Step()


class Question(Protocol):
    """Something that waits for a line."""

    @property
    def verbatim(self) -> bool:
        """Whether lines are a text now, in which no slash and no backslash means anything."""
        ...

    def lines(self) -> Iterable[str]:
        """What is asked now."""
        ...

    def take(self, line: str) -> Step:
        """Take a line as the answer."""
        ...


def whole(text: str, lead: str = "  ") -> list[str]:
    """Every line of `text`, nothing hidden in it."""
    return [f"{lead}{show_controls(line)}" for line in text.split("\n")]


def _foreign(text: str, sign: str) -> list[str]:
    """Every line of `text` after a sign that no line of ours has: it cannot pass for what we say."""
    first, *others = whole(text, "")
    return [f"  {sign} {first}", *(f"  > {line}" for line in others)]


class Approval:
    """A command or a call that may run or not."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._command = ""
        self._writing = False

    @property
    def verbatim(self) -> bool:
        """A command is being written."""
        return self._writing

    def lines(self) -> list[str]:
        """The request whole, then the choices."""
        if self._writing:
            return ["Write the command that runs instead; an empty line goes back."]
        if self._command:
            return ["This would run instead:", *_foreign(self._command, "$"), *_numbered(EDITED)]
        request = self._request
        who, why = one_line(request.agent), one_line(request.why.reason, 500)
        asked = [*_about(request), f"  asked by {who}: {why}"]
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
            return no_choice(word)
        if option.act == "edit":
            self._writing = True
            return Step()
        if rest.strip() and option.act != "deny":
            return refused("Only n takes a sentence; choose again.")
        choice: Choice = "once" if option.act == "once" else "session" if option.act == "session" else "deny"
        return self._answered(Answer(choice, message=rest.strip(), command=self._command))

    def _answered(self, answer: Answer) -> Step:
        return Step((Decide(self._request.id, answer),), over=True)


def _about(request: Request) -> list[str]:
    match request.detail:
        case CommandDetail(command=command, background=background) as detail:
            kind = "A command wants to run in the background:" if background else "A command wants to run:"
            known = (f"{fact.label}: {fact.text}" if fact.label else fact.text for fact in facts_of(detail))
            return [kind, *_foreign(command, "$"), *(line for fact in known for line in whole(fact))]
        case ToolDetail(name=name, arguments=arguments):
            return [f"{one_line(name)} wants to run:", *_foreign(arguments, ">")]
        case RepetitionDetail(name=name, arguments=arguments, times=times):
            return [f"{one_line(name)} gave the same result {times} times:", *_foreign(arguments, ">")]
        case ReviewDetail(files=files, hunks=hunks):
            return [f"A change of {counted(files, 'file')} with {counted(hunks, 'hunk')}:"]
        case PlanDetail(path=path):
            return [f"A plan, kept in {show_controls(path)}:"]


def _numbered(options: Iterable[Option]) -> list[str]:
    said = []
    for option in options:
        keys = "n and a sentence" if option.act == "reason" else " or ".join(KEYS.get(option.act, ()))
        said.append(f"  {keys}: {option.label}")
    return said
