"""Running the tool calls of a reply: checked, decided on, run, answered, in the order of the calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import (
    ChangesetEnded,
    FolderChanged,
    ToolEnded,
    ToolOutcome,
    ToolPrepared,
    ToolStarted,
)
from nanodeck.contracts.messages import AssistantMessage, CallPart, Finish, ToolMessage
from nanodeck.contracts.requests import Answer, RepetitionDetail, Request, ToolDetail
from nanodeck.core.batches import batches
from nanodeck.core.caps import cap
from nanodeck.core.permissions import CallFacts, Verdict, decide, strictest
from nanodeck.core.repetition import LIMIT, RepetitionGuard
from nanodeck.engine.changesets import Changesets, Outcome
from nanodeck.engine.describing import describe_command
from nanodeck.engine.pending import Pending
from nanodeck.engine.plans import Plans
from nanodeck.engine.prepared import PreparedCall, ReadyCall, WrongCall, facts_of, prepare
from nanodeck.engine.proposals import Proposal, StagedEdit
from nanodeck.engine.session import Session
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput
from nanodeck.workspace.staging import StagedFile, Staging

RESULT_LIMIT = 60_000
PARALLEL_READS = 8
NOT_RUN = "not run: your reply was cut before its end (length limit or filter); send shorter calls"
NOT_REACHED = "not run: the user denied the call before it, and that stops the turn"
_CUT: tuple[Finish, ...] = ("length", "filter")

_log = logging.getLogger(__name__)


class _StagedCall(Struct, frozen=True):
    """An edit that is staged: what it touched, and what is known about it since."""

    call: ReadyCall
    output: ToolOutput
    paths: frozenset[str]
    facts: CallFacts
    rule: str


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
        self._changesets = changesets
        self._plans = plans
        self._agent = agent
        self._answered = answered
        self._steer = steer
        self._repetition = RepetitionGuard()
        self._titles: dict[str, str] = {}
        self._results: dict[str, str] = {}
        self._denied = False

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
        self._titles = {call.id: call.title for call in prepared if isinstance(call, ReadyCall)}
        self._results = {}
        self._denied = False
        if pending is None:
            for call in prepared:
                if isinstance(call, ReadyCall):
                    session.publish(self._agent, ToolPrepared(call.id, call.tool.name, call.title))
        else:
            prepared = await self._take_up(prepared, pending)
        for kind, batch in batches(prepared, lambda call: call.batch):
            if kind == "edit":
                await self._run_edits([call for call in batch if isinstance(call, ReadyCall)])
            elif kind == "read":
                await self._run_reads(batch)
            else:
                for call in batch:
                    await self._run_one(call)
        return "a call was denied" if self._stops else await self._check_repetition(reply.calls)

    @property
    def _stops(self) -> bool:
        """Whether nothing more of this reply runs."""
        return self._denied and self._session.setup.stop_on_denial

    async def _take_up(self, prepared: Sequence[PreparedCall], pending: Pending) -> list[PreparedCall]:
        """Ask again for a review that another process left open; the calls that come after it."""
        if pending.call:
            ids = [call.id for call in prepared]
            return list(prepared[ids.index(pending.call) if pending.call in ids else 0 :])
        edits = {edit.call: edit for edit in pending.edits}
        staged = [
            self._staged(call, ToolOutput(edit.text, edit.summary), pending.files, edit.paths)
            for call in prepared
            if isinstance(call, ReadyCall) and (edit := edits.get(call.id))
        ]
        last = max((place for place, call in enumerate(prepared) if call.id in edits), default=-1)
        later = list(prepared[last + 1 :])
        if len(staged) == len(edits):
            await self._settle(staged, pending.files, pending)
            return later
        # Other tools are offered by now: the calls begin anew.
        self._session.publish(self._agent, ChangesetEnded(pending.changeset, ()))
        return [call for call in prepared if call.id in edits] + later

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
            self._end(
                call.id, call.name, call.name, ToolOutput(call.problem, "wrong call", ok=False), "error"
            )
            return
        if self._stops:
            self._refuse(call, NOT_REACHED, "setting.stop_on_denial")
            return
        verdict = self._decided(self._facts(call))
        note = ""
        if verdict.decision == "ask":
            answer = await self._ask(call, verdict)
            if answer.choice == "deny":
                self._denied = True
                self._refuse(call, denial(answer.message), verdict.rule)
                return
            if call.command and answer.command and answer.command != call.command:
                call = call.with_command(answer.command)
                note = f"(the user changed the command to: {answer.command})\n"
            # The mode may have changed while the person thought it over.
            now = self._decided(self._facts(call))
            if now.decision == "deny":
                verdict = now
            elif answer.choice == "session":
                self._session.grant(self._facts(call).grant)
        if verdict.decision == "deny":
            self._refuse(call, f"refused: {verdict.reason}", verdict.rule)
            return
        await self._execute(call, verdict.rule, note)

    async def _execute(self, call: ReadyCall, rule: str, note: str) -> None:
        session, started = self._session, monotonic()
        session.publish(self._agent, ToolStarted(call.id, call.tool.name, call.title))
        executes = call.tool.effect is Effect.EXECUTE
        if executes:
            await session.synced()
        folder = session.shell.folder
        with session.command() if executes else nullcontext():
            output, outcome = await self._attempt(call, session.context(call.id, self._agent, self._plans))
        if session.shell.folder != folder:
            session.publish(self._agent, FolderChanged(str(session.shell.folder)))
        if note:
            output = ToolOutput(note + output.text, output.summary, output.ok)
        self._end(call.id, call.tool.name, call.title, output, outcome, rule, monotonic() - started)

    async def _attempt(self, call: ReadyCall, context: ToolContext) -> tuple[ToolOutput, ToolOutcome]:
        try:
            output = await self._session.answers.give(call.tool, call.arguments, context)
        except ToolError as error:
            return ToolOutput(error.message, "failed", ok=False), "error"
        except Exception as error:
            _log.exception("tool %s failed", call.tool.name)
            text = f"{call.tool.name} failed inside nanodeck: {type(error).__name__}: {error}"
            return ToolOutput(text, "failed", ok=False), "error"
        return output, "denied" if output.denied else "ok" if output.ok else "error"

    async def _run_edits(self, batch: list[ReadyCall]) -> None:
        staging = Staging(self._session.ledger)
        staged = [made for call in batch if (made := await self._stage(call, staging))]
        if staged:
            await self._settle(staged, staging.files)

    async def _settle(
        self, staged: Sequence[_StagedCall], files: Sequence[StagedFile], pending: Pending | None = None
    ) -> None:
        """Take staged edits through review and answer their calls."""
        proposal = Proposal(
            self._agent,
            tuple(
                StagedEdit(made.call.id, made.paths, made.output.text, made.output.summary) for made in staged
            ),
            files,
            lambda: strictest(self._decided(made.facts) for made in staged),
        )
        outcome = await self._changesets.run(proposal, pending)
        self._denied = self._denied or outcome.denied
        for made in staged:
            result, how = self._edit_result(made.paths, made.output, outcome)
            self._end(made.call.id, made.call.tool.name, made.call.title, result, how, made.rule)
        if outcome.stopped:
            raise asyncio.CancelledError

    async def _stage(self, call: ReadyCall, staging: Staging) -> _StagedCall | None:
        """Stage one edit; None when it was answered because it may not or cannot be done."""
        session, facts = self._session, self._facts(call)
        verdict = self._decided(facts)
        if self._stops:
            self._refuse(call, NOT_REACHED, "setting.stop_on_denial")
            return None
        if verdict.decision == "deny":
            self._refuse(call, f"refused: {verdict.reason}", verdict.rule)
            return None
        session.publish(self._agent, ToolStarted(call.id, call.tool.name, call.title))
        before = {(file.shown, file.new) for file in staging.files}
        output, outcome = await self._attempt(
            call, session.context(call.id, self._agent, self._plans, staging)
        )
        if outcome != "ok":
            self._end(call.id, call.tool.name, call.title, output, outcome, verdict.rule)
            return None
        touched = frozenset(file.shown for file in staging.files if (file.shown, file.new) not in before)
        return self._staged(call, output, staging.files, touched)

    def _staged(
        self, call: ReadyCall, output: ToolOutput, files: Sequence[StagedFile], touched: frozenset[str]
    ) -> _StagedCall:
        """An edit that touched some of the staged `files`."""
        facts = self._facts(call)
        # Where a path led may have changed since the look at it.
        others = [file for file in files if file.shown in touched and file.path != self._plans.path]
        led = (file.shown for file in others if not self._session.workspace.holds(file.path))
        outside = tuple(dict.fromkeys((*facts.outside, *led)))
        facts = replace(facts, outside=outside, plan=facts.plan and not others)
        return _StagedCall(call, output, touched, facts, self._decided(facts).rule)

    def _edit_result(
        self, paths: frozenset[str], output: ToolOutput, outcome: Outcome
    ) -> tuple[ToolOutput, ToolOutcome]:
        if outcome.failure:
            text = f"nothing was written: {outcome.failure}"
            return ToolOutput(text, "not written", ok=False), "error"
        if not paths:
            return output, "ok"
        report = outcome.review.report(outcome.message, paths)
        if outcome.denied:
            return ToolOutput(report, "rejected", ok=False), "denied"
        files = [file for file in outcome.review.applied() if file.path in paths]
        if not files:
            return ToolOutput(report, "rejected", ok=False), "denied"
        added, removed = sum(file.added for file in files), sum(file.removed for file in files)
        return ToolOutput(report, f"+{added} -{removed}"), "ok"

    def _facts(self, call: ReadyCall) -> CallFacts:
        session = self._session
        return facts_of(call, session.workspace, session.shell.folder, self._plans.path)

    def _decided(self, facts: CallFacts) -> Verdict:
        return decide(self._session.state.mode, facts, self._session.grants)

    async def _ask(self, call: ReadyCall, verdict: Verdict) -> Answer:
        session, background = self._session, bool(getattr(call.arguments, "background", False))
        request = Request(
            self._session.next_id("request"),
            self._agent,
            call.id,
            await describe_command(session, call.command, session.shell.folder, background)
            if call.command
            else ToolDetail(call.tool.name, call.readable_arguments),
            verdict.reason,
            verdict.rule,
        )
        return await session.requests.ask(request)

    async def _check_repetition(self, calls: tuple[CallPart, ...]) -> str:
        for call in calls:
            times = self._repetition.saw(call.name, call.arguments, self._results.get(call.id, ""))
            if times < LIMIT:
                continue
            request = Request(
                self._session.next_id("request"),
                self._agent,
                call.id,
                RepetitionDetail(call.name, call.arguments, times),
                f"the same call gave the same result {times} times and nothing new came up",
                "repetition",
            )
            answer = await self._session.requests.ask(request)
            self._repetition.reset()
            if answer.choice == "deny":
                if not answer.message:
                    return "a call was repeated"
                self._steer(answer.message)
        return ""

    def _refuse(self, call: ReadyCall, text: str, rule: str) -> None:
        output = ToolOutput(text, "denied", ok=False)
        self._end(call.id, call.tool.name, call.title, output, "denied", rule)

    def close(self, call_id: str, name: str, why: str) -> None:
        """Answer a call that the end of the turn left open."""
        output = ToolOutput(why, "interrupted", ok=False)
        self._end(call_id, name, self._titles.get(call_id, name), output, "interrupted")

    def _end(
        self,
        call_id: str,
        name: str,
        title: str,
        output: ToolOutput,
        outcome: ToolOutcome,
        rule: str = "",
        seconds: float = 0.0,
    ) -> None:
        text = cap(output.text, RESULT_LIMIT, lambda whole: self._session.keep_output(call_id, whole))
        message = ToolMessage(call_id, name, text, output.ok)
        event = ToolEnded(call_id, name, title, message, outcome, output.summary, round(seconds, 3), rule)
        self._results[call_id] = text
        self._answered(event)


def denial(message: str) -> str:
    """What the model reads when a person says no."""
    return f"denied by the user: {message}" if message else "denied by the user"
