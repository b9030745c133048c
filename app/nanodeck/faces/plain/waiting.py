"""What waits for a person: asked one after the other, and never answered by what was typed before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from nanodeck.contracts.commands import Command
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.events import Event
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.requests import PlanDetail, Request, ReviewDetail
from nanodeck.contracts.rules import RuleTrial
from nanodeck.contracts.text import counted
from nanodeck.contracts.views import ReviewView, SessionView
from nanodeck.faces.plain.planning import Plan
from nanodeck.faces.plain.questions import Approval, Question
from nanodeck.faces.plain.review import Review

TOO_EARLY = "That was typed before the question and decides nothing; answer it now."
TOO_LATE = "That question is gone; nothing was decided."
PASSED = "Going on without an answer: /trust asks again."
SHORT = 2
"""Characters of a line that is nothing but a choice."""


class Mouth(Protocol):
    """Where questions are said and what is decided goes."""

    def say(self, *lines: str) -> None:
        """Say lines."""
        ...

    def send(self, command: Command) -> None:
        """Ask the engine for something."""
        ...

    def look_up(self, query: TryRule, told: Callable[[RuleTrial], None]) -> None:
        """Have the engine answer, and hand its answer on."""
        ...


class Waiting:
    """The open requests; the first is being asked, and not answered before `seconds` have gone by."""

    def __init__(self, mouth: Mouth, seconds: float, now: Callable[[], float]) -> None:
        self._mouth = mouth
        self._seconds = seconds
        self._now = now
        self._questions: dict[str, Question] = {}
        self._answered: set[str] = set()
        self._beside: set[str] = set()
        self._passed: set[str] = set()
        self._asked = 0
        self._asked_at = 0.0

    def __bool__(self) -> bool:
        """Whether something waits for an answer."""
        return bool(self._questions.keys() - self._answered - self._beside)

    @property
    def first(self) -> Question | None:
        """The question that a line answers: one that something waits for before others."""
        names = [name for name in self._questions if name not in self._answered | self._passed]
        return self._questions[min(names, key=lambda name: name in self._beside)] if names else None

    @property
    def stamp(self) -> int:
        """What a line that is typed now could answer; 0 for nothing."""
        read = self._now() - self._asked_at >= self._seconds
        return self._asked if self.first is not None and read else 0

    # What the engine says.

    def begin(self, state: SessionView) -> None:
        """Only what waits in `state` is open."""
        self._questions, self._answered, self._passed = {}, set(), set()
        for request in state.requests:
            self.open(request, state)

    def open(self, request: Request, state: SessionView) -> bool:
        """A request has come. True when it can be asked at once."""
        question: Question = Approval(request)
        detail = request.detail
        if isinstance(detail, ReviewDetail | PlanDetail):
            view = _view_of(state, detail.changeset)
            if view is None:
                return False
            question = Review(request.id, view, state.comments)
            if isinstance(detail, PlanDetail):
                question = Plan(request.id, detail.path, view)
        self._questions[request.id] = question
        if request.beside:
            self._beside.add(request.id)
        return question is self.first

    def close(self, request: str) -> bool:
        """A request is answered or withdrawn. True when it was still being asked."""
        known = self._questions.pop(request, None) is not None
        silent = request in self._answered | self._passed
        self._answered.discard(request)
        return known and not silent

    def renew(self, changeset: str, state: SessionView, event: Event) -> bool:
        """Something about a review has changed. True when it is the one being asked."""
        view = _view_of(state, changeset)
        for name, question in self._questions.items():
            if isinstance(question, Review | Plan) and question.changeset == changeset and view is not None:
                self._answered.discard(name)
                question.renew(view, event)
                return question is self.first
        return False

    def remarked(self, comments: Sequence[Comment]) -> None:
        """These comments are open now."""
        for question in self._questions.values():
            if isinstance(question, Review):
                question.remarked(comments)

    # The person.

    def ask(self) -> None:
        """Ask what waits first."""
        if (question := self.first) is not None:
            self._asked += 1
            self._asked_at = self._now()
            self._mouth.say(*question.lines())

    def say_more(self) -> None:
        """Say how many wait behind the first."""
        behind = len(self._questions.keys() - self._answered - self._passed) - 1
        self._mouth.say(f"{counted(behind, 'more question')} after this one.")

    def answer(self, text: str, stamp: int) -> bool:
        """Take a line as the answer to the first question; False where it was not meant for it."""
        question = self.first
        if question is None or (stamp != self._asked and not question.verbatim):
            if len(text.strip()) > SHORT or (question is None and not stamp):
                return False
            self._mouth.say(TOO_LATE if question is None else TOO_EARLY)
            return True
        if self._passes(question, text):
            return False
        step = question.take(text)
        if step.over:
            self._answered.update(name for name, one in self._questions.items() if one is question)
        if step.said:
            self._mouth.say(*step.said.split("\n"))
        for command in step.commands:
            self._mouth.send(command)
        if step.query is not None and isinstance(question, Approval):
            self._mouth.look_up(step.query, partial(self._learnt, question, step.query.rule))
        if step.over or step.asks:
            self.ask()
        return True

    def _passes(self, question: Question, text: str) -> bool:
        """Whether the person goes on without an answer that nothing waits for."""
        names = {name for name, one in self._questions.items() if one is question} & self._beside
        if not names or len(text.strip()) <= SHORT:
            return False
        self._passed |= names
        self._mouth.say(PASSED)
        return True

    def bring(self, request: str) -> None:
        """Ask this again, which the person passed over."""
        self._passed.discard(request)
        self.ask()

    def _learnt(self, question: Approval, rule: str, trial: RuleTrial) -> None:
        question.learn(rule, trial)
        if question is self.first:
            self.ask()


def _view_of(state: SessionView, changeset: str) -> ReviewView | None:
    return next((view for view in state.reviews if view.changeset.id == changeset), None)
