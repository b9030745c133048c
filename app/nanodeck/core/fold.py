"""The state of a session as a fold over its events: pure, shared by engine, deck and tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.requests import ReviewDetail
from nanodeck.contracts.views import (
    AgentView,
    Entry,
    JobView,
    Log,
    NoticeEntry,
    ReplyEntry,
    RetryView,
    ReviewView,
    SaidEntry,
    SessionView,
    ToolEntry,
    TurnEntry,
)

REVIEWS_KEPT = 20
LIVE_KEPT = 4000
TITLE_LENGTH = 80


def fold(state: SessionView, envelope: Envelope) -> SessionView:
    """The state after `envelope`; unknown events change nothing."""
    step = _STEPS.get(type(envelope.event))
    return step(state, envelope, envelope.event) if step else state


def _set_agent(state: SessionView, name: str, view: AgentView) -> SessionView:
    return replace(state, agents={**state.agents, name: view})


def _append(view: AgentView, entry: Entry, *, open_as: str = "") -> AgentView:
    position = len(view.transcript)
    places = {**view.places, open_as: position} if open_as else view.places
    return replace(view, transcript=view.transcript.append(entry), places=places, touched=(position,))


def _update(view: AgentView, position: int, entry: Entry) -> AgentView:
    return replace(
        view, transcript=view.transcript.replace(position, entry), touched=(*view.touched, position)
    )


def _tool(view: AgentView, call: str) -> tuple[int, ToolEntry] | None:
    position = view.places.get(call)
    if position is None:
        return None
    entry = view.transcript[position]
    return (position, entry) if isinstance(entry, ToolEntry) else None


def _change_tool(view: AgentView, call: str, **changes: Any) -> AgentView:
    found = _tool(view, call)
    if found is None:
        return view
    position, entry = found
    return _update(view, position, replace(entry, **changes))


def _fresh(state: SessionView, envelope: Envelope) -> AgentView:
    return replace(state.agent(envelope.agent), touched=())


def _session_started(state: SessionView, envelope: Envelope, event: ev.SessionStarted) -> SessionView:
    return SessionView(
        session=envelope.session, folder=event.folder, cwd=event.folder, model=event.model, mode=event.mode
    )


def _session_resumed(state: SessionView, envelope: Envelope, event: ev.SessionResumed) -> SessionView:
    return replace(state, folder=event.folder, cwd=event.folder)


def _model_switched(state: SessionView, envelope: Envelope, event: ev.ModelSwitched) -> SessionView:
    return replace(state, model=event.model)


def _mode_switched(state: SessionView, envelope: Envelope, event: ev.ModeSwitched) -> SessionView:
    return replace(state, mode=event.mode)


def _folder_changed(state: SessionView, envelope: Envelope, event: ev.FolderChanged) -> SessionView:
    return replace(state, cwd=event.folder)


def _turn_started(state: SessionView, envelope: Envelope, event: ev.TurnStarted) -> SessionView:
    view = replace(_fresh(state, envelope), turn=event.turn, turn_started=envelope.t)
    return _set_agent(state, envelope.agent, view)


def _message_sent(state: SessionView, envelope: Envelope, event: ev.MessageSent) -> SessionView:
    message = event.message
    if message.kind == "context":
        return state
    view = _append(_fresh(state, envelope), SaidEntry(event.id, message.text, message.kind))
    state = _set_agent(state, envelope.agent, view)
    if state.title or message.kind != "prompt":
        return state
    return replace(state, title=" ".join(message.text[: TITLE_LENGTH * 4].split())[:TITLE_LENGTH])


def _model_call_started(state: SessionView, envelope: Envelope, event: ev.ModelCallStarted) -> SessionView:
    view = replace(
        _fresh(state, envelope),
        calling=True,
        retry=None,
        reply=event.reply,
        streamed=Log(),
        streamed_reasoning=Log(),
    )
    return _set_agent(state, envelope.agent, view)


def _open_reply(view: AgentView, reply: str) -> AgentView:
    if reply in view.places:
        return view
    return _append(view, ReplyEntry(reply, "", open=True), open_as=reply)


def _text_streamed(state: SessionView, envelope: Envelope, event: ev.TextStreamed) -> SessionView:
    view = _open_reply(_fresh(state, envelope), event.reply)
    return _set_agent(state, envelope.agent, replace(view, streamed=view.streamed.append(event.text)))


def _reasoning_streamed(state: SessionView, envelope: Envelope, event: ev.ReasoningStreamed) -> SessionView:
    view = _open_reply(_fresh(state, envelope), event.reply)
    pieces = view.streamed_reasoning.append(event.text)
    return _set_agent(state, envelope.agent, replace(view, streamed_reasoning=pieces))


def _call_streamed(state: SessionView, envelope: Envelope, event: ev.CallStreamed) -> SessionView:
    view = _fresh(state, envelope)
    if event.call in view.places:
        return state if not view.touched else _set_agent(state, envelope.agent, view)
    entry = ToolEntry(event.call, event.name, event.name, "writing")
    return _set_agent(state, envelope.agent, _append(view, entry, open_as=event.call))


def _reply_ended(state: SessionView, envelope: Envelope, event: ev.ReplyEnded) -> SessionView:
    view = _fresh(state, envelope)
    message, cut = event.message, event.message.finish in ("interrupted", "error")
    if message.text or message.reasoning or event.id in view.places:
        view = _open_reply(view, event.id)
        entry = ReplyEntry(
            event.id,
            message.text,
            message.reasoning,
            cut=cut,
            model=str(message.origin.model) if message.origin else "",
            usage=event.usage,
            seconds=event.seconds,
        )
        view = _update(view, view.places[event.id], entry)
    wanted = {call.id for call in message.calls}
    for call, position in view.places.items():
        entry_there = view.transcript[position]
        if isinstance(entry_there, ToolEntry) and entry_there.state == "writing" and call not in wanted:
            dropped = replace(entry_there, state="ended", outcome="interrupted", summary="not run")
            view = _update(view, position, dropped)
    for part in message.calls:
        if part.id not in view.places:
            entry_new = ToolEntry(part.id, part.name, part.name, "writing")
            touched = view.touched
            view = _append(view, entry_new, open_as=part.id)
            view = replace(view, touched=(*touched, *view.touched))
    places = {key: at for key, at in view.places.items() if key in wanted}
    view = replace(
        view,
        places=places,
        calling=False,
        retry=None,
        reply="",
        streamed=Log(),
        streamed_reasoning=Log(),
        usage=view.usage.plus(event.usage),
        context=event.usage.input + event.usage.output or view.context,
    )
    reviews = tuple(review for review in state.reviews if not _is_draft_of(review, envelope.agent))
    return replace(_set_agent(state, envelope.agent, view), reviews=reviews)


def _is_draft_of(review: ReviewView, agent: str) -> bool:
    return review.state == "draft" and review.agent == agent and review.changeset.id.startswith("draft:")


def _tool_prepared(state: SessionView, envelope: Envelope, event: ev.ToolPrepared) -> SessionView:
    view = _change_tool(_fresh(state, envelope), event.call, state="prepared", title=event.title)
    return _set_agent(state, envelope.agent, view)


def _tool_started(state: SessionView, envelope: Envelope, event: ev.ToolStarted) -> SessionView:
    view = _fresh(state, envelope)
    if event.call not in view.places:
        view = _append(view, ToolEntry(event.call, event.name, event.title, "running"), open_as=event.call)
    view = _change_tool(view, event.call, state="running", title=event.title, started=envelope.t)
    return _set_agent(state, envelope.agent, view)


def _tool_ended(state: SessionView, envelope: Envelope, event: ev.ToolEnded) -> SessionView:
    view = _fresh(state, envelope)
    if event.call not in view.places:
        view = _append(view, ToolEntry(event.call, event.name, event.title, "running"), open_as=event.call)
    view = _change_tool(
        view,
        event.call,
        state="ended",
        title=event.title,
        outcome=event.outcome,
        summary=event.summary,
        output=event.message.text,
        seconds=event.seconds,
        rule=event.rule,
    )
    places = {key: at for key, at in view.places.items() if key != event.call}
    live = {key: tail for key, tail in view.live.items() if key != event.call}
    return _set_agent(state, envelope.agent, replace(view, places=places, live=live))


def _changeset_proposed(state: SessionView, envelope: Envelope, event: ev.ChangesetProposed) -> SessionView:
    view = _fresh(state, envelope)
    for call in event.changeset.calls:
        view = _change_tool(view, call, changeset=event.changeset.id)
    kept = [review for review in state.reviews if not _is_draft_of(review, envelope.agent)]
    kept.append(ReviewView(event.changeset, "draft", envelope.agent))
    return replace(_set_agent(state, envelope.agent, view), reviews=tuple(kept[-REVIEWS_KEPT:]))


def _draft_changed(state: SessionView, envelope: Envelope, event: ev.DraftChanged) -> SessionView:
    draft = ReviewView(event.diff, "draft", envelope.agent)
    reviews = (*(review for review in state.reviews if review.changeset.id != event.diff.id), draft)
    return replace(state, reviews=reviews[-REVIEWS_KEPT:])


def _change_review(session: SessionView, changeset: str, **changes: Any) -> SessionView:
    reviews = tuple(
        replace(review, **changes) if review.changeset.id == changeset else review
        for review in session.reviews
    )
    return replace(session, reviews=reviews)


def _hunks_marked(state: SessionView, envelope: Envelope, event: ev.HunksMarked) -> SessionView:
    for review in state.reviews:
        if review.changeset.id == event.changeset:
            marks = {(mark.path, mark.hunk): mark for mark in (*review.marks, *event.marks)}
            kept = tuple(mark for mark in marks.values() if mark.mark != "undecided")
            return _change_review(state, event.changeset, marks=kept)
    return state


def _changeset_ended(state: SessionView, envelope: Envelope, event: ev.ChangesetEnded) -> SessionView:
    ended = "failed" if event.failure else "applied" if event.files else "refused"
    return _change_review(
        state, event.changeset, state=ended, request="", applied=event.files, failure=event.failure
    )


def _changes_undone(state: SessionView, envelope: Envelope, event: ev.ChangesUndone) -> SessionView:
    state = _change_review(state, event.changeset, state="undone")
    text = f"Undone: {', '.join(event.files)}"
    view = _append(_fresh(state, envelope), NoticeEntry(f"undo-{envelope.n}", "info", text))
    return _set_agent(state, envelope.agent, view)


def _request_opened(state: SessionView, envelope: Envelope, event: ev.RequestOpened) -> SessionView:
    request, view = event.request, _fresh(state, envelope)
    calls = {request.call_id}
    if isinstance(request.detail, ReviewDetail):
        changeset = request.detail.changeset
        state = _change_review(state, changeset, state="asking", request=request.id)
        for review in state.reviews:
            if review.changeset.id == changeset:
                calls.update(review.changeset.calls)
    for call in calls:
        view = _change_tool(view, call, state="waiting")
    return replace(_set_agent(state, envelope.agent, view), requests=(*state.requests, request))


def _request_closed(state: SessionView, envelope: Envelope, event: ev.RequestClosed) -> SessionView:
    view = _fresh(state, envelope)
    for request in state.requests:
        if request.id != event.request:
            continue
        calls = {request.call_id}
        if isinstance(request.detail, ReviewDetail):
            calls = set(view.places)
        for call in calls:
            found = _tool(view, call)
            if found and found[1].state == "waiting":
                view = _change_tool(view, call, state="running")
    requests = tuple(request for request in state.requests if request.id != event.request)
    return replace(_set_agent(state, envelope.agent, view), requests=requests)


def _output_streamed(state: SessionView, envelope: Envelope, event: ev.OutputStreamed) -> SessionView:
    if any(job.id == event.source for job in state.jobs):
        jobs = tuple(
            replace(job, tail=(job.tail + event.text)[-LIVE_KEPT:]) if job.id == event.source else job
            for job in state.jobs
        )
        return replace(state, jobs=jobs)
    view = _fresh(state, envelope)
    if event.source not in view.places:
        return state
    tail = (view.live.get(event.source, "") + event.text)[-LIVE_KEPT:]
    return _set_agent(state, envelope.agent, replace(view, live={**view.live, event.source: tail}))


def _tasks_changed(state: SessionView, envelope: Envelope, event: ev.TasksChanged) -> SessionView:
    return replace(state, tasks=event.tasks)


def _job_started(state: SessionView, envelope: Envelope, event: ev.JobStarted) -> SessionView:
    return replace(state, jobs=(*state.jobs, JobView(event.job, event.title, event.folder, event.started)))


def _job_ended(state: SessionView, envelope: Envelope, event: ev.JobEnded) -> SessionView:
    jobs = tuple(
        replace(job, status=event.status, exit_code=event.exit_code, seconds=event.seconds, tail=event.tail)
        if job.id == event.job
        else job
        for job in state.jobs
    )
    return replace(state, jobs=jobs)


def _queue_changed(state: SessionView, envelope: Envelope, event: ev.QueueChanged) -> SessionView:
    view = replace(_fresh(state, envelope), steer=event.steer, queued=event.queued)
    return _set_agent(state, envelope.agent, view)


def _noticed(state: SessionView, envelope: Envelope, event: ev.Noticed) -> SessionView:
    entry = NoticeEntry(f"notice-{envelope.n}", event.level, event.text, event.advice)
    return _set_agent(state, envelope.agent, _append(_fresh(state, envelope), entry))


def _turn_ended(state: SessionView, envelope: Envelope, event: ev.TurnEnded) -> SessionView:
    entry = TurnEntry(event.turn, event.end, event.usage, event.seconds, event.detail)
    view = _append(_fresh(state, envelope), entry)
    view = replace(view, turn="", calling=False, retry=None, places={}, live={})
    return _set_agent(state, envelope.agent, view)


def _retry_scheduled(state: SessionView, envelope: Envelope, event: ev.RetryScheduled) -> SessionView:
    retry = RetryView(event.attempt, envelope.t + event.seconds, event.reason)
    return _set_agent(state, envelope.agent, replace(_fresh(state, envelope), retry=retry))


_STEPS: dict[type, Callable[[SessionView, Envelope, Any], SessionView]] = {
    ev.SessionStarted: _session_started,
    ev.SessionResumed: _session_resumed,
    ev.ModelSwitched: _model_switched,
    ev.ModeSwitched: _mode_switched,
    ev.FolderChanged: _folder_changed,
    ev.TurnStarted: _turn_started,
    ev.MessageSent: _message_sent,
    ev.ModelCallStarted: _model_call_started,
    ev.TextStreamed: _text_streamed,
    ev.ReasoningStreamed: _reasoning_streamed,
    ev.CallStreamed: _call_streamed,
    ev.ReplyEnded: _reply_ended,
    ev.ToolPrepared: _tool_prepared,
    ev.ToolStarted: _tool_started,
    ev.ToolEnded: _tool_ended,
    ev.ChangesetProposed: _changeset_proposed,
    ev.DraftChanged: _draft_changed,
    ev.HunksMarked: _hunks_marked,
    ev.ChangesetEnded: _changeset_ended,
    ev.ChangesUndone: _changes_undone,
    ev.RequestOpened: _request_opened,
    ev.RequestClosed: _request_closed,
    ev.OutputStreamed: _output_streamed,
    ev.TasksChanged: _tasks_changed,
    ev.JobStarted: _job_started,
    ev.JobEnded: _job_ended,
    ev.QueueChanged: _queue_changed,
    ev.Noticed: _noticed,
    ev.TurnEnded: _turn_ended,
    ev.RetryScheduled: _retry_scheduled,
}
