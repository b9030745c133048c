"""Everything that happens. Durable events go to the journal; passing ones only to subscribers."""

from __future__ import annotations

from typing import Literal, Union, get_args

from msgspec import Struct

from nanodeck.contracts.changes import Changeset
from nanodeck.contracts.checkpoints import (
    CheckpointsDropped as CheckpointsDropped,
    CheckpointTaken as CheckpointTaken,
)
from nanodeck.contracts.messages import AssistantMessage, ToolMessage, UserMessage
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer, Request
from nanodeck.contracts.reviewing import (
    ChangesetEnded as ChangesetEnded,
    ChangesetProposed as ChangesetProposed,
    CommentDropped as CommentDropped,
    CommentsSent as CommentsSent,
    CommentWritten as CommentWritten,
    FileMarked as FileMarked,
    HunksMarked as HunksMarked,
    HunksRevised as HunksRevised,
    HunkTakenBack as HunkTakenBack,
)
from nanodeck.contracts.rewinding import (
    ChangesRedone as ChangesRedone,
    ChangesUndone as ChangesUndone,
    Rewound as Rewound,
)
from nanodeck.contracts.rules import RuleAdded as RuleAdded, RuleDeleted as RuleDeleted, Why
from nanodeck.contracts.sandbox import SandboxProbed as SandboxProbed
from nanodeck.contracts.tasks import Task

ToolOutcome = Literal["ok", "error", "denied", "interrupted"]
TurnEnd = Literal["done", "interrupted", "error", "max-turns", "stopped"]
JobStatus = Literal["running", "done", "failed", "stopped"]
NoticeLevel = Literal["info", "warning", "error"]


# Durable.


class SessionStarted(Struct, frozen=True, tag=True):
    """The first event of a journal; `window` is as in `ModelSwitched`."""

    version: str
    folder: str
    model: ModelRef | None
    mode: Mode
    window: int = 0


class SessionResumed(Struct, frozen=True, tag=True):
    """A process took the session up again."""

    version: str
    folder: str


class ModelSwitched(Struct, frozen=True, tag=True):
    """The next model call goes to `model`, which takes `window` tokens at once, 0 where nobody knows."""

    model: ModelRef
    window: int = 0


class ModeSwitched(Struct, frozen=True, tag=True):
    """The mode changed."""

    mode: Mode


class FolderChanged(Struct, frozen=True, tag=True):
    """The shell's folder moved."""

    folder: str


class TurnStarted(Struct, frozen=True, tag=True):
    """A turn began; its user message follows."""

    turn: str


class MessageSent(Struct, frozen=True, tag=True):
    """A user message (prompt, steer, queued text or context) joined the transcript."""

    id: str
    message: UserMessage


class ReplyEnded(Struct, frozen=True, tag=True):
    """A model's reply is complete, or cut and marked so.

    `seconds` is the model call's duration, `thought` how long of it the model thought before it spoke.
    """

    id: str
    message: AssistantMessage
    usage: Usage
    seconds: float
    thought: float = 0.0


class ToolPrepared(Struct, frozen=True, tag=True):
    """A tool call's arguments fit its tool: it waits for its turn. `title` is one line for people."""

    call: str
    name: str
    title: str


class ToolStarted(Struct, frozen=True, tag=True):
    """A tool call passed its checks and begins. `title` is one line for people, `why` it may."""

    call: str
    name: str
    title: str
    why: Why | None = None


class ToolEnded(Struct, frozen=True, tag=True):
    """A tool call has its result. `summary` is a few words for its row; `why` it ran or did not.

    `sandbox` says what held its command back; empty where it ran none.
    """

    call: str
    name: str
    title: str
    message: ToolMessage
    outcome: ToolOutcome
    summary: str
    seconds: float
    why: Why | None = None
    sandbox: str = ""


class RequestOpened(Struct, frozen=True, tag=True):
    """Somebody is asked."""

    request: Request


class RequestClosed(Struct, frozen=True, tag=True):
    """A request was answered, or withdrawn when `answer` is None."""

    request: str
    answer: Answer | None = None


class TasksChanged(Struct, frozen=True, tag=True):
    """The whole task list after a change."""

    tasks: tuple[Task, ...]


class JobStarted(Struct, frozen=True, tag=True):
    """A background command runs. `started` is seconds since the epoch."""

    job: str
    title: str
    folder: str
    started: float


class JobEnded(Struct, frozen=True, tag=True):
    """A background command ended; `tail` is its last lines, `denied` what the sandbox kept it from."""

    job: str
    status: JobStatus
    exit_code: int | None
    seconds: float
    tail: str
    denied: str = ""


class TypedStarted(Struct, frozen=True, tag=True):
    """A shell command that the person typed runs; with `joins` the model is told what it printed."""

    id: str
    command: str
    joins: bool


class TypedEnded(Struct, frozen=True, tag=True):
    """A typed shell command is over. `summary` is a few words for its row."""

    id: str
    command: str
    joins: bool
    output: str
    outcome: ToolOutcome
    summary: str
    seconds: float


class QueueChanged(Struct, frozen=True, tag=True):
    """Texts waiting: `steer` for the next model call, `queued` for after the turn."""

    steer: tuple[str, ...]
    queued: tuple[str, ...]


class QueueReturned(Struct, frozen=True, tag=True):
    """Waiting texts go back to the prompt after a stop."""

    texts: tuple[str, ...]


class Noticed(Struct, frozen=True, tag=True):
    """Something people should know; `advice` says what to do."""

    level: NoticeLevel
    text: str
    advice: str = ""


class TurnEnded(Struct, frozen=True, tag=True):
    """A turn is over; `detail` says why in one line where `end` is not 'done'."""

    turn: str
    end: TurnEnd
    usage: Usage
    seconds: float
    detail: str = ""


# Passing.


class ModelCallStarted(Struct, frozen=True, tag=True):
    """A model call went out; its reply will have the id `reply`."""

    reply: str


class TextStreamed(Struct, frozen=True, tag=True):
    """More text of the open reply."""

    reply: str
    text: str


class ReasoningStreamed(Struct, frozen=True, tag=True):
    """More thinking of the open reply."""

    reply: str
    text: str


class CallStreamed(Struct, frozen=True, tag=True):
    """More arguments of a tool call that the open reply is writing."""

    reply: str
    call: str
    name: str
    arguments: str


class DraftChanged(Struct, frozen=True, tag=True):
    """What an edit whose arguments still stream would do, as far as it can be known."""

    call: str
    diff: Changeset


class OutputStreamed(Struct, frozen=True, tag=True):
    """Live output of a tool call or of a job, cleaned."""

    source: str
    text: str


class FilesChanged(Struct, frozen=True, tag=True):
    """Files of the project were changed, and not by an agent's edits."""

    paths: tuple[str, ...]


class RetryScheduled(Struct, frozen=True, tag=True):
    """A model call is tried again in `seconds`."""

    attempt: int
    seconds: float
    reason: str


Durable = Union[
    SessionStarted,
    SessionResumed,
    ModelSwitched,
    ModeSwitched,
    FolderChanged,
    SandboxProbed,
    TurnStarted,
    MessageSent,
    ReplyEnded,
    ToolPrepared,
    ToolStarted,
    ToolEnded,
    ChangesetProposed,
    HunksMarked,
    HunksRevised,
    ChangesetEnded,
    ChangesUndone,
    ChangesRedone,
    Rewound,
    HunkTakenBack,
    FileMarked,
    CommentWritten,
    CommentDropped,
    CommentsSent,
    CheckpointTaken,
    CheckpointsDropped,
    RequestOpened,
    RequestClosed,
    RuleAdded,
    RuleDeleted,
    TasksChanged,
    JobStarted,
    JobEnded,
    TypedStarted,
    TypedEnded,
    QueueChanged,
    QueueReturned,
    Noticed,
    TurnEnded,
]
Passing = Union[
    ModelCallStarted,
    TextStreamed,
    ReasoningStreamed,
    CallStreamed,
    DraftChanged,
    OutputStreamed,
    FilesChanged,
    RetryScheduled,
]
Event = Union[Durable, Passing]

PASSING: tuple[type, ...] = get_args(Passing)
URGENT: tuple[type, ...] = (RequestOpened, RequestClosed, TurnEnded, Noticed, QueueReturned, Rewound)


class Envelope(Struct, frozen=True):
    """An event on its way: `n` counts durable events of the session and is 0 for passing ones.

    `t` is wall-clock seconds, for show only: order is `n`.
    """

    n: int
    t: float
    session: str
    agent: str
    event: Event
