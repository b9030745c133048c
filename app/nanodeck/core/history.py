"""The history a model is sent: built from what happened, always valid for every provider."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.events import (
    ChangesRedone,
    ChangesUndone,
    Event,
    MessageSent,
    ReplyEnded,
    Rewound,
    ToolEnded,
    TurnStarted,
    TypedEnded,
)
from nanodeck.contracts.messages import AssistantMessage, Message, ToolMessage, UserMessage

INTERRUPTED = "interrupted by the user before it finished"
FAILED = "not finished: nanodeck failed while this ran, so its outcome is unknown"
UNKNOWN_OUTCOME = "interrupted: nanodeck stopped while this ran, so its outcome is unknown"


class _TakenOff(Struct, frozen=True):
    """What was known before the rewind `changeset` to before `turn`; `back`: and is again."""

    changeset: str
    turn: str
    messages: tuple[Message, ...]
    context: tuple[str, ...]
    turns: dict[str, tuple[int, tuple[str, ...]]]
    back: bool = False


class History:
    """The messages so far. Context joins the user message that follows it, and stays there."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._context: list[str] = []
        self._turns: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._off: _TakenOff | None = None

    def follow(self, event: Event) -> None:
        """Take account of what happened."""
        match event:
            case MessageSent(message=message) | ReplyEnded(message=message) | ToolEnded(message=message):
                self.add(message)
            case TypedEnded(joins=True):
                self.add(typed_context(event))
            case TurnStarted(turn=turn):
                self._turns[turn] = len(self._messages), tuple(self._context)
                self._off = None
            case Rewound(turn=turn, what=what, changeset=changeset) if what != "files":
                self._rewind(turn, changeset)
            case ChangesUndone(changeset=changeset):
                self._bring_back(changeset)
            case ChangesRedone(changeset=changeset):
                if self._off and (self._off.changeset, self._off.back) == (changeset, True):
                    self._rewind(self._off.turn, changeset)
            case _:
                pass

    def _rewind(self, turn: str, changeset: str) -> None:
        """Forget what was said since `turn` began; a turn that is no part of the history changes nothing."""
        if turn not in self._turns:
            return
        before = tuple(self._messages), tuple(self._context), dict(self._turns)
        self._off = _TakenOff(changeset, turn, *before) if changeset else None
        length, context = self._turns[turn]
        del self._messages[length:]
        self._context[:] = context
        names = list(self._turns)
        for later in names[names.index(turn) :]:
            del self._turns[later]

    def _bring_back(self, changeset: str) -> None:
        """Know again what the rewind `changeset` took off, and what was noted since."""
        off = self._off
        if off is None or off.changeset != changeset or off.back:
            return
        noted = self._context[len(off.turns[off.turn][1]) :]
        self._messages[:], self._context[:] = off.messages, [*off.context, *noted]
        self._turns = dict(off.turns)
        self._off = replace(off, back=True)

    def add(self, message: Message) -> None:
        """Append one message; an empty reply leaves no trace."""
        if isinstance(message, UserMessage):
            if message.kind == "context":
                self._context.append(message.text)
                return
            attached = (one.text or f"(@{one.name}: {one.problem})" for one in message.attachments)
            text = "\n\n".join([*self._context, *attached, message.text])
            self._context.clear()
            self._messages.append(UserMessage(text, message.kind))
        elif isinstance(message, ToolMessage):
            self._messages.append(message)
        else:
            self.settle_context()
            if message.parts:
                self._messages.append(message)

    def settle_context(self) -> None:
        """Context that no user message followed goes in by itself, before the next model call."""
        if self._context:
            self._messages.append(UserMessage("\n\n".join(self._context), "context"))
            self._context.clear()

    def messages(self) -> tuple[Message, ...]:
        """What a model call sends: every call answered once, results in the order of the calls."""
        return tuple(paired(self._messages))

    @property
    def last_reply(self) -> AssistantMessage | None:
        """The last message that is a model's."""
        replies = (message for message in reversed(self._messages) if isinstance(message, AssistantMessage))
        return next(replies, None)

    def open_calls(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of calls of the last reply that have no result yet."""
        answered: set[str] = set()
        for message in reversed(self._messages):
            if isinstance(message, ToolMessage):
                answered.add(message.call_id)
            elif isinstance(message, AssistantMessage):
                return tuple((call.id, call.name) for call in message.calls if call.id not in answered)
            else:
                break
        return ()


def typed_context(ended: TypedEnded) -> UserMessage:
    """What a model is told of a shell command that the person typed."""
    text = f"[The user ran a shell command]\n$ {ended.command}\n{ended.output}"
    return UserMessage(text, "context")


def history_of(events: Iterable[Event]) -> History:
    """The history that a journal's events add up to."""
    history = History()
    for event in events:
        history.follow(event)
    return history


def paired(messages: Iterable[Message]) -> list[Message]:
    """`messages` with each call followed by exactly one result, and no result without its call."""
    out: list[Message] = []
    waiting: list[Message] = []
    open_calls: dict[str, tuple[str, ToolMessage | None]] = {}

    def settle() -> None:
        for call_id, (name, result) in open_calls.items():
            out.append(result or ToolMessage(call_id, name, UNKNOWN_OUTCOME, ok=False))
        open_calls.clear()
        out.extend(waiting)
        waiting.clear()

    for message in messages:
        if isinstance(message, ToolMessage):
            if message.call_id in open_calls and open_calls[message.call_id][1] is None:
                open_calls[message.call_id] = (message.name, message)
        elif isinstance(message, AssistantMessage):
            settle()
            out.append(message)
            open_calls = {call.id: (call.name, None) for call in message.calls}
        elif open_calls:
            waiting.append(message)
        else:
            out.append(message)
    settle()
    return out
