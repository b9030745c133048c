"""The history a model is sent: built from what happened, always valid for every provider."""

from __future__ import annotations

from collections.abc import Iterable

from nanodeck.contracts.events import (
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


class History:
    """The messages so far. Context joins the user message that follows it, and stays there."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._context: list[str] = []
        self._turns: dict[str, tuple[int, tuple[str, ...]]] = {}

    def begin(self, turn: str) -> None:
        """A turn begins here."""
        self._turns[turn] = len(self._messages), tuple(self._context)

    def rewind(self, turn: str) -> None:
        """Forget what was said since `turn` began; a turn that is no part of the history changes nothing."""
        if turn in self._turns:
            length, context = self._turns[turn]
            del self._messages[length:]
            self._context[:] = context
            names = list(self._turns)
            for later in names[names.index(turn) :]:
                del self._turns[later]

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
        match event:
            case MessageSent(message=message) | ReplyEnded(message=message) | ToolEnded(message=message):
                history.add(message)
            case TypedEnded(joins=True):
                history.add(typed_context(event))
            case TurnStarted(turn=turn):
                history.begin(turn)
            case Rewound(turn=turn, what=what) if what != "files":
                history.rewind(turn)
            case _:
                pass
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
