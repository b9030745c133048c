"""Events of the session around the transcript: model, mode, reviews, requests, tasks, jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import Hunk, revised
from nanodeck.contracts.checkpoints import Checkpoint, about_changes
from nanodeck.contracts.events import Envelope
from nanodeck.contracts.reasons import told_rule
from nanodeck.contracts.requests import (
    Answer,
    Answered,
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    Request,
    ReviewDetail,
)
from nanodeck.contracts.views import (
    AgentView,
    JobView,
    NoticeEntry,
    ReviewState,
    ReviewView,
    SessionView,
    TakenBack,
)
from nanodeck.core.fold.agents import append, change_tool, credit, fresh, set_agent, tool_entry
from nanodeck.core.fold.transcript import is_draft_of, noted

REVIEWS_KEPT = 20
OUTSIDE_KEPT = 1_000


def _session_started(state: SessionView, envelope: Envelope, event: ev.SessionStarted) -> SessionView:
    return SessionView(
        session=envelope.session,
        folder=event.folder,
        cwd=event.folder,
        model=event.model,
        window=event.window,
        mode=event.mode,
    )


def _session_resumed(state: SessionView, envelope: Envelope, event: ev.SessionResumed) -> SessionView:
    # What confines commands is tried anew by every process.
    return replace(state, folder=event.folder, cwd=event.folder, sandbox=None)


def _model_switched(state: SessionView, envelope: Envelope, event: ev.ModelSwitched) -> SessionView:
    return replace(state, model=event.model, window=event.window)


def _mode_switched(state: SessionView, envelope: Envelope, event: ev.ModeSwitched) -> SessionView:
    return replace(state, mode=event.mode)


def _folder_changed(state: SessionView, envelope: Envelope, event: ev.FolderChanged) -> SessionView:
    return replace(state, cwd=event.folder)


def _sandbox_probed(state: SessionView, envelope: Envelope, event: ev.SandboxProbed) -> SessionView:
    return replace(state, sandbox=event.state)


def _rule_added(state: SessionView, envelope: Envelope, event: ev.RuleAdded) -> SessionView:
    state = noted(state, envelope, "info", f"rule {told_rule(event.rule, 'kept')}")
    if event.rule.scope != "session" or event.rule in state.rules:
        return state
    return replace(state, rules=(*state.rules, event.rule))


def _rule_deleted(state: SessionView, envelope: Envelope, event: ev.RuleDeleted) -> SessionView:
    state = noted(state, envelope, "info", f"rule {told_rule(event.rule, 'deleted')}")
    return replace(state, rules=tuple(rule for rule in state.rules if rule != event.rule))


def _changeset_proposed(state: SessionView, envelope: Envelope, event: ev.ChangesetProposed) -> SessionView:
    view = fresh(state, envelope)
    for call in event.changeset.calls:
        view = change_tool(view, call, changeset=event.changeset.id)
    kept = [review for review in state.reviews if not is_draft_of(review, envelope.agent)]
    kept.append(ReviewView(event.changeset, "draft", envelope.agent))
    return replace(set_agent(state, envelope.agent, view), reviews=tuple(kept[-REVIEWS_KEPT:]))


def _draft_changed(state: SessionView, envelope: Envelope, event: ev.DraftChanged) -> SessionView:
    draft = ReviewView(event.diff, "draft", envelope.agent)
    reviews = (*(review for review in state.reviews if review.changeset.id != event.diff.id), draft)
    return replace(state, reviews=reviews[-REVIEWS_KEPT:])


def change_review(session: SessionView, changeset: str, /, **changes: Any) -> SessionView:
    """`session` with the review of a changeset changed."""
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
            return change_review(state, event.changeset, marks=kept, undo=event.undo, redo=event.redo)
    return state


def _hunks_revised(state: SessionView, envelope: Envelope, event: ev.HunksRevised) -> SessionView:
    for review in state.reviews:
        if review.changeset.id == event.changeset:
            files = tuple(
                revised(file, event.gone, event.hunks) if file.path == event.path else file
                for file in review.changeset.files
            )
            there = {hunk.id for hunk in event.hunks}
            gone = {(event.path, number) for number in event.gone if number not in there}
            marks = tuple(mark for mark in review.marks if (mark.path, mark.hunk) not in gone)
            changeset = replace(review.changeset, files=files)
            changes = {"changeset": changeset, "marks": marks, "undo": event.undo, "redo": event.redo}
            return change_review(state, event.changeset, **changes)
    return state


def _changeset_ended(state: SessionView, envelope: Envelope, event: ev.ChangesetEnded) -> SessionView:
    ended = "failed" if event.failure else "applied" if event.files else "refused"
    if event.files:
        view = credit(fresh(state, envelope), event.files)
        state = set_agent(state, envelope.agent, view)
    return change_review(
        state, event.changeset, state=ended, request="", applied=event.files, failure=event.failure
    )


def _file_marked(state: SessionView, envelope: Envelope, event: ev.FileMarked) -> SessionView:
    files = {(file.source, file.path, file.author): file for file in (*state.reviewed, event.file)}
    if not event.reviewed:
        del files[event.file.source, event.file.path, event.file.author]
    return replace(state, reviewed=tuple(files.values()))


def _comment_written(state: SessionView, envelope: Envelope, event: ev.CommentWritten) -> SessionView:
    comments = {comment.id: comment for comment in (*state.comments, event.comment)}
    return replace(state, comments=tuple(comments.values()))


def _comment_dropped(state: SessionView, envelope: Envelope, event: ev.CommentDropped) -> SessionView:
    return _without_comments(state, (event.id,))


def _comments_sent(state: SessionView, envelope: Envelope, event: ev.CommentsSent) -> SessionView:
    return _without_comments(state, event.ids)


def _without_comments(state: SessionView, ids: tuple[str, ...]) -> SessionView:
    return replace(state, comments=tuple(comment for comment in state.comments if comment.id not in ids))


def _files_changed(state: SessionView, envelope: Envelope, event: ev.FilesChanged) -> SessionView:
    paths = tuple(dict.fromkeys((*state.outside, *event.paths)))
    return replace(state, outside=paths[-OUTSIDE_KEPT:])


def _hunk_taken_back(state: SessionView, envelope: Envelope, event: ev.HunkTakenBack) -> SessionView:
    hunk = event.hunk
    text = f"Taken back: {event.path}, line {hunk.new_start} (+{hunk.added} -{hunk.removed})"
    state = noted(state, envelope, "info", text)
    for review in reversed(state.reviews):
        written = _hunk_like(review, event.path, hunk) if review.state == "applied" else None
        if written is not None:
            taken = (*review.taken, TakenBack(event.path, written, event.changeset))
            return change_review(state, review.changeset.id, taken=taken)
    return state


def _hunk_like(review: ReviewView, path: str, hunk: Hunk) -> int | None:
    """The id of the hunk of a review that wrote what `hunk` says, unless it was taken back already."""
    gone = review.gone
    files = (file for file in review.changeset.files if file.path == path)
    hunks = (known for file in files for known in file.hunks if (path, known.id) not in gone)
    return next((k.id for k in hunks if (k.old_start, k.body) == (hunk.old_start, hunk.body)), None)


def _checkpoint_taken(state: SessionView, envelope: Envelope, event: ev.CheckpointTaken) -> SessionView:
    checkpoint = event.checkpoint
    if checkpoint.call:
        view = credit(fresh(state, envelope), checkpoint.files)
        state = set_agent(state, envelope.agent, view)
    if checkpoint.call and checkpoint.changeset:
        state = set_agent(state, envelope.agent, _told(fresh(state, envelope), envelope.n, checkpoint))
    return replace(state, checkpoints=(*state.checkpoints, checkpoint))


def _told(view: AgentView, number: int, checkpoint: Checkpoint) -> AgentView:
    """What a command changed stands at its row while that is open, else by itself."""
    changed = about_changes(checkpoint)
    if tool_entry(view, checkpoint.call):
        return change_tool(view, checkpoint.call, changeset=checkpoint.changeset, changed=changed)
    words = f"A shell command that ran beside changed {changed}"
    return append(view, NoticeEntry(f"changed-{number}", "info", words))


def _checkpoints_dropped(state: SessionView, envelope: Envelope, event: ev.CheckpointsDropped) -> SessionView:
    kept = tuple(checkpoint for checkpoint in state.checkpoints if checkpoint.id not in event.ids)
    return replace(state, checkpoints=kept)


def _request_opened(state: SessionView, envelope: Envelope, event: ev.RequestOpened) -> SessionView:
    request, view = event.request, fresh(state, envelope)
    calls = {request.call_id}
    if isinstance(request.detail, ReviewDetail | PlanDetail):
        changeset = request.detail.changeset
        state = change_review(state, changeset, state="asking", request=request.id)
        for review in state.reviews:
            if review.changeset.id == changeset:
                calls.update(review.changeset.calls)
    for call in calls:
        view = change_tool(view, call, state="waiting")
    return replace(set_agent(state, envelope.agent, view), requests=(*state.requests, request))


def _request_closed(state: SessionView, envelope: Envelope, event: ev.RequestClosed) -> SessionView:
    view = fresh(state, envelope)
    for request in state.requests:
        if request.id != event.request:
            continue
        calls = {request.call_id}
        if isinstance(request.detail, ReviewDetail):
            calls = set(view.places)
        for call in calls:
            found = tool_entry(view, call)
            if found and found[1].state == "waiting":
                view = change_tool(view, call, state="running")
            if found and event.answer and not request.changeset:
                answers = (*found[1].answers, _answered(request, event.answer))
                view = change_tool(view, call, answers=answers)
        if isinstance(request.detail, PlanDetail):
            ended = _plan_ended(event.answer)
            state = change_review(state, request.detail.changeset, state=ended, request="")
    requests = tuple(request for request in state.requests if request.id != event.request)
    return replace(set_agent(state, envelope.agent, view), requests=requests)


def _answered(request: Request, answer: Answer) -> Answered:
    match request.detail:
        case CommandDetail(denied=denied):
            return Answered(answer, denied=denied)
        case NetworkDetail(host=host):
            return Answered(answer, host=host)
    return Answered(answer)


def _plan_ended(answer: Answer | None) -> ReviewState:
    if answer is None:
        return "refused"
    return "returned" if answer.choice == "deny" else "approved"


def _tasks_changed(state: SessionView, envelope: Envelope, event: ev.TasksChanged) -> SessionView:
    return replace(state, tasks=event.tasks)


def _job_started(state: SessionView, envelope: Envelope, event: ev.JobStarted) -> SessionView:
    return replace(state, jobs=(*state.jobs, JobView(event.job, event.title, event.folder, event.started)))


def _job_ended(state: SessionView, envelope: Envelope, event: ev.JobEnded) -> SessionView:
    jobs = tuple(
        replace(
            job,
            status=event.status,
            exit_code=event.exit_code,
            seconds=event.seconds,
            tail=event.tail,
            denied=event.denied,
        )
        if job.id == event.job
        else job
        for job in state.jobs
    )
    return replace(state, jobs=jobs)


SESSION_STEPS: dict[type, Callable[[SessionView, Envelope, Any], SessionView]] = {
    ev.SessionStarted: _session_started,
    ev.SessionResumed: _session_resumed,
    ev.ModelSwitched: _model_switched,
    ev.ModeSwitched: _mode_switched,
    ev.FolderChanged: _folder_changed,
    ev.SandboxProbed: _sandbox_probed,
    ev.ChangesetProposed: _changeset_proposed,
    ev.DraftChanged: _draft_changed,
    ev.HunksMarked: _hunks_marked,
    ev.HunksRevised: _hunks_revised,
    ev.ChangesetEnded: _changeset_ended,
    ev.HunkTakenBack: _hunk_taken_back,
    ev.FilesChanged: _files_changed,
    ev.FileMarked: _file_marked,
    ev.CommentWritten: _comment_written,
    ev.CommentDropped: _comment_dropped,
    ev.CommentsSent: _comments_sent,
    ev.CheckpointTaken: _checkpoint_taken,
    ev.CheckpointsDropped: _checkpoints_dropped,
    ev.RuleAdded: _rule_added,
    ev.RuleDeleted: _rule_deleted,
    ev.RequestOpened: _request_opened,
    ev.RequestClosed: _request_closed,
    ev.TasksChanged: _tasks_changed,
    ev.JobStarted: _job_started,
    ev.JobEnded: _job_ended,
}
