"""Running the tool calls of a reply: checked, decided on, run, answered, in the order of the calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from nanodeck.contracts.events import FolderChanged, ToolEnded, ToolPrepared, ToolStarted
from nanodeck.contracts.messages import AssistantMessage, CallPart, Finish
from nanodeck.contracts.requests import RepetitionDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.core.batches import batches
from nanodeck.core.repetition import LIMIT, RepetitionGuard
from nanodeck.engine.calls.deciding import Decider, Permit
from nanodeck.engine.calls.prepared import PreparedCall, ReadyCall, WrongCall, prepare
from nanodeck.engine.calls.release import Release
from nanodeck.engine.calls.results import Results
from nanodeck.engine.plans import Plans
from nanodeck.engine.review.changesets import Changesets
from nanodeck.engine.review.edits import EditRunner
from nanodeck.engine.review.pending import Pending
from nanodeck.engine.session import Session
from nanodeck.tools.registry import Effect

PARALLEL_READS = 8
NOT_RUN = "not run: your reply was cut before its end (length limit or filter); send shorter calls"
_CUT: tuple[Finish, ...] = ("length", "filter")


class CallRunner:
    """Runs the calls of the agent called `agent`.

    `answered` takes each result, `steer` a person's words on a repetition.
    """

    def __init__(
        self,
        session: Session,
        changesets: Changesets,
        plans: Plans,
        agent: str,
        *,
        answered: Callable[[ToolEnded], None],
        steer: Callable[[str], None],
    ) -> None:
        self._session = session
        self._checkpoints = changesets.checkpoints
        self._agent = agent
        self._steer = steer
        self._repetition = RepetitionGuard()
        self._results = Results(session, answered)
        self._release = Release(session, plans, changesets.checkpoints, agent)
        self._decider = Decider(session, plans, agent)
        self._edits = EditRunner(session, changesets, plans, agent, self._decider, self._results)

    def person_spoke(self) -> None:
        """A person said something: repeated calls are counted afresh."""
        self._repetition.reset()

    async def run(self, reply: AssistantMessage, pending: Pending | None = None) -> str:
        """Run the calls of `reply`, a result for each; why the person stops the turn, if they do.

        With `pending` go on where another process stopped: with that review, then with the calls after it.
        """
        session = self._session
        names = tuple(tool.name for tool in session.tools)
        if reply.finish in _CUT:
            # What came whole may still lack what was to follow.
            prepared: list[PreparedCall] = [WrongCall(call.id, call.name, NOT_RUN) for call in reply.calls]
        else:
            prepared = [prepare(call, session.offers, names) for call in reply.calls]
        self._results.begin(prepared)
        if pending is None:
            for call in prepared:
                if isinstance(call, ReadyCall):
                    session.publish(self._agent, ToolPrepared(call.id, call.tool.name, call.title))
        else:
            prepared = await self._edits.take_up(prepared, pending)
        for kind, batch in batches(prepared, lambda call: call.batch):
            if kind == "edit":
                await self._edits.run([call for call in batch if isinstance(call, ReadyCall)])
            elif kind == "read":
                await self._run_reads(batch)
            else:
                for call in batch:
                    await self._run_one(call)
        return "a call was denied" if self._results.stop else await self._check_repetition(reply.calls)

    async def _run_reads(self, batch: Sequence[PreparedCall]) -> None:
        if len(batch) == 1:
            await self._run_one(batch[0])
            return
        slots = asyncio.Semaphore(PARALLEL_READS)

        async def run(call: PreparedCall) -> None:
            async with slots:
                await self._run_one(call)

        async with asyncio.TaskGroup() as group:
            for call in batch:
                group.create_task(run(call))

    async def _run_one(self, call: PreparedCall) -> None:
        if isinstance(call, WrongCall):
            self._results.wrong(call)
        elif self._results.stop:
            self._results.pass_by(call)
        else:
            permit = await self._decider.permit(call)
            self._results.denied |= permit.denied
            if permit.refusal:
                self._results.refuse(permit.call, permit.refusal, permit.why)
            else:
                await self._execute(permit)

    async def _execute(self, permit: Permit) -> None:
        session, call, started = self._session, permit.call, monotonic()
        session.publish(self._agent, ToolStarted(call.id, call.tool.name, call.title, permit.why))
        executes = call.effect is Effect.EXECUTE
        if executes:
            await session.synced()
        folder = session.shell.folder
        if executes:
            async with self._checkpoints.command(self._agent, call):
                with session.command():
                    ran = await self._release.run(call)
        else:
            ran = await self._release.run(call)
        if session.shell.folder != folder:
            session.publish(self._agent, FolderChanged(str(session.shell.folder)))
        self._results.ran(call, ran.noted(before=permit.note), permit.why, monotonic() - started)

    async def _check_repetition(self, calls: tuple[CallPart, ...]) -> str:
        for call in calls:
            times = self._repetition.saw(call.name, call.arguments, self._results.text(call.id))
            if times < LIMIT:
                continue
            request = Request(
                self._session.next_id("request"),
                self._agent,
                call.id,
                RepetitionDetail(call.name, call.arguments, times),
                Why("ask", f"the same call gave the same result {times} times", "repetition"),
            )
            answer = await self._session.requests.ask(request)
            self._repetition.reset()
            if answer.choice == "deny":
                if not answer.message:
                    return "a call was repeated"
                self._steer(answer.message)
        return ""

    def close(self, call_id: str, name: str, why: str) -> None:
        """Answer a call that the end of the turn left open."""
        self._results.close(call_id, name, why)
