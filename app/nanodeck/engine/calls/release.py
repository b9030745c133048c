"""Running a call within its walls; what these keep it from it may do outside, if the person says so."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.events import ToolOutcome
from nanodeck.contracts.requests import Answer, Request
from nanodeck.contracts.rules import Why
from nanodeck.engine.calls.attempts import attempt
from nanodeck.engine.calls.describing import UNCONFINED, describe_command
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.engine.permissions.reaching import Asker
from nanodeck.engine.plans import Plans
from nanodeck.engine.session import Session
from nanodeck.engine.undo.checkpoints import Checkpoints
from nanodeck.shell.walls import OPEN
from nanodeck.tools.registry import ToolOutput

Ran = tuple[ToolOutput, ToolOutcome]


class Release:
    """Runs the calls of the agent called `agent`."""

    def __init__(self, session: Session, plans: Plans, checkpoints: Checkpoints, agent: str) -> None:
        self._session = session
        self._plans = plans
        self._checkpoints = checkpoints
        self._agent = agent
        self._released: set[tuple[str, str]] = set()

    async def run(self, call: ReadyCall) -> Ran:
        """Run `call`: a command that was denied something once more where the person lets it."""
        folder = self._session.shell.folder
        if (str(folder), call.command) in self._released:
            return await self._attempt(call, folder, outside=True)
        ran = await self._attempt(call, folder)
        if self._session.setup.asks and (denied := ran[0].walled):
            ran = await (self._reach if denied.host else self._let_out)(call, folder, denied.what, ran)
        return ran

    async def _reach(self, call: ReadyCall, folder: Path, host: str, ran: Ran) -> Ran:
        """Once more with a way to `host`, if the person lets it."""
        asker = Asker(self._agent, call.id, call.command, str(folder))
        async with self._checkpoints.between_runs(call.id):
            reachable = await self._session.confining.hosts.may(asker, host)
        if not reachable:
            return _noted(ran, after=f"(the user did not let it reach {host})")
        ran = await self._attempt(call, folder)
        if denied := ran[0].walled:
            return await self._let_out(call, folder, denied.what, ran)
        note = f"(the sandbox has no network; the user let the command reach {host}, and it ran again)"
        return _noted(ran, before=note)

    async def _let_out(self, call: ReadyCall, folder: Path, denied: str, ran: Ran) -> Ran:
        """Once more outside, if the person lets it."""
        async with self._checkpoints.between_runs(call.id):
            answer = await self._ask(call, folder, denied)
        if answer.choice == "deny":
            said = f": {answer.message}" if answer.message else ""
            return _noted(ran, after=f"(the user did not let it run outside the sandbox{said})")
        if answer.choice == "session":
            self._released.add((str(folder), call.command))
        note = f"(the sandbox denied {denied}; the user let the command run again outside of it)"
        return _noted(await self._attempt(call, folder, outside=True), before=note)

    async def _attempt(self, call: ReadyCall, folder: Path, *, outside: bool = False) -> Ran:
        # A cd of the time before is not to add up.
        self._session.shell.move(folder)
        asker = Asker(self._agent, call.id, call.command, str(folder))
        walls = OPEN if outside else self._session.confining.around(asker)
        context = self._session.context(call.id, self._agent, self._plans, walls=walls)
        ran = await attempt(self._session, call, context)
        if outside or not call.command:
            self._session.confining.accept()
        return ran

    async def _ask(self, call: ReadyCall, folder: Path, denied: str) -> Answer:
        session = self._session
        detail = await describe_command(session, call.command, folder, background=False)
        detail = replace(detail, sandbox=UNCONFINED, denied=denied)
        why = Why("ask", f"the sandbox denied {denied}: it would run again outside", "sandbox.denied")
        return await session.requests.ask(
            Request(session.next_id("request"), self._agent, call.id, detail, why)
        )


def _noted(ran: Ran, *, before: str = "", after: str = "") -> Ran:
    """What came of a call, with a line of ours."""
    output, outcome = ran
    text = "\n".join(part for part in (before, output.text, after) if part)
    return replace(output, text=text), outcome
