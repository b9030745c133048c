"""Running a call within its walls; what these keep it from it may do outside, if the person says so."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import ToolOutcome
from nanodeck.contracts.requests import Request
from nanodeck.contracts.rules import Why
from nanodeck.engine.calls.attempts import attempt
from nanodeck.engine.calls.describing import UNCONFINED, describe_command
from nanodeck.engine.calls.facts import facts_of
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.engine.permissions.reaching import Asker
from nanodeck.engine.plans import Plans
from nanodeck.engine.session import Session
from nanodeck.engine.undo.checkpoints import Checkpoints
from nanodeck.shell.walls import OPEN, Denied, Walls
from nanodeck.tools.registry import ToolOutput

ALONE = "(its network is its own: nothing else reaches what it serves, unless the user says /sandbox network)"
OUTSIDE = "none: it ran outside, as the person let it"


class Ran(NamedTuple):
    """What came of a call, and what held its command back; empty where it runs none."""

    output: ToolOutput
    outcome: ToolOutcome
    sandbox: str = ""

    def noted(self, *, before: str = "", after: str = "") -> Ran:
        """The same with a line of ours."""
        text = "\n".join(part for part in (before, self.output.text, after) if part)
        return self._replace(output=replace(self.output, text=text))


class _Again(NamedTuple):
    """Whether a command runs again, within which walls, and what the model is told of that."""

    note: str
    walls: Walls | None = None


class Release:
    """Runs the calls of the agent called `agent`."""

    def __init__(self, session: Session, plans: Plans, checkpoints: Checkpoints, agent: str) -> None:
        self._session = session
        self._plans = plans
        self._checkpoints = checkpoints
        self._agent = agent
        self._released: set[str] = set()

    async def run(self, call: ReadyCall) -> Ran:
        """Run `call`: a command that was denied something once more where the person lets it."""
        session, folder, jobs = self._session, self._session.shell.folder, len(self._session.state.jobs)
        released = bool(call.command) and self._grant(call, folder) in self._released
        ran = await self._attempt(call, folder, OPEN if released else self._walls(call, folder))
        for job in session.state.jobs[jobs:] if not released else ():
            if session.setup.asks:
                self._checkpoints.start_beside(self._follow(call, folder, job.id))
            if session.confining.alone:
                ran = ran.noted(after=ALONE)
        reached = False
        while session.setup.asks and (denied := ran.output.walled) and denied.asks:
            again = await self._again(call, folder, denied, reached=reached)
            if again.walls is None:
                return ran.noted(after=again.note)
            ran = (await self._attempt(call, folder, again.walls)).noted(before=again.note)
            reached = True
        return ran

    async def _follow(self, call: ReadyCall, folder: Path, job: str) -> None:
        """Once a job has ended that was denied something, start it once more where the person lets it."""
        jobs, reached = self._session.jobs, False
        while (denied := await jobs.denied(job)) and denied.asks:
            again = await self._again(call, folder, denied, reached=reached)
            if again.walls is None:
                jobs.say(f"{job}: {again.note}")
                return
            # What it changes is found out like that of a call of its own.
            try:
                async with self._checkpoints.command(self._agent, replace(call, id=f"{call.id} {job}")):
                    job = await jobs.restart(job, again.walls, again.note)
            except ToolError as error:
                jobs.say(f"{job}: {error.message}")
                return
            reached = True

    async def _again(self, call: ReadyCall, folder: Path, denied: Denied, *, reached: bool) -> _Again:
        """Ask for what a command was denied: a host, or else all that is outside."""
        async with self._checkpoints.between_runs(call.id):
            if denied.host and not reached:
                return await self._reach(call, folder, denied.what)
            return await self._let_out(call, folder, denied.what)

    async def _reach(self, call: ReadyCall, folder: Path, host: str) -> _Again:
        asker = self._asker(call, folder)
        hosts = self._session.confining.hosts
        if not await hosts.may(asker, host):
            return _Again(f"(the user did not let it reach {host}{_said(hosts.said(call.id, host))})")
        note = f"(the sandbox has no network; the user let the command reach {host}, and it ran again)"
        return _Again(note, self._walls(call, folder))

    async def _let_out(self, call: ReadyCall, folder: Path, denied: str) -> _Again:
        session, background = self._session, bool(getattr(call.arguments, "background", False))
        detail = await describe_command(session, call.command, folder, background)
        detail = replace(detail, sandbox=UNCONFINED, denied=denied)
        why = Why("ask", f"the sandbox denied {denied}: it would run again outside", "sandbox.denied")
        request = Request(session.next_id("request"), self._agent, call.id, detail, why)
        answer = await session.requests.ask(request)
        if answer.choice == "deny":
            return _Again(f"(the user did not let it run outside the sandbox{_said(answer.message)})")
        if answer.choice == "session":
            self._released.add(self._grant(call, folder))
        note = f"(the sandbox denied {denied}; the user let the command run again outside of it)"
        return _Again(note, OPEN)

    async def _attempt(self, call: ReadyCall, folder: Path, walls: Walls) -> Ran:
        session, outside = self._session, walls is OPEN
        # A cd of the time before is not to add up.
        session.shell.move(folder)
        sandbox = await self._held(walls) if call.command else ""
        context = session.context(call.id, self._agent, self._plans, walls=walls)
        output, outcome = await attempt(session, call, context)
        if outside or not call.command:
            session.confining.accept()
        if outside:
            output = replace(output, summary=f"{output.summary}, outside the sandbox")
        return Ran(output, outcome, sandbox)

    async def _held(self, walls: Walls) -> str:
        """What holds a command back, in words."""
        return OUTSIDE if walls is OPEN else (await self._session.confining.state()).words

    def _grant(self, call: ReadyCall, folder: Path) -> str:
        """What an answer for the session is about."""
        return facts_of(call, self._session.workspace, folder, self._plans.path).grant

    def _walls(self, call: ReadyCall, folder: Path) -> Walls:
        return self._session.confining.around(self._asker(call, folder))

    def _asker(self, call: ReadyCall, folder: Path) -> Asker:
        return Asker(self._agent, call.id, call.command, str(folder))


def _said(message: str) -> str:
    return f": {message}" if message else ""
