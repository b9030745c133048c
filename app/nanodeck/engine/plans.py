"""Plan mode: the model is told what it means, writes its plan, and a person decides on it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import PlanDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.core.planning import last_plan
from nanodeck.core.prompt import mode_after_plan, plan_mode
from nanodeck.core.review import Review
from nanodeck.core.review.plan import PLAN_FILE, normal, plan_report, plan_text, propose_plan, proposed_again
from nanodeck.core.review.steps import Steps
from nanodeck.engine.review.reviews import Reviews
from nanodeck.engine.session import Session
from nanodeck.store.private import write_private
from nanodeck.tools.context import PlanAnswer
from nanodeck.workspace.encoding import decode_file
from nanodeck.workspace.writing.atomic import read_file

UNASKED = (Mode.AUTO_ACCEPT, Mode.YOLO)
"""Modes in which the person lets everything through: a plan has to wait for nobody."""


class Plans:
    """The plan of a session, kept in the session's own folder: planning leaves no trace in the project."""

    def __init__(self, session: Session, reviews: Reviews) -> None:
        self.path = Path(os.path.realpath(session.folder / PLAN_FILE))
        self._session = session
        self._reviews = reviews
        self._told = False
        self.recall()

    def recall(self) -> None:
        """Take the conversation as it is now for what the model knows of the mode."""
        self._told = self._session.state.agent(MAIN_AGENT).planning

    def news(self) -> str:
        """What the model has to be told of the mode before its next call; empty when it knows."""
        mode = self._session.state.mode
        if (mode is Mode.PLAN) == self._told:
            return ""
        self._told = mode is Mode.PLAN
        return f"[{plan_mode(str(self.path)) if self._told else mode_after_plan(mode.value)}]"

    async def take(self, agent: str, call: str, text: str) -> PlanAnswer:
        """Have a person decide on the plan `text`; without one go into plan mode. Raises ToolError.

        In plan mode already, the plan is what its file holds.
        """
        mode, plan = self._session.state.mode, normal(text) if text.strip() else ""
        if plan:
            await self._keep(plan)
        if mode in UNASKED:
            return PlanAnswer(f"The mode is {mode.value}: nobody has to approve a plan, go on.", mode.value)
        if not plan and mode is Mode.PLAN:
            plan = await self._written()
        return await self._hand_in(agent, call, plan) if plan else self._enter(agent)

    def _enter(self, agent: str) -> PlanAnswer:
        if self._session.state.mode is not Mode.PLAN:
            self._session.publish(agent, ev.ModeSwitched(Mode.PLAN))
        self._told = True
        return PlanAnswer(plan_mode(str(self.path)), "on")

    async def _hand_in(self, agent: str, call: str, text: str) -> PlanAnswer:
        session, review = self._session, self._proposed(agent, call, text)
        detail = PlanDetail(review.changeset.id, str(self.path))
        why = Why("ask", "a plan is handed in", "plan")
        request = Request(session.next_id("request"), agent, call, detail, why)
        answer, steps = await self._reviews.ask(Steps(review), request)
        review = self._reviews.commented(steps.review)
        kept = plan_text(review.changeset, review.marks)
        if kept != text:
            await self._keep(kept)
        approved, mode = answer.choice != "deny", session.state.mode
        if approved:
            mode = answer.mode or (Mode.NORMAL if mode is Mode.PLAN else mode)
            if mode is not session.state.mode:
                session.publish(agent, ev.ModeSwitched(mode))
            self._told = mode is Mode.PLAN
        if review.comments:
            session.publish(agent, ev.CommentsSent(tuple(comment.id for comment in review.comments)))
        report = plan_report(review, answer, mode, str(self.path))
        return PlanAnswer(report, "approved" if approved else "sent back", refused=not approved)

    def _proposed(self, agent: str, call: str, text: str) -> Review:
        """The plan as a review; one that was stopped is taken up as the person left it."""
        session, last = self._session, last_plan(self._session.state)
        if last and last.state == "refused" and plan_text(last.changeset) == text:
            session.publish(agent, ev.HunksMarked(last.changeset.id, last.marks))
            return proposed_again(last.changeset, last.marks)
        before = plan_text(last.changeset, last.marks) if last and last.state == "returned" else text
        review = propose_plan(session.next_id("plan"), call, before, text)
        session.publish(agent, ev.ChangesetProposed(review.changeset))
        return review

    async def _written(self) -> str:
        """The plan that was written to its file since the last one was approved; empty for none."""
        data = await asyncio.to_thread(read_file, self.path, PLAN_FILE)
        text = normal(decode_file(data, PLAN_FILE).text) if data and data.strip() else ""
        last = last_plan(self._session.state)
        known = (
            last is not None and last.state == "approved" and plan_text(last.changeset, last.marks) == text
        )
        return "" if known else text

    async def _keep(self, text: str) -> None:
        """Write the plan to its file. Raises ToolError."""
        data = text.encode()
        try:
            await asyncio.to_thread(write_private, self.path, data)
        except OSError as error:
            raise ToolError(f"the plan cannot be kept in {self.path}: {error.strerror}") from None
        self._session.answers.forget()
        self._session.ledger.saw(self.path, data)
