"""Running a call within its walls; what these keep it from it may do outside, if the person says so."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.events import ToolOutcome
from nanodeck.contracts.requests import Answer, Request
from nanodeck.contracts.rules import Why
from nanodeck.engine.attempts import attempt
from nanodeck.engine.describing import UNCONFINED, describe_command
from nanodeck.engine.plans import Plans
from nanodeck.engine.prepared import ReadyCall
from nanodeck.engine.session import Session
from nanodeck.shell.walls import OPEN
from nanodeck.tools.registry import ToolOutput


class Release:
    """Runs the calls of the agent called `agent`."""

    def __init__(self, session: Session, plans: Plans, agent: str) -> None:
        self._session = session
        self._plans = plans
        self._agent = agent
        self._released: set[tuple[str, str]] = set()

    async def run(self, call: ReadyCall) -> tuple[ToolOutput, ToolOutcome]:
        """Run `call`: a command that was denied something once more outside, where the person lets it."""
        session, folder = self._session, self._session.shell.folder
        command = (str(folder), call.command)
        if command in self._released:
            return await self._attempt(call, outside=True)
        output, outcome = await self._attempt(call, outside=False)
        if not output.walled or not session.setup.asks:
            return output, outcome
        answer = await self._ask(call, folder, output.walled)
        if answer.choice == "deny":
            said = f": {answer.message}" if answer.message else ""
            text = f"{output.text}\n(the user did not let it run outside the sandbox{said})"
            return replace(output, text=text), outcome
        if answer.choice == "session":
            self._released.add(command)
        # A cd of the first time is not to add up.
        session.shell.move(folder)
        note = f"(the sandbox denied {output.walled}; the user let the command run again outside of it)\n"
        output, outcome = await self._attempt(call, outside=True)
        return replace(output, text=note + output.text), outcome

    async def _attempt(self, call: ReadyCall, *, outside: bool) -> tuple[ToolOutput, ToolOutcome]:
        walls = OPEN if outside else None
        context = self._session.context(call.id, self._agent, self._plans, walls=walls)
        return await attempt(self._session, call, context)

    async def _ask(self, call: ReadyCall, folder: Path, denied: str) -> Answer:
        session = self._session
        detail = await describe_command(session, call.command, folder, background=False)
        detail = replace(detail, sandbox=UNCONFINED, denied=denied)
        why = Why("ask", f"the sandbox denied {denied}: it would run again outside", "sandbox.denied")
        return await session.requests.ask(
            Request(session.next_id("request"), self._agent, call.id, detail, why)
        )
