"""Deciding on a tool call: what is known about it, the verdict, and the person where it asks."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.contracts.events import Noticed
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer, Request, ToolDetail
from nanodeck.contracts.rules import Rule, Why
from nanodeck.core.permissions import CallFacts, Ground, decide, uncovered
from nanodeck.core.suggesting import suggest
from nanodeck.engine.calls.describing import describe_command
from nanodeck.engine.calls.facts import facts_of
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.engine.plans import Plans
from nanodeck.engine.session import Session


class Permit(Struct, frozen=True):
    """What may be done about a call: `call` as it runs, or `refusal`, what the model is told instead.

    `note` stands before its result; `denied`: it was the person who refused.
    """

    call: ReadyCall
    why: Why
    refusal: str = ""
    note: str = ""
    denied: bool = False


class Decider:
    """Decides on the calls of the agent called `agent`."""

    def __init__(self, session: Session, plans: Plans, agent: str) -> None:
        self._session = session
        self._plans = plans
        self._agent = agent

    def facts(self, call: ReadyCall) -> CallFacts:
        """What is known about `call` as of now."""
        session = self._session
        return facts_of(call, session.workspace, session.shell.folder, self._plans.path)

    def decide(self, facts: CallFacts, *, confined: bool = False) -> Why:
        """The verdict as of now; `confined`: a sandbox would hold the command."""
        session = self._session
        ground = Ground(session.rules.ruleset, session.grants, confined, session.setup.runs_what_lies_here)
        return decide(session.state.mode, facts, ground)

    async def permit(self, call: ReadyCall) -> Permit:
        """Whether `call` may run, after the person was asked where it asks."""
        why, note = await self._decided(call), ""
        if why.verdict == "ask":
            answer = await self._ask(call, why)
            if answer.choice == "deny":
                return Permit(call, why, denial(answer.message), denied=True)
            if call.command and answer.command and answer.command != call.command:
                call = call.with_command(answer.command)
                note = f"(the user changed the command to: {answer.command})"
            # The mode may have changed while the person thought it over.
            now = await self._decided(call)
            if now.verdict == "deny":
                why = now
            else:
                await self._keep(call, answer)
        refusal = f"refused: {why.reason}" if why.verdict == "deny" else ""
        return Permit(call, why, refusal, note)

    async def _decided(self, call: ReadyCall) -> Why:
        """The verdict on a call that runs by itself; in auto-accept the sandbox counts, as it was tried."""
        facts, confined = self.facts(call), False
        if facts.judgement and self._session.state.mode is Mode.AUTO_ACCEPT:
            confined = (await self._session.confining.state()).in_force > 0
        return self.decide(facts, confined=confined)

    async def _keep(self, call: ReadyCall, answer: Answer) -> None:
        """Remember an answer that is about more than this call, which runs also where that fails."""
        session = self._session
        if answer.choice == "session" and not answer.rule:
            session.grant(self.facts(call).grant)
        if answer.choice not in ("session", "project", "user"):
            return
        for text in answer.rule.splitlines():
            try:
                await session.rules.add(Rule("allow", text.strip(), scope=answer.choice))
            except NanodeckError as error:
                session.publish(self._agent, Noticed("error", error.message, error.advice))

    async def _ask(self, call: ReadyCall, why: Why) -> Answer:
        session, background = self._session, bool(getattr(call.arguments, "background", False))
        request = Request(
            session.next_id("request"),
            self._agent,
            call.id,
            await describe_command(session, call.command, session.shell.folder, background)
            if call.command
            else ToolDetail(call.tool.name, await self._shown(call)),
            why,
            self._suggestion(call, why),
        )
        return await session.requests.ask(request)

    def _suggestion(self, call: ReadyCall, why: Why) -> str:
        """The allow rules that would have let a command run; none where something else made it ask."""
        facts, session = self.facts(call), self._session
        judged = facts.judgement and why.rule in {part.rule for part in facts.judgement.parts}
        return suggest(uncovered(session.state.mode, facts, session.rules.ruleset)) if judged else ""

    async def _shown(self, call: ReadyCall) -> str:
        """What the person reads of a call that is no shell command."""
        if call.tool.shown is None:
            return call.readable_arguments
        try:
            context = self._session.context(call.id, self._agent, self._plans)
            return await call.tool.shown(call.arguments, context)
        except ToolError as error:
            return f"{call.readable_arguments}\n\n{error.message}"


def denial(message: str) -> str:
    """What the model reads when a person says no."""
    return f"denied by the user: {message}" if message else "denied by the user"
