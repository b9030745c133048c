"""An agent: one history, one inbox, one turn at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from functools import partial
from time import monotonic

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.errors import ModelError, NanodeckError
from nanodeck.contracts.messages import (
    AssistantMessage,
    Attachment,
    Finish,
    Origin,
    Part,
    ReasoningPart,
    TextPart,
    UserKind,
    UserMessage,
)
from nanodeck.contracts.model import (
    CallDelta,
    ModelCall,
    ModelRef,
    ReasoningDelta,
    Reply,
    RetryPlanned,
    TextDelta,
    Usage,
)
from nanodeck.core.history import FAILED, INTERRUPTED, History, typed_context
from nanodeck.core.inbox import Inbox
from nanodeck.core.prompt import after_summary, summary_request
from nanodeck.core.turn import run_turn
from nanodeck.engine.calls.running import CallRunner
from nanodeck.engine.plans import Plans
from nanodeck.engine.project.attaching import attach
from nanodeck.engine.records.partial import Partial, left_of
from nanodeck.engine.review.changesets import Changesets
from nanodeck.engine.review.drafts import Drafts
from nanodeck.engine.review.pending import Pending
from nanodeck.engine.session import Session

STOPPED_NOTE = "[The user stopped your last reply here.]"
KILLED_NOTE = "[nanodeck was stopped during your last reply.]"

_Work = Callable[[], Awaitable[tuple[ev.TurnEnd, str]]]
_Turn = Callable[[], Awaitable[bool]]

_log = logging.getLogger(__name__)


class Agent:
    """Runs turns for one agent of a session. Lives on the engine's loop."""

    def __init__(
        self, session: Session, changesets: Changesets, plans: Plans, name: str, history: History
    ) -> None:
        self.name = name
        self.history = history
        self._session = session
        self._inbox = Inbox()
        self._plans = plans
        self._calls = CallRunner(session, changesets, plans, name, answered=self.answered, steer=self.steer)
        self._task: asyncio.Task[None] | None = None
        self._spent = Usage()

    @property
    def busy(self) -> bool:
        """Whether a turn runs."""
        return self._task is not None and not self._task.done()

    def send(self, text: str, said: Callable[[], None] = lambda: None) -> None:
        """Start a turn with `text`, or steer the running one; `said` is done once it cannot get lost."""
        if self.busy:
            self._inbox.add_steer(text)
            self._publish_queue()
            said()
        else:
            self._begin(partial(self._turn, text, "prompt", said))

    def queue(self, text: str) -> None:
        """Keep `text` for after the running turn."""
        if self.busy:
            self._inbox.add_queued(text)
            self._publish_queue()
        else:
            self.send(text)

    def note(self, text: str) -> None:
        """Tell the model something before its next call, without a person having said it."""
        self._say(text, "context")

    def hear(self, typed: ev.TypedEnded) -> None:
        """Take note of what the person ran, if it is meant for the model."""
        if typed.joins:
            self.history.add(typed_context(typed))

    async def cancel(self) -> None:
        """Stop the running turn and hand waiting texts back; returns when it has stopped."""
        if self._task is None or self._task.done():
            return
        self._hand_back()
        # A turn that has not begun yet could not say how it ended.
        await asyncio.sleep(0)
        self._task.cancel()
        await asyncio.wait([self._task])

    def take_up(self, turn: str, pending: Pending) -> None:
        """Go on with a turn that another process left at a review."""
        self._begin(partial(self._through, turn, partial(self._go_on, pending)))

    def _begin(self, turn: _Turn) -> None:
        self._task = asyncio.create_task(self._work(turn), name=f"agent-{self.name}")

    async def _work(self, turn: _Turn) -> None:
        """Run `turn`, then those that were queued meanwhile."""
        while await turn():
            following = self._inbox.take_next()
            if following is None:
                return
            self._publish_queue()
            turn = partial(self._turn, following, "queued")
        self._hand_back()

    async def _turn(self, text: str, kind: UserKind, said: Callable[[], None] = lambda: None) -> bool:
        """A new turn; False when it was stopped or failed, so that nothing queued may follow."""
        turn = self._start()
        return await self._through(turn, partial(self._answer, text, kind, said))

    def _start(self) -> str:
        """Say that a turn begins; its id."""
        turn = self._session.next_id("turn")
        self._session.publish(self.name, ev.TurnStarted(turn))
        self.history.follow(ev.TurnStarted(turn))
        return turn

    def go_back(self, event: ev.Rewound | ev.ChangesUndone | ev.ChangesRedone) -> None:
        """Say that the session went back, or what of that was undone; know the conversation as it is then."""
        said = self._session.state.agent(self.name).turns
        self._session.publish(self.name, event)
        self.history.follow(event)
        if self._session.state.agent(self.name).turns != said:
            self._plans.recall()
            self._session.rewound()

    def summarise(self, event: ev.Rewound) -> None:
        """Have the model sum up what `event` takes off the conversation, then go back with its summary."""
        self._begin(partial(self._summarised, event))

    async def _summarised(self, event: ev.Rewound) -> bool:
        turn = self._start()
        return await self._through(turn, partial(self._sum_up, turn, event))

    async def _sum_up(self, turn: str, event: ev.Rewound) -> tuple[ev.TurnEnd, str]:
        try:
            self._say(summary_request(event.prompt), "context")
            reply = await self.call_model()
            if reply.calls or not reply.text.strip():
                raise NanodeckError("the model gave no summary", "the conversation is as it was: try again")
        except BaseException:
            # Nothing of the attempt stays.
            self.go_back(ev.Rewound(turn, "conversation"))
            raise
        self.go_back(ev.Rewound(turn, "conversation"))
        self.go_back(replace(event, summary=reply.text.strip()))
        self.note(after_summary(reply.text.strip()))
        return "done", ""

    async def _answer(self, text: str, kind: UserKind, said: Callable[[], None]) -> tuple[ev.TurnEnd, str]:
        """Say `text` and let the model work on it; gives it back where it could not be said."""
        session = self._session
        try:
            if context := await session.first_context():
                self._say(context, "context")
            self._tell_mode()
            self._say(text, kind, await self._attached(text))
        except BaseException:
            session.publish(self.name, ev.QueueReturned((text,)))
            raise
        said()
        self._calls.person_spoke()
        await session.synced()
        return await run_turn(self, session.max_calls)

    async def _go_on(self, pending: Pending) -> tuple[ev.TurnEnd, str]:
        """Take up the review that the last reply led to, and let the model work on."""
        reply = self.history.last_reply
        if reply and (why := await self._calls.run(reply, pending)):
            return "stopped", why
        return await run_turn(self, self._session.max_calls)

    async def _through(self, turn: str, work: _Work) -> bool:
        """Run the `work` of a turn to its end, however that comes; False where nothing may follow."""
        session, started = self._session, monotonic()
        self._spent = Usage()
        end: ev.TurnEnd = "done"
        detail = ""
        try:
            end, detail = await work()
        except asyncio.CancelledError:
            end = "interrupted"
        except NanodeckError as error:
            end, detail = "error", error.message
            session.publish(self.name, ev.Noticed("error", error.message, error.advice))
        except Exception as error:
            _log.exception("turn failed")
            end, detail = "error", f"{type(error).__name__}: {error}"
            session.publish(self.name, ev.Noticed("error", detail, f"the log has more: {session.log_path}"))
        for call_id, name in self.history.open_calls():
            self._calls.close(call_id, name, INTERRUPTED if end == "interrupted" else FAILED)
        seconds = round(monotonic() - started, 3)
        session.publish(self.name, ev.TurnEnded(turn, end, self._spent, seconds, detail))
        session.sync_soon()
        return end not in ("interrupted", "error")

    async def call_model(self) -> AssistantMessage:
        """One model call, streamed; the reply joins the history. Raises ModelError."""
        session = self._session
        ref, model = session.models.current()
        self._tell_mode()
        self.history.settle_context()
        reply_id = session.next_id("reply")
        call = ModelCall(ref, session.system_prompt, session.tool_specs, self.history.messages())
        session.publish(self.name, ev.ModelCallStarted(reply_id))
        stream = ReplyStream(session, self.name, reply_id)
        started = monotonic()
        try:
            async with aclosing(model.stream(call)) as events:
                async for event in events:
                    stream.take(event)
            if stream.reply is None:
                raise ModelError("protocol", "the reply ended without its end")
        except BaseException as error:
            self._end_cut(reply_id, stream, error, ref, started)
            raise
        finally:
            stream.close()
        self._end_reply(reply_id, stream.reply.message, stream.reply.usage, started, stream.thought)
        return stream.reply.message

    async def run_calls(self, reply: AssistantMessage) -> str:
        """Run the calls of `reply`; why the turn ends, if it does."""
        return await self._calls.run(reply)

    async def deliver_steer(self) -> bool:
        """Put waiting steering texts into the history; whether there were any."""
        waiting = bool(self._inbox.steer)
        while self._inbox.steer:
            text = self._inbox.steer[0]
            # It stays in the inbox meanwhile: a stop hands back what was not said.
            attached = await self._attached(text)
            if self._inbox.take_steer() is not None:
                self._say(text, "steer", attached)
        if waiting:
            self._publish_queue()
            self._calls.person_spoke()
            await self._session.synced()
        return waiting

    def steer(self, text: str) -> None:
        """Put `text` before the next model call."""
        self._inbox.add_steer(text)
        self._publish_queue()

    def answered(self, event: ev.ToolEnded) -> None:
        """Record a call's result."""
        self._session.publish(self.name, event)
        self.history.add(event.message)
        self._session.sync_soon()

    def _tell_mode(self) -> None:
        """What plan mode means is told once it matters: before the next call of the model."""
        if news := self._plans.news():
            self.note(news)

    async def _attached(self, text: str) -> tuple[Attachment, ...]:
        return await attach(text, self._session.workspace, self._session.ledger)

    def _say(self, text: str, kind: UserKind, attachments: tuple[Attachment, ...] = ()) -> None:
        message = UserMessage(text, kind, attachments)
        self._session.publish(self.name, ev.MessageSent(self._session.next_id("message"), message))
        self.history.add(message)

    def _end_reply(
        self, reply_id: str, message: AssistantMessage, usage: Usage, started: float, thought: float
    ) -> None:
        seconds = round(monotonic() - started, 3)
        self._session.publish(self.name, ev.ReplyEnded(reply_id, message, usage, seconds, round(thought, 3)))
        self.history.add(message)
        self._spent = self._spent.plus(usage)

    def recover(self) -> None:
        """Take up the text of a reply that was on the screen when its process was killed."""
        reply, text = left_of(self._session.partial(self.name))
        known = (entry.id for entry in self._session.state.agent(self.name).transcript)
        if text.strip() and reply not in known:
            message = AssistantMessage((TextPart(text),), "interrupted")
            self._end_reply(reply, message, Usage(), monotonic(), 0.0)
            self._say(KILLED_NOTE, "context")

    def _end_cut(
        self, reply_id: str, stream: ReplyStream, error: BaseException, ref: ModelRef, started: float
    ) -> None:
        """Keep what was shown of a reply that `error` cut; its calls are dropped."""
        finish: Finish = "interrupted" if isinstance(error, asyncio.CancelledError) else "error"
        message = AssistantMessage(stream.parts, finish, Origin(ref.provider, ref.name))
        self._end_reply(reply_id, message, Usage(), started, stream.thought)
        if message.text and finish == "interrupted":
            self._say(STOPPED_NOTE, "context")

    def _hand_back(self) -> None:
        """Texts that wait go back to whoever typed them."""
        if texts := self._inbox.take_all():
            self._publish_queue()
            self._session.publish(self.name, ev.QueueReturned(texts))

    def _publish_queue(self) -> None:
        self._session.publish(self.name, ev.QueueChanged(self._inbox.steer, self._inbox.queued))


class ReplyStream:
    """What has come of one reply: published as it arrives, kept in case it is cut."""

    def __init__(self, session: Session, agent: str, reply_id: str) -> None:
        self.reply: Reply | None = None
        self.thought = 0.0
        self._thinks_since = 0.0
        self._session = session
        self._agent = agent
        self._id = reply_id
        self._text: list[str] = []
        self._thought: list[str] = []
        self._drafts = Drafts(session, agent)
        self._partial = Partial(session.partial(agent), reply_id, session.secrets)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What was shown so far."""
        thought, text = "".join(self._thought), "".join(self._text)
        return (*([ReasoningPart(thought)] if thought else ()), *([TextPart(text)] if text else ()))

    def take(self, event: TextDelta | ReasoningDelta | CallDelta | RetryPlanned | Reply) -> None:
        """Publish one piece of the stream."""
        match event:
            case TextDelta(text=text):
                self._text.append(text)
                self._partial.add(text)
                self._publish(ev.TextStreamed(self._id, text))
            case ReasoningDelta(text=text):
                self._thought.append(text)
                self._thinks_since = self._thinks_since or monotonic()
                self.thought = monotonic() - self._thinks_since
                self._publish(ev.ReasoningStreamed(self._id, text))
            case CallDelta(id=call, name=name, arguments=arguments):
                self._publish(ev.CallStreamed(self._id, call, name, arguments))
                self._drafts.grow(call, name, arguments)
            case RetryPlanned(attempt=attempt, seconds=seconds, reason=reason):
                self._publish(ev.RetryScheduled(attempt, seconds, reason))
            case Reply():
                self.reply = event

    def close(self) -> None:
        """Nothing more comes."""
        self._partial.close()

    def _publish(self, event: ev.Event) -> None:
        self._session.publish(self._agent, event)
