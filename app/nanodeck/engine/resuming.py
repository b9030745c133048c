"""Taking up an earlier session: what a process left open is closed, so that nothing waits for it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import nanodeck
from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile, ChangeKind
from nanodeck.contracts.checkpoints import FILES_TOLD
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.messages import ToolMessage
from nanodeck.contracts.requests import PlanDetail
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import AgentView, SessionView, ToolEntry
from nanodeck.core.history import UNKNOWN_OUTCOME
from nanodeck.engine.agents import Agents
from nanodeck.engine.bus import Bus
from nanodeck.engine.diffs.readings import written_files
from nanodeck.engine.review.pending import Pending
from nanodeck.engine.session import Session
from nanodeck.engine.setup import Setup
from nanodeck.engine.undo.checkpoints import Point
from nanodeck.store.journal import Journal, Reading, read_journal
from nanodeck.store.sessions import session_folder
from nanodeck.workspace.shadow import Taken
from nanodeck.workspace.writing.written import Written, WrittenFile

_UNKNOWN = "outcome unknown"


def resume(setup: Setup, bus: Bus, session_id: str) -> Agents:
    """An earlier session and its agents, ready for the next turn. Raises SessionError.

    A review that was left open is asked again and its turn goes on, if anybody can be asked.
    """
    journal = Journal.resume(session_folder(setup.places, session_id))
    try:
        reading = read_journal(journal.folder)
        session = Session(setup, bus, session_id, reading.envelopes, journal)
    except BaseException:
        journal.close()
        raise
    agents, before = Agents(session, reading.envelopes), session.state
    session.publish(MAIN_AGENT, ev.SessionResumed(nanodeck.__version__, str(setup.folder)))
    taken_back = _recover_files(agents)
    _tell_rewinds(agents, reading.envelopes)
    _tell_undone(agents, reading.envelopes, taken_back)
    written = _written(session)
    pending = _pending(session, before, reading.envelopes, written) if setup.asks else None
    _close_written(agents, before, written)
    _close_what_was_open(agents, before, reading.envelopes, pending)
    _tell_damage(session, reading)
    if before.mode is not setup.mode and not (pending and pending.call):
        session.publish(MAIN_AGENT, ev.ModeSwitched(setup.mode))
    _stand_again(agents, before.cwd)
    _take_up_model(session)
    if pending:
        agents.main.take_up(before.agent(MAIN_AGENT).turn, pending)
    return agents


def _written(session: Session) -> frozenset[str]:
    """The changesets that were written."""
    try:
        return frozenset(written.changeset for written in session.checkpointer.history())
    except NanodeckError:
        return frozenset()


def _pending(
    session: Session, before: SessionView, past: Sequence[Envelope], written: frozenset[str]
) -> Pending | None:
    """The review or plan that the main agent's turn waited for, if it was kept.

    A review that was sent and not written yet is asked again, too.
    """
    for request in before.requests:
        if request.agent == MAIN_AGENT and isinstance(request.detail, PlanDetail):
            return Pending(request.detail.changeset, call=request.call_id)
    for review in before.reviews if before.agent(MAIN_AGENT).turn else ():
        ours = review.agent == MAIN_AGENT and review.state == "asking" and not review.changeset.plan
        if ours and review.changeset.id not in written:
            return session.proposals.pending(review.changeset.id, past)
    return None


def _close_written(agents: Agents, before: SessionView, written: frozenset[str]) -> None:
    """Say what was written of reviews whose process was stopped before it could."""
    session = agents.session
    for review in before.reviews:
        if review.state == "asking" and review.changeset.id in written:
            source = Source("call", review.changeset.id)
            try:
                changes = written_files(source, session.workspace, session.checkpointer)
            except NanodeckError as error:
                session.tell_later(ev.Noticed("error", error.message, error.advice))
                continue
            rejected = sum(mark.mark == "rejected" for mark in review.marks)
            session.publish(review.agent, ev.ChangesetEnded(review.changeset.id, changes, rejected))
            session.proposals.forget(review.changeset.id)
            names = ", ".join(file.path for file in changes)
            agents.main.note(f"[What the user accepted was written before nanodeck was stopped: {names}]")


def _close_what_was_open(
    agents: Agents, before: SessionView, past: Sequence[Envelope], pending: Pending | None
) -> None:
    """Close all that nobody works on any more: everything but the turn that goes on with `pending`."""
    session, view = agents.session, before.agent(MAIN_AGENT)
    for request in before.requests:
        session.publish(request.agent, ev.RequestClosed(request.id))
    for review in session.state.reviews:
        waits = pending is not None and review.changeset.id == pending.changeset
        if review.state in ("asking", "draft") and not waits:
            session.publish(review.agent, ev.ChangesetEnded(review.changeset.id, ()))
            session.proposals.forget(review.changeset.id)
    open_calls = () if pending else agents.main.history.open_calls()
    running = {job.id for job in before.jobs if job.status == "running"}
    begun = _begun_by(running, past) if running else ()
    if calls := [*_left_open(past), *begun, *((view.turn, call) for call, _ in open_calls)]:
        agents.checkpoints.take_up(MAIN_AGENT, calls)
    for call_id, name in open_calls:
        message = ToolMessage(call_id, name, UNKNOWN_OUTCOME, ok=False)
        title = _title(view, call_id) or name
        agents.main.answered(ev.ToolEnded(call_id, name, title, message, "interrupted", _UNKNOWN, 0.0))
    for job in before.jobs:
        if job.status == "running":
            session.publish(MAIN_AGENT, ev.JobEnded(job.id, "stopped", None, job.seconds, job.tail))
            agents.main.note(f"[{job.id} ({job.title}) does not run any more: nanodeck was stopped]")
    for typed in view.typed:
        session.publish(MAIN_AGENT, _typed_end(typed))
    if view.steer or view.queued:
        session.tell_later(ev.QueueChanged((), ()))
        session.tell_later(ev.QueueReturned((*view.steer, *view.queued)))
    if view.turn and not pending:
        agents.main.recover()
        why = "nanodeck stopped during this turn"
        session.publish(MAIN_AGENT, ev.TurnEnded(view.turn, "interrupted", view.usage, 0.0, why))


def _left_open(past: Iterable[Envelope]) -> Iterator[tuple[str, str]]:
    """The turns and ids of calls that a process before had left open, and another one closed."""
    turn = ""
    for event in (envelope.event for envelope in past if envelope.agent == MAIN_AGENT):
        if isinstance(event, ev.TurnStarted):
            turn = event.turn
        elif isinstance(event, ev.ToolEnded) and event.summary == _UNKNOWN:
            yield turn, event.call


def _begun_by(jobs: Collection[str], past: Iterable[Envelope]) -> Iterator[tuple[str, str]]:
    """The turns and ids of the calls that began `jobs`."""
    turn = call = ""
    for event in (envelope.event for envelope in past if envelope.agent == MAIN_AGENT):
        if isinstance(event, ev.TurnStarted):
            turn = event.turn
        elif isinstance(event, ev.ToolStarted):
            call = event.call
        elif isinstance(event, ev.JobStarted) and event.job in jobs:
            yield turn, call


def _title(view: AgentView, call: str) -> str:
    """What an open call is called for people; empty where nothing is known of it."""
    entry = view.transcript[view.places[call]] if call in view.places else None
    return entry.title if isinstance(entry, ToolEntry) else ""


def _typed_end(typed: ToolEntry) -> ev.TypedEnded:
    command = typed.title.removeprefix(f"{typed.name} ")
    return ev.TypedEnded(typed.id, command, False, UNKNOWN_OUTCOME, "interrupted", _UNKNOWN, 0.0)


def _tell_damage(session: Session, reading: Reading) -> None:
    if reading.damaged:
        text = f"{reading.damaged} damaged lines of this session's journal were skipped"
        session.tell_later(ev.Noticed("warning", text, f"the file is in {session.folder}"))


def _stand_again(agents: Agents, folder: str) -> None:
    """Put the shell where it stood: the model goes on from there."""
    session, root = agents.session, agents.session.setup.folder
    if folder in ("", str(root)):
        return
    if Path(folder).is_dir():
        session.shell.move(Path(folder))
        session.publish(MAIN_AGENT, ev.FolderChanged(folder))
    else:
        agents.main.note(f"[The folder {folder} is gone; the shell is in {root} now]")


def _recover_files(agents: Agents) -> str:
    """Take back a changeset that a crash left half written, and say so; which one."""
    session = agents.session
    try:
        if undone := session.checkpointer.recover():
            shown = tuple(session.workspace.show(path) for path in undone.files)
            session.publish(MAIN_AGENT, ev.ChangesUndone(undone.changeset, shown))
            agents.main.note(f"[A half-written change was taken back: {', '.join(shown)}]")
            return undone.changeset
    except (NanodeckError, OSError) as error:
        session.tell_later(ev.Noticed("error", f"a write was interrupted: {error}", "look at these files"))
    return ""


def _tell_undone(agents: Agents, past: Sequence[Envelope], taken_back: str) -> None:
    """Say what was undone or redone when its process was killed before it could."""
    session, undone = agents.session, {taken_back: True}
    try:
        gone, there = session.checkpointer.gone(), session.checkpointer.history()
    except NanodeckError:
        return
    if not (gone or there):
        return
    for event in (envelope.event for envelope in past):
        if isinstance(event, ev.ChangesUndone | ev.ChangesRedone):
            undone[event.changeset] = isinstance(event, ev.ChangesUndone)
    for written in (*gone, *there):
        kind = ev.ChangesUndone if written in gone else ev.ChangesRedone
        if undone.get(written.changeset, False) is not (written in gone):
            shown = tuple(session.workspace.show(Path(file.path)) for file in written.files)
            agents.main.go_back(kind(written.changeset, shown))
            what = "undid the last change" if written in gone else "made the change again that was undone"
            agents.main.note(f"[The user {what}: {', '.join(shown)}]")


def _tell_rewinds(agents: Agents, past: Sequence[Envelope]) -> None:
    """Say what went back when its process was killed before it could."""
    session = agents.session
    known = {envelope.event.changeset for envelope in past if isinstance(envelope.event, ev.Rewound)}
    try:
        history = session.checkpointer.history()
    except NanodeckError:
        return
    for written in history:
        if written.loaded:
            _tell_loaded(agents, written)
        elif (rewound := written.rewound) and rewound.changeset not in known:
            agents.rewinding.tell(rewound, rewound.skipped)
            if rewound.what != "files":
                session.tell_later(ev.QueueReturned((rewound.prompt,)))


def _tell_loaded(agents: Agents, written: Written) -> None:
    """Say that a named checkpoint was loaded, where nothing says so."""
    session, checkpoints = agents.session, agents.checkpoints
    known = session.state.checkpoints
    loaded = next((one for one in known if one.id == written.loaded), None)
    tree = session.shadow.find(checkpoints.name_of(written.changeset))
    if loaded and tree and all(one.changeset != written.changeset for one in known):
        point = Point(checkpoints.name_of(written.changeset), Taken(tree), time.time())
        files = [_applied(session, file) for file in written.files]
        checkpoints.tell(MAIN_AGENT, point, "rewind", files, changeset=written.changeset, name=loaded.name)
        named = ", ".join(file.path for file in files[:FILES_TOLD])
        agents.main.note(f"[The user put files back to what they were before: {named}]")


def _applied(session: Session, file: WrittenFile) -> AppliedFile:
    kind: ChangeKind = "created" if file.old is None else "deleted" if file.new is None else "modified"
    return AppliedFile(session.workspace.show(Path(file.path)), kind, 0, 0)


def _take_up_model(session: Session) -> None:
    """Go on with the session's own model unless another one was asked for, or it is gone."""
    models, last = session.models, session.state.model
    if last and not session.setup.model_chosen:
        try:
            models.use(models.resolve(last.name, last.provider))
        except NanodeckError as error:
            session.tell_later(ev.Noticed("warning", f"{last}: {error.message}", error.advice))
    if models.ref and models.ref != last:
        session.publish(MAIN_AGENT, ev.ModelSwitched(models.ref, models.window))
