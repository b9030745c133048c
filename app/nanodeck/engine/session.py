"""One session: its journal, its folded state and what the calls of its agents work with."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError, SessionError
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.model import ToolSpec
from nanodeck.contracts.views import SaidEntry, SessionView, Snapshot
from nanodeck.core.fold import fold
from nanodeck.core.prompt import first_context
from nanodeck.core.tasks import TaskGraph
from nanodeck.engine.board import Board
from nanodeck.engine.bus import Bus
from nanodeck.engine.calls.confining import Confining
from nanodeck.engine.discretion import discreet
from nanodeck.engine.jobs import Jobs
from nanodeck.engine.models import Models
from nanodeck.engine.permissions.reaching import Asker, Hosts
from nanodeck.engine.permissions.rulebook import RuleBook
from nanodeck.engine.project.files import ProjectFiles
from nanodeck.engine.records.outputs import write_output
from nanodeck.engine.requests import Requests
from nanodeck.engine.review.pending import Proposals
from nanodeck.engine.setup import Setup
from nanodeck.extend.instructions import find_instructions
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import Walls
from nanodeck.store.journal import Journal
from nanodeck.store.sessions import session_folder
from nanodeck.tools.answers import Answers
from nanodeck.tools.builtin import offered_tools
from nanodeck.tools.context import PlanDesk, ToolContext
from nanodeck.tools.registry import Tool
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.mise import Mise
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.shadow import Shadow, store_of
from nanodeck.workspace.shadow.restoring import Restorer
from nanodeck.workspace.surroundings import describe_surroundings
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.staging import Staging

COMMAND_ECHO = 2.0
"""Seconds after a command in which changes on disk may still be its own."""

_BEGINNING = (ev.MessageSent, ev.CommentWritten)
"""What must not get lost: before it a session leaves no file."""

_WRITTEN = (ev.ChangesetEnded, ev.ChangesUndone, ev.ChangesRedone, ev.Rewound, ev.TypedEnded)
"""After these there may be files that no command of an agent wrote."""

_log = logging.getLogger(__name__)


class Session:
    """Lives on the engine's loop; everything that happens in it goes through `publish`."""

    def __init__(
        self,
        setup: Setup,
        bus: Bus,
        session_id: str,
        past: Sequence[Envelope] = (),
        journal: Journal | None = None,
    ) -> None:
        self.id = session_id
        self.setup = setup
        self.state = SessionView(session=session_id)
        for envelope in past:
            self.state = fold(self.state, envelope)
        self.grants: frozenset[str] = frozenset()
        self.ledger = ReadLedger()
        self.answers = Answers()
        self.written = {setup.workspace.root / path for path in _written(past)}
        self.files = ProjectFiles(setup.workspace.root)
        self.requests = Requests(self.publish, self.synced)
        self.left = False
        self._commands = 0
        self._command_ended = -COMMAND_ECHO
        self.folder = session_folder(setup.places, session_id)
        self.proposals = Proposals(self.folder / "proposals")
        store = store_of(setup.places.checkpoints, setup.folder)
        self.shadow = Shadow(store, setup.folder, setup.places.own)
        restorer = Restorer(self.shadow.folder / "restoring", setup.workspace.root)
        self.checkpointer = Checkpointer(self.folder / "checkpoints", self.shadow.read, restorer)
        self.mise = Mise(self.written, setup.trust.allows_file)
        self.shell = self._make_shell()
        self.rules = RuleBook(setup.rules, setup.workspace.root, lambda: self.state.rules, self._publish_main)
        self.confining = self._make_confining()
        self.jobs = Jobs(self._publish_main, self.folder / "jobs", self.shell)
        self.board = Board(TaskGraph.of(self.state.tasks, last=_highest_task(past)), self._publish_main)
        self._bus = bus
        self._n = past[-1].n if past else 0
        self._ids = self._n
        self._journal = journal
        self._unsaved: deque[Envelope] = deque()
        self._unheard: list[Event] = []
        self._refused = False
        self._syncing: asyncio.Task[None] | None = None
        self._surroundings: asyncio.Task[str] | None = None
        self._look_around()

    def _make_shell(self) -> ShellSession:
        return ShellSession(
            self.setup.folder,
            seconds=self.setup.shell_seconds,
            hidden=self.setup.secret_variables,
            outputs=self.folder / "output",
            refresh=self.mise.variables,
            secrets=self.secrets,
        )

    def _make_confining(self) -> Confining:
        publish, asks = self._publish_main, self.setup.asks
        hosts = Hosts(self.rules, self.requests, self.next_id, lambda: self.state, publish, asks=asks)
        return Confining(publish, self.setup, hosts)

    @property
    def models(self) -> Models:
        """The models this session can call."""
        return self.setup.models

    @property
    def workspace(self) -> Workspace:
        """The folder worked in."""
        return self.setup.workspace

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools the model in use is offered."""
        return offered_tools(self.setup.tools, self.models.edit_tool)

    @property
    def tool_specs(self) -> tuple[ToolSpec, ...]:
        """The tools as a model sees them."""
        return tuple(tool.spec for tool in self.tools)

    @property
    def system_prompt(self) -> str:
        """What every model call starts with."""
        return self.setup.system_prompt

    @property
    def max_calls(self) -> int | None:
        """How many model calls a turn may make."""
        return self.setup.max_calls

    @property
    def log_path(self) -> Path:
        """Where the log is."""
        return self.setup.places.log

    @property
    def snapshot(self) -> Snapshot:
        """The state as a subscription starts with it."""
        return Snapshot(self._n, self.state)

    def secrets(self) -> tuple[str, ...]:
        """What nobody is to see, as far as it is known by now."""
        return self.models.redactor.known

    def partial(self, agent: str) -> Path:
        """Where the open reply of an agent is kept."""
        return self.folder / f"{agent}.partial"

    def offers(self, tool: Tool) -> bool:
        """Whether `tool` is among those a model may call."""
        return tool in self.setup.tools

    def next_id(self, kind: str) -> str:
        """A new id, unique in this session."""
        self._ids += 1
        return f"{kind}-{self._ids}"

    def publish(self, agent: str, event: Event) -> None:
        """Make `event` part of the session: folded, written to the journal if durable, sent to the faces.

        What a face has seen is in the journal: it is written first.
        """
        if self.left:
            return
        event = discreet(event, self.secrets)
        durable = not isinstance(event, ev.PASSING)
        self._n += durable
        envelope = Envelope(self._n if durable else 0, time.time(), self.id, agent, event)
        self.state = fold(self.state, envelope)
        if isinstance(event, _WRITTEN):
            self.confining.accept()
        refused = self._record(envelope) if durable else None
        self._bus.publish(envelope, self.state, self._n)
        if refused:
            self._warn_unsaved(refused)

    def leave(self) -> None:
        """End as a kill would: what is open stays open in the journal, for the process that resumes it."""
        self.left = True

    def tell_later(self, event: Event) -> None:
        """Publish `event` once a face listens: what only a face can act on must not go unheard."""
        self._unheard.append(event)

    def tell_unheard(self) -> None:
        """A face listens now."""
        if self.setup.asks:
            self.confining.begin()
        unheard, self._unheard = self._unheard, []
        for event in unheard:
            self._publish_main(event)

    def _publish_main(self, event: Event) -> None:
        self.publish(MAIN_AGENT, event)

    def _record(self, envelope: Envelope) -> SessionError | None:
        """Write `envelope` and what waits before it; why the disk refuses, the first time that it does."""
        self._unsaved.append(envelope)
        try:
            if self._journal is None:
                if not any(isinstance(waiting.event, _BEGINNING) for waiting in self._unsaved):
                    return None
                self._journal = Journal.create(self.folder, self._unsaved)
                self._unsaved.clear()
            while self._unsaved:
                self._journal.append(self._unsaved.popleft())
        except SessionError as error:
            return error
        return None

    def _warn_unsaved(self, error: SessionError) -> None:
        """Say that the disk refuses, once until it takes everything again."""
        if self._refused:
            return
        self._refused = True
        _log.error("journal: %s", error.message)
        self.publish(MAIN_AGENT, ev.Noticed("error", f"not saved: {error.message}", error.advice))

    async def synced(self) -> None:
        """Return once everything so far is on disk; a disk that refuses is told, not fatal."""
        if self._journal:
            try:
                await self._journal.sync()
                self._refused = False
            except SessionError as error:
                self._warn_unsaved(error)

    def sync_soon(self) -> None:
        """Have the journal synced while other things go on."""
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self.synced())

    def grant(self, grant: str) -> None:
        """Allow exactly this call for the rest of the session."""
        self.grants |= {grant}

    @contextmanager
    def command(self) -> Iterator[None]:
        """A command of an agent runs inside."""
        self._commands += 1
        try:
            yield
        finally:
            self._commands -= 1
            self._command_ended = time.monotonic()

    @property
    def commanding(self) -> bool:
        """Whether a command of an agent runs, or ended so lately that its changes are still coming in."""
        return self._commands > 0 or time.monotonic() - self._command_ended < COMMAND_ECHO

    def keep_output(self, call_id: str, text: str) -> str:
        """Keep a result that is too long for a model; answers where, or why it is not kept."""
        try:
            return write_output(self.folder / "output", call_id, text)
        except OSError as error:
            return f"no file: {error.strerror}"

    def context(
        self,
        call_id: str,
        agent: str,
        plans: PlanDesk,
        staging: Staging | None = None,
        walls: Walls | None = None,
    ) -> ToolContext:
        """What a tool call may use; without other `walls` its commands have those of the session."""
        return ToolContext(
            call_id,
            agent,
            self.workspace,
            self.ledger,
            staging or Staging(self.ledger, self.secrets),
            self.shell,
            self.board,
            self.jobs,
            plans,
            walls or self.confining.around(Asker(agent, call_id)),
            lambda text: self.publish(agent, ev.OutputStreamed(call_id, text)),
            lambda path: self.rules.bars(self.state.mode, path),
        )

    def rewound(self) -> None:
        """The conversation is shorter: what only its end knew is not known any more."""
        self.ledger.forget()
        self.answers.forget()
        self.board.reset(self.state.tasks)
        self._look_around()

    @property
    def said(self) -> bool:
        """Whether the conversation has begun."""
        return any(isinstance(entry, SaidEntry) for entry in self.state.agent(MAIN_AGENT).transcript)

    def _look_around(self) -> None:
        """Have the surroundings described for a conversation that has not begun."""
        if not self.said and self._surroundings is None:
            self._surroundings = asyncio.create_task(self._describe())

    async def first_context(self) -> str:
        """The context in front of the first prompt; empty ever after."""
        if self._surroundings is None:
            return ""
        # Shielded: a stop while it is awaited must not cost the session its context.
        context = await asyncio.shield(self._surroundings)
        self._surroundings = None
        return context

    async def _describe(self) -> str:
        # Whatever fails here, the session must be able to start.
        try:
            surroundings = await describe_surroundings(self.setup.folder)
        except Exception:
            _log.exception("surroundings")
            surroundings = f"Folder: {self.setup.folder}"
        try:
            await asyncio.to_thread(self.checkpointer.settle)
        except NanodeckError as error:
            self.publish(MAIN_AGENT, ev.Noticed("error", f"files were half put back: {error}", error.advice))
        instructions: list[tuple[str, str]] = []
        try:
            if self.setup.context_files:
                instructions = await asyncio.to_thread(self.instructions)
        except Exception as error:
            _log.exception("instructions")
            self.publish(MAIN_AGENT, ev.Noticed("warning", f"instruction files were not read: {error}"))
        return first_context(surroundings, instructions)

    def instructions(self) -> list[tuple[str, str]]:
        """The instruction files that count, and their texts."""
        # Where nobody can be asked they are read: they are text like that of any other file.
        allows = self.setup.trust.allows if self.setup.asks else None
        found = find_instructions(self.setup.folder, self.setup.places.config, allows=allows)
        return [(self.workspace.show(Path(path)), text) for path, text in found]

    async def close(self) -> None:
        """Stop every job, then let go of the journal."""
        try:
            await self.files.close()
            await self.jobs.close()
            await self.shell.close()
            await self.confining.close()
        finally:
            if self._surroundings:
                self._surroundings.cancel()
            if self._syncing:
                await self._syncing
            self._close_journal()

    def kill_all(self) -> None:
        """Kill everything that runs, at once and from any thread, for a way out that cannot wait."""
        self.jobs.kill_all()
        self.shell.kill_all()

    def _close_journal(self) -> None:
        if self._journal:
            try:
                self._journal.close()
            except SessionError as error:
                _log.error("journal: %s", error.message)


def _written(past: Sequence[Envelope]) -> Iterator[str]:
    """The files that edits of the session wrote so far."""
    for envelope in past:
        if isinstance(envelope.event, ev.ChangesetEnded):
            yield from (file.path for file in envelope.event.files)


def _highest_task(past: Sequence[Envelope]) -> int:
    """The highest id any task ever had: ids are not given twice, not even after a delete."""
    lists = (envelope.event.tasks for envelope in past if isinstance(envelope.event, ev.TasksChanged))
    return max((int(task.id) for tasks in lists for task in tasks), default=0)
