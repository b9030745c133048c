"""Answers to the questions of faces."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from nanodeck.contracts import queries as q, versions as v
from nanodeck.contracts.checkpoints import CheckpointStore
from nanodeck.contracts.checkup import CheckUp, Finding
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.link import AnswerT
from nanodeck.contracts.model import ServerFound
from nanodeck.contracts.queries import Query
from nanodeck.contracts.requests import CommandDetail
from nanodeck.contracts.rewinding import RewindPlan, RewindTurn
from nanodeck.contracts.rules import CommandTrial, Proposed, Rule, RuleTrial
from nanodeck.contracts.sources import DiffPage
from nanodeck.contracts.views import ToolEntry
from nanodeck.engine.agents import Agents
from nanodeck.engine.calls.describing import describe_edited
from nanodeck.engine.project.exploring import list_items, read_text
from nanodeck.engine.records.exporting import export_session
from nanodeck.engine.records.outputs import page_of, read_output
from nanodeck.store.sessions import list_sessions, recall_prompts
from nanodeck.workspace.git.asking import describe

_log = logging.getLogger(__name__)


async def answer_query(agents: Agents, query: Query[AnswerT]) -> AnswerT:
    """The answer to `query`. Raises NanodeckError, also for what nobody thought of: a face goes on."""
    name = type(query).__name__
    try:
        return cast(AnswerT, await _ANSWERS[type(query)](agents, query))
    except NanodeckError:
        raise
    except Exception as error:
        _log.exception("query %s failed", name)
        raise NanodeckError(f"{name}: {error}", f"the log has more: {agents.session.log_path}") from None


async def _list_files(agents: Agents, query: q.ListFiles) -> tuple[str, ...]:
    return await agents.session.files.find(query.pattern, query.limit)


async def _list_folder(agents: Agents, query: q.ListFolder) -> tuple[q.FolderItem, ...]:
    return await asyncio.to_thread(list_items, agents.session.workspace, query.folder)


async def _read_text(agents: Agents, query: q.ReadText) -> q.Lines:
    return await asyncio.to_thread(read_text, agents.session.workspace, query.path, query.limit)


async def _read_diff(agents: Agents, query: q.ReadDiff) -> DiffPage:
    page = await agents.sources.page(query)
    if not query.first:
        await agents.comments.follow(query.source)
    agents.outside.start()
    return page


async def _read_output(agents: Agents, query: q.ReadOutput) -> q.Lines:
    if any(job.id == query.source for job in agents.session.state.jobs):
        return await agents.session.jobs.read(query.source, query.first, query.limit)
    kept = await asyncio.to_thread(
        read_output, agents.session.folder / "output", query.source, query.first, query.limit
    )
    if kept is not None:
        return kept
    # An id can come again after a cut reply: the last one counts.
    for entry in reversed(agents.session.state.agent(MAIN_AGENT).transcript):
        if isinstance(entry, ToolEntry) and entry.id == query.source:
            return page_of(entry.output, query.first, query.limit)
    raise NanodeckError(f"there is no output of {query.source}")


async def _list_models(agents: Agents, query: q.ListModels) -> tuple[q.ModelList, ...]:
    return await agents.session.models.list_all()


async def _find_servers(agents: Agents, query: q.FindServers) -> tuple[ServerFound, ...]:
    return await agents.session.models.find_servers()


async def _try_provider(agents: Agents, query: q.TryProvider) -> q.ModelList:
    return await agents.session.models.try_provider(query.base_url, query.key)


async def _list_sessions(agents: Agents, query: q.ListSessions) -> tuple[q.SessionInfo, ...]:
    places, folder = agents.session.setup.places, str(agents.session.setup.folder)
    return tuple(await asyncio.to_thread(list_sessions, places, folder, query.limit))


async def _describe_command(agents: Agents, query: q.DescribeCommand) -> CommandDetail:
    return await describe_edited(agents.session, query)


async def _list_rules(agents: Agents, query: q.ListRules) -> tuple[Rule, ...]:
    return await agents.session.rules.settled()


async def _try_rule(agents: Agents, query: q.TryRule) -> RuleTrial:
    return await agents.ruling.try_rule(query)


async def _try_command(agents: Agents, query: q.TryCommand) -> CommandTrial:
    return await agents.ruling.try_command(query)


async def _scan_sessions(agents: Agents, query: q.ScanSessions) -> tuple[Proposed, ...]:
    return await agents.ruling.scan()


async def _read_branch(agents: Agents, query: q.ReadBranch) -> str:
    return (await describe(agents.session.workspace.root)).branch


async def _export_session(agents: Agents, query: q.ExportSession) -> str:
    session = agents.session
    written = await asyncio.to_thread(export_session, session.state, query.path, session.models.redact)
    await agents.checkpoints.wrote(Path(written))
    return written


async def _recall_prompts(agents: Agents, query: q.RecallPrompts) -> tuple[str, ...]:
    places, folder = agents.session.setup.places, str(agents.session.setup.folder)
    return tuple(await asyncio.to_thread(recall_prompts, places, folder, query.limit))


async def _read_checkpoint_store(agents: Agents, query: q.ReadCheckpointStore) -> CheckpointStore:
    return await agents.kept.store()


async def _list_turns(agents: Agents, query: q.ListTurns) -> tuple[RewindTurn, ...]:
    return await agents.rewinding.turns()


async def _plan_rewind(agents: Agents, query: q.PlanRewind) -> RewindPlan:
    return await agents.rewinding.plan(query.turn)


async def _read_version(agents: Agents, query: v.ReadVersion) -> q.Lines:
    return await agents.versions.lines(query)


async def _read_colours(agents: Agents, query: v.ReadColours) -> v.Colours:
    return await agents.versions.colours(query)


async def _check_up(agents: Agents, query: CheckUp) -> tuple[Finding, ...]:
    from nanodeck.engine.checkup import examine

    setup = agents.session.setup
    return await examine(setup.places, setup.folder, os.environ, setup.models.redactor)


_ANSWERS: dict[type, Callable[[Agents, Any], Awaitable[object]]] = {
    q.ListFiles: _list_files,
    q.ListFolder: _list_folder,
    q.ReadText: _read_text,
    q.ReadDiff: _read_diff,
    q.ReadOutput: _read_output,
    q.ListModels: _list_models,
    q.FindServers: _find_servers,
    q.TryProvider: _try_provider,
    q.ListSessions: _list_sessions,
    q.ListRules: _list_rules,
    q.TryRule: _try_rule,
    q.TryCommand: _try_command,
    q.ScanSessions: _scan_sessions,
    q.ReadBranch: _read_branch,
    q.DescribeCommand: _describe_command,
    q.ExportSession: _export_session,
    q.RecallPrompts: _recall_prompts,
    q.ReadCheckpointStore: _read_checkpoint_store,
    q.ListTurns: _list_turns,
    q.PlanRewind: _plan_rewind,
    CheckUp: _check_up,
    v.ReadVersion: _read_version,
    v.ReadColours: _read_colours,
}
