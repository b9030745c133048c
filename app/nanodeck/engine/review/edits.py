"""The edits of a reply: staged together, reviewed as one changeset, and answered one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.events import ChangesetEnded, ToolOutcome, ToolStarted
from nanodeck.contracts.rules import Why
from nanodeck.core.permissions import CallFacts, strictest
from nanodeck.engine.calls.attempts import attempt
from nanodeck.engine.calls.deciding import Decider
from nanodeck.engine.calls.facts import file_piece, guarded_as
from nanodeck.engine.calls.prepared import PreparedCall, ReadyCall
from nanodeck.engine.calls.results import Results
from nanodeck.engine.plans import Plans
from nanodeck.engine.review.changesets import Changesets, Outcome
from nanodeck.engine.review.pending import Pending
from nanodeck.engine.review.proposals import Proposal, StagedEdit
from nanodeck.engine.session import Session
from nanodeck.tools.registry import ToolOutput
from nanodeck.workspace.writing.staging import StagedFile, Staging


class _StagedCall(Struct, frozen=True):
    """An edit that is staged: what it touched, and what is known about it since."""

    call: ReadyCall
    output: ToolOutput
    paths: frozenset[str]
    facts: CallFacts
    why: Why


class EditRunner:
    """Runs the edits of the agent called `agent`."""

    def __init__(
        self,
        session: Session,
        changesets: Changesets,
        plans: Plans,
        agent: str,
        decider: Decider,
        results: Results,
    ) -> None:
        self._session = session
        self._changesets = changesets
        self._plans = plans
        self._agent = agent
        self._decider = decider
        self._results = results

    async def run(self, batch: list[ReadyCall]) -> None:
        """Stage the edits of `batch`, have them reviewed, and answer their calls."""
        staging = Staging(self._session.ledger, self._session.secrets)
        staged = [made for call in batch if (made := await self._stage(call, staging))]
        if staged:
            await self._settle(staged, staging.files)

    async def take_up(self, prepared: Sequence[PreparedCall], pending: Pending) -> list[PreparedCall]:
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
            lambda: strictest(self._decider.decide(made.facts) for made in staged),
        )
        outcome = await self._changesets.run(proposal, pending)
        self._results.denied |= outcome.denied
        for made in staged:
            result, how = self._edit_result(made.paths, made.output, outcome)
            self._results.end(made.call, result, how, made.why)
        if outcome.stopped:
            raise asyncio.CancelledError

    async def _stage(self, call: ReadyCall, staging: Staging) -> _StagedCall | None:
        """Stage one edit; None when it was answered because it may not or cannot be done."""
        session, facts = self._session, self._decider.facts(call)
        why = self._decider.decide(facts)
        if self._results.stop:
            self._results.pass_by(call)
            return None
        if why.verdict == "deny":
            self._results.refuse(call, f"refused: {why.reason}", why)
            return None
        session.publish(self._agent, ToolStarted(call.id, call.tool.name, call.title, why))
        before = {(file.shown, file.new) for file in staging.files}
        context = session.context(call.id, self._agent, self._plans, staging)
        output, outcome = await attempt(session, call, context)
        if outcome != "ok":
            self._results.end(call, output, outcome, why)
            return None
        touched = frozenset(file.shown for file in staging.files if (file.shown, file.new) not in before)
        return self._staged(call, output, staging.files, touched)

    def _staged(
        self, call: ReadyCall, output: ToolOutput, files: Sequence[StagedFile], touched: frozenset[str]
    ) -> _StagedCall:
        """An edit that touched some of the staged `files`."""
        facts = self._decider.facts(call)
        # Where a path led may have changed since the look at it.
        others = [file for file in files if file.shown in touched and file.path != self._plans.path]
        workspace = self._session.workspace
        led = (file.shown for file in others if not workspace.holds(file.path))
        whys = (guarded_as(workspace.guard(file.path), file.shown, edits=True) for file in others)
        outside = tuple(dict.fromkeys((*facts.outside, *led)))
        guarded = tuple(dict.fromkeys((*facts.guarded, *filter(None, whys))))
        pieces = tuple(file_piece(workspace, file.path, file.shown, edits=True) for file in others)
        facts = replace(
            facts,
            outside=outside,
            guarded=guarded,
            plan=facts.plan and not others,
            pieces=pieces or facts.pieces,
        )
        return _StagedCall(call, output, touched, facts, self._decider.decide(facts))

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
