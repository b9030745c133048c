"""What waits for a person, asked in lines and answered with a number, a letter or a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from nanodeck.contracts.choices import EDITED, RULE, Act, Option, options_of
from nanodeck.contracts.commands import Command, Decide
from nanodeck.contracts.explaining import Fact, facts_of
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.reasons import asks_because, rule_facts, trust_facts
from nanodeck.contracts.requests import (
    Answer,
    Choice,
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    ToolDetail,
    TrustDetail,
)
from nanodeck.contracts.rules import RuleTrial
from nanodeck.contracts.text import counted, one_line, show_controls

KEYS: dict[Act, tuple[str, ...]] = {
    "once": ("1", "y"),
    "session": ("2", "s"),
    "always": ("3", "a"),
    "project": ("p",),
    "user": ("u",),
    "deny": ("4", "n"),
    "edit": ("5", "e"),
}
_RULED = "This rule would allow it from now on; an empty line goes back:"
NO_CHOICE = "That is none of the choices; an empty line says them again."


class Step(NamedTuple):
    """What an answer led to: commands for the engine, and whether the question is done with.

    `asks`: the question is asked again at once; else it waits for the engine, or for a better answer.
    `query` is what the engine has to say first: its answer goes to the question's `learn`.
    """

    commands: tuple[Command, ...] = ()
    over: bool = False
    said: str = ""
    asks: bool = True
    query: TryRule | None = None


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
        self._command = self._rule = ""
        self._trial: RuleTrial | None = None
        self._writing = False

    @property
    def verbatim(self) -> bool:
        """A command or a rule is being written."""
        return self._writing

    def lines(self) -> list[str]:
        """The request whole, then the choices."""
        if self._writing and self._rule:
            return ["Write the allow rule, with * for anything; an empty line keeps the one there is."]
        if self._writing:
            return ["Write the command that runs instead; an empty line goes back."]
        if self._rule:
            known = (said(fact) for fact in rule_facts(self._rule, self._trial))
            return [_RULED, *known, *_numbered(self._options)]
        if self._command:
            return ["This would run instead:", *_foreign(self._command, "$"), *_numbered(EDITED)]
        request = self._request
        who, why = one_line(request.asker), one_line(asks_because(request), 500)
        asked = [*_about(request), f"  asked by {who}: {why}" if why else f"  asked by {who}"]
        return [*asked, *_numbered(options_of(request))]

    @property
    def _options(self) -> tuple[Option, ...]:
        if self._rule:
            return RULE if self._trial and not self._trial.problem else RULE[-1:]
        return EDITED if self._command else options_of(self._request)

    def learn(self, rule: str, trial: RuleTrial) -> None:
        """This is known about a rule."""
        if rule == self._rule:
            self._trial = trial

    def take(self, line: str) -> Step:
        """A choice, or what is being written."""
        if self._writing:
            return self._written(line.strip())
        word, _, rest = line.strip().partition(" ")
        if self._rule and not word:
            self._rule = ""
            return Step()
        option = next((one for one in self._options if word.lower() in KEYS.get(one.act, ())), None)
        if option is None:
            return no_choice(word)
        if option.act == "edit":
            self._writing = True
            return Step()
        if option.act == "always":
            return self._ruled(self._request.suggestion)
        if rest.strip() and option.act != "deny":
            return refused("Only n takes a sentence; choose again.")
        return self._answered(
            Answer(_CHOICES[option.act], message=rest.strip(), command=self._command, rule=self._rule)
        )

    def _written(self, text: str) -> Step:
        self._writing = False
        if self._rule:
            return self._ruled(text or self._rule)
        self._command = text or self._command
        return Step()

    def _ruled(self, rule: str) -> Step:
        """Ask about a rule once it is known what it means."""
        self._rule, self._trial = rule, None
        return Step(asks=False, query=TryRule(rule, self._request.id))

    def _answered(self, answer: Answer) -> Step:
        return Step((Decide(self._request.id, answer),), over=True)


_CHOICES: dict[Act, Choice] = {
    "once": "once",
    "session": "session",
    "project": "project",
    "user": "user",
    "deny": "deny",
}


def said(fact: Fact) -> str:
    """A line about a command or a rule, nothing hidden in it."""
    return f"  {fact.label}: {show_controls(fact.words)}" if fact.label else f"  {show_controls(fact.words)}"


def _about(request: Request) -> list[str]:
    match request.detail:
        case CommandDetail(command=command, background=background) as detail:
            kind = "A command wants to run in the background:" if background else "A command wants to run:"
            if detail.denied:
                kind = "A command wants to run again, outside the sandbox:"
            known = (f"{fact.label}: {fact.words}" if fact.label else fact.words for fact in facts_of(detail))
            return [kind, *_foreign(command, "$"), *(line for fact in known for line in whole(fact))]
        case NetworkDetail(host=host, command=command, folder=folder):
            return [
                f"A command wants to reach {one_line(host)}:",
                *_foreign(command, "$"),
                *whole(f"folder: {folder}"),
            ]
        case ToolDetail(name=name, arguments=arguments):
            return [f"{one_line(name)} wants to run:", *_foreign(arguments, ">")]
        case RepetitionDetail(name=name, arguments=arguments, times=times):
            return [f"{one_line(name)} gave the same result {times} times:", *_foreign(arguments, ">")]
        case ReviewDetail(files=files, hunks=hunks):
            return [f"A change of {counted(files, 'file')} with {counted(hunks, 'hunk')}:"]
        case TrustDetail() as detail:
            steering = _foreign(detail.text, ">") if detail.files else []
            return [detail.question, *steering, *map(said, trust_facts(detail)[1:])]
        case PlanDetail(path=path):
            return [f"A plan, kept in {show_controls(path)}:"]


def _numbered(options: Iterable[Option]) -> list[str]:
    said = []
    for option in options:
        keys = "n and a sentence" if option.act == "reason" else " or ".join(KEYS.get(option.act, ()))
        said.append(f"  {keys}: {option.label}")
    return said
