"""Events of the transcript: what was said, called and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope, NoticeLevel
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.views import (
    AgentView,
    Log,
    NoticeEntry,
    ReplyEntry,
    RetryView,
    ReviewView,
    SaidEntry,
    SessionView,
    ToolEntry,
    TurnEntry,
    TurnMark,
)
from nanodeck.core.fold.agents import append, change_tool, closed, fresh, set_agent, update

LIVE_KEPT = 4000
TITLE_LENGTH = 80


def _turn_started(state: SessionView, envelope: Envelope, event: ev.TurnStarted) -> SessionView:
    view = fresh(state, envelope)
    begins = len(view.transcript)
    mark = TurnMark(event.turn, begins, envelope.t, view.context, view.planning, state.tasks)
    marked = view.turns.append(mark)
    view = replace(view, turns=marked, taken_off=None, turn=event.turn, turn_started=envelope.t)
    return set_agent(state, envelope.agent, view)


def _message_sent(state: SessionView, envelope: Envelope, event: ev.MessageSent) -> SessionView:
    message = event.message
    if message.kind == "context":
        return state
    attached = tuple(replace(one, text="") for one in message.attachments)
    view = append(state.agent(envelope.agent), SaidEntry(event.id, message.text, message.kind, attached))
    state = set_agent(state, envelope.agent, view)
    if state.title or message.kind != "prompt":
        return state
    return replace(state, title=" ".join(message.text[: TITLE_LENGTH * 4].split())[:TITLE_LENGTH])


def _model_call_started(state: SessionView, envelope: Envelope, event: ev.ModelCallStarted) -> SessionView:
    view = replace(
        fresh(state, envelope),
        calling=True,
        retry=None,
        reply=event.reply,
        streamed=Log(),
        streamed_reasoning=Log(),
    )
    return set_agent(state, envelope.agent, view)


def _open_reply(view: AgentView, reply: str) -> AgentView:
    if reply in view.places:
        return view
    return append(view, ReplyEntry(reply, "", open=True), open_as=reply)


def _text_streamed(state: SessionView, envelope: Envelope, event: ev.TextStreamed) -> SessionView:
    view = _open_reply(fresh(state, envelope), event.reply)
    return set_agent(state, envelope.agent, replace(view, streamed=view.streamed.append(event.text)))


def _reasoning_streamed(state: SessionView, envelope: Envelope, event: ev.ReasoningStreamed) -> SessionView:
    view = _open_reply(fresh(state, envelope), event.reply)
    pieces = view.streamed_reasoning.append(event.text)
    return set_agent(state, envelope.agent, replace(view, streamed_reasoning=pieces))


def _call_streamed(state: SessionView, envelope: Envelope, event: ev.CallStreamed) -> SessionView:
    view = fresh(state, envelope)
    if event.call in view.places:
        return state if not view.touched else set_agent(state, envelope.agent, view)
    entry = ToolEntry(event.call, event.name, event.name, "writing")
    return set_agent(state, envelope.agent, append(view, entry, open_as=event.call))


def _reply_ended(state: SessionView, envelope: Envelope, event: ev.ReplyEnded) -> SessionView:
    view = fresh(state, envelope)
    message, cut = event.message, event.message.finish in ("interrupted", "error")
    text, reasoning, calls = message.text, message.reasoning, message.calls
    if text or reasoning or event.id in view.places:
        entry = ReplyEntry(
            event.id,
            text,
            reasoning,
            cut=cut,
            model=str(message.origin.model) if message.origin else "",
            usage=event.usage,
            seconds=event.seconds,
            thought=event.thought,
        )
        at = view.places.get(event.id)
        view = append(view, entry) if at is None else update(view, at, entry)
    wanted = {call.id for call in calls}
    for call, position in view.places.items():
        entry_there = view.transcript[position]
        if isinstance(entry_there, ToolEntry) and entry_there.state == "writing" and call not in wanted:
            dropped = replace(entry_there, state="ended", outcome="interrupted", summary="not run")
            view = update(view, position, dropped)
    for part in calls:
        if part.id not in view.places:
            entry_new = ToolEntry(part.id, part.name, part.name, "writing")
            touched = view.touched
            view = append(view, entry_new, open_as=part.id)
            view = replace(view, touched=(*touched, *view.touched))
    places = {key: at for key, at in view.places.items() if _is_open_call(view, at)}
    view = replace(
        view,
        places=places,
        live={key: tail for key, tail in view.live.items() if key in places},
        calling=False,
        retry=None,
        reply="",
        streamed=Log(),
        streamed_reasoning=Log(),
        usage=view.usage.plus(event.usage),
        context=event.usage.input + event.usage.output or view.context,
        planning=state.mode is Mode.PLAN,
    )
    reviews = tuple(review for review in state.reviews if not is_draft_of(review, envelope.agent))
    return replace(state, agents={**state.agents, envelope.agent: view}, reviews=reviews)


def _is_open_call(view: AgentView, position: int) -> bool:
    entry = view.transcript[position]
    return isinstance(entry, ToolEntry) and entry.state != "ended"


def is_draft_of(review: ReviewView, agent: str) -> bool:
    """Whether `review` shows arguments that `agent` still streams."""
    return review.state == "draft" and review.agent == agent and review.changeset.id.startswith("draft:")


def _tool_prepared(state: SessionView, envelope: Envelope, event: ev.ToolPrepared) -> SessionView:
    view = change_tool(fresh(state, envelope), event.call, state="prepared", title=event.title)
    return set_agent(state, envelope.agent, view)


def _tool_started(state: SessionView, envelope: Envelope, event: ev.ToolStarted) -> SessionView:
    view = fresh(state, envelope)
    if event.call not in view.places:
        view = append(view, ToolEntry(event.call, event.name, event.title, "running"), open_as=event.call)
    view = change_tool(
        view, event.call, state="running", title=event.title, started=envelope.t, why=event.why
    )
    return set_agent(state, envelope.agent, view)


def _tool_ended(state: SessionView, envelope: Envelope, event: ev.ToolEnded) -> SessionView:
    view = fresh(state, envelope)
    if event.call not in view.places:
        view = append(view, ToolEntry(event.call, event.name, event.title, "running"), open_as=event.call)
    view = change_tool(
        view,
        event.call,
        state="ended",
        title=event.title,
        outcome=event.outcome,
        summary=event.summary,
        output=event.message.text,
        seconds=event.seconds,
        why=event.why,
        sandbox=event.sandbox,
    )
    return set_agent(state, envelope.agent, closed(view, event.call))


def _output_streamed(state: SessionView, envelope: Envelope, event: ev.OutputStreamed) -> SessionView:
    if any(job.id == event.source for job in state.jobs):
        jobs = tuple(
            replace(job, tail=(job.tail + event.text)[-LIVE_KEPT:]) if job.id == event.source else job
            for job in state.jobs
        )
        return replace(state, jobs=jobs)
    view = fresh(state, envelope)
    if event.source not in view.places:
        return state
    tail = (view.live.get(event.source, "") + event.text)[-LIVE_KEPT:]
    return set_agent(state, envelope.agent, replace(view, live={**view.live, event.source: tail}))


def _typed_started(state: SessionView, envelope: Envelope, event: ev.TypedStarted) -> SessionView:
    sign = "!" if event.joins else "!!"
    entry = ToolEntry(event.id, sign, f"{sign} {event.command}", "running", envelope.t, typed=True)
    return set_agent(state, envelope.agent, append(fresh(state, envelope), entry, open_as=event.id))


def _typed_ended(state: SessionView, envelope: Envelope, event: ev.TypedEnded) -> SessionView:
    view = change_tool(
        fresh(state, envelope),
        event.id,
        state="ended",
        outcome=event.outcome,
        summary=event.summary,
        output=event.output,
        seconds=event.seconds,
    )
    return set_agent(state, envelope.agent, closed(view, event.id))


def _queue_changed(state: SessionView, envelope: Envelope, event: ev.QueueChanged) -> SessionView:
    view = replace(fresh(state, envelope), steer=event.steer, queued=event.queued)
    return set_agent(state, envelope.agent, view)


def _noticed(state: SessionView, envelope: Envelope, event: ev.Noticed) -> SessionView:
    return noted(state, envelope, event.level, event.text, event.advice)


def noted(
    state: SessionView, envelope: Envelope, level: NoticeLevel, text: str, advice: str = ""
) -> SessionView:
    """With a line of nanodeck's own in the transcript."""
    entry = NoticeEntry(f"notice-{envelope.n}", level, text, advice)
    return set_agent(state, envelope.agent, append(fresh(state, envelope), entry))


def _turn_ended(state: SessionView, envelope: Envelope, event: ev.TurnEnded) -> SessionView:
    entry = TurnEntry(event.turn, event.end, event.usage, event.seconds, event.detail)
    view = append(state.agent(envelope.agent), entry)
    # What the person runs beside the turn goes on.
    typed = {entry.id for entry in view.typed}
    places = {key: at for key, at in view.places.items() if key in typed}
    live = {key: tail for key, tail in view.live.items() if key in typed}
    view = replace(view, turn="", calling=False, retry=None, places=places, live=live)
    return set_agent(state, envelope.agent, view)


def _retry_scheduled(state: SessionView, envelope: Envelope, event: ev.RetryScheduled) -> SessionView:
    retry = RetryView(event.attempt, envelope.t + event.seconds, event.reason)
    return set_agent(state, envelope.agent, replace(fresh(state, envelope), retry=retry))


TRANSCRIPT_STEPS: dict[type, Callable[[SessionView, Envelope, Any], SessionView]] = {
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
    ev.OutputStreamed: _output_streamed,
    ev.TypedStarted: _typed_started,
    ev.TypedEnded: _typed_ended,
    ev.QueueChanged: _queue_changed,
    ev.Noticed: _noticed,
    ev.TurnEnded: _turn_ended,
    ev.RetryScheduled: _retry_scheduled,
}
