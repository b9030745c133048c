"""The folded state as faces see it: what a replay of events adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Literal, TypeVar, Union

from msgspec import Struct

from nanodeck.contracts.changes import AppliedFile, Changeset, HunkMark
from nanodeck.contracts.checkpoints import Checkpoint
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.events import JobStatus, NoticeLevel, ToolOutcome, TurnEnd
from nanodeck.contracts.messages import Attachment, UserKind
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answered, Request
from nanodeck.contracts.rules import Rule, Why
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.contracts.sources import ReviewedFile
from nanodeck.contracts.tasks import Task

ItemT = TypeVar("ItemT")
CHUNK = 64


class Log(Struct, Generic[ItemT], frozen=True):
    """An immutable list whose append costs the same at any length (full chunks are shared)."""

    full: tuple[tuple[ItemT, ...], ...] = ()
    last: tuple[ItemT, ...] = ()

    def __len__(self) -> int:
        return len(self.full) * CHUNK + len(self.last)

    def __iter__(self) -> Iterator[ItemT]:
        for chunk in self.full:
            yield from chunk
        yield from self.last

    def __getitem__(self, index: int) -> ItemT:
        chunk, offset = divmod(index, CHUNK)
        return self.full[chunk][offset] if chunk < len(self.full) else self.last[offset]

    def append(self, item: ItemT) -> Log[ItemT]:
        """A log with `item` at its end."""
        last = (*self.last, item)
        if len(last) == CHUNK:
            return Log((*self.full, last), ())
        return Log(self.full, last)

    def replace(self, index: int, item: ItemT) -> Log[ItemT]:
        """A log with `item` at `index`."""
        chunk, offset = divmod(index, CHUNK)
        if chunk == len(self.full):
            return Log(self.full, (*self.last[:offset], item, *self.last[offset + 1 :]))
        old = self.full[chunk]
        new = (*old[:offset], item, *old[offset + 1 :])
        return Log((*self.full[:chunk], new, *self.full[chunk + 1 :]), self.last)

    def cut(self, length: int) -> Log[ItemT]:
        """A log of the first `length` items."""
        if length >= len(self):
            return self
        chunk, offset = divmod(length, CHUNK)
        return Log(self.full[:chunk], (*self.full, self.last)[chunk][:offset])


class SaidEntry(Struct, frozen=True, tag="said", omit_defaults=True):
    """Something the person said and what goes with it, its content left out."""

    id: str
    text: str
    kind: UserKind
    attachments: tuple[Attachment, ...] = ()


class ReplyEntry(Struct, frozen=True, tag="reply", omit_defaults=True):
    """A model's reply; `open` while it streams, `cut` when it did not end properly."""

    id: str
    text: str
    reasoning: str = ""
    open: bool = False
    cut: bool = False
    model: str = ""
    usage: Usage = Usage()
    seconds: float = 0.0
    thought: float = 0.0


ToolState = Literal["writing", "prepared", "waiting", "running", "ended"]


class ToolEntry(Struct, frozen=True, tag="tool", omit_defaults=True):
    """A tool call's row: `writing` arguments, `prepared`, `waiting` for a decision, `running`, `ended`.

    `typed`: no call of a model but a shell command of the person, whose output they want to see at once.
    `answers` are the person's to what was asked about it, `sandbox` is as in `ToolEnded`. `changed` says in a
    few words which files a command changed.
    """

    id: str
    name: str
    title: str
    state: ToolState
    started: float = 0.0
    outcome: ToolOutcome = "ok"
    summary: str = ""
    output: str = ""
    seconds: float = 0.0
    why: Why | None = None
    changeset: str = ""
    typed: bool = False
    answers: tuple[Answered, ...] = ()
    sandbox: str = ""
    changed: str = ""


class NoticeEntry(Struct, frozen=True, tag="notice", omit_defaults=True):
    """Something people should know, in the transcript where it happened."""

    id: str
    level: NoticeLevel
    text: str
    advice: str = ""


class TurnEntry(Struct, frozen=True, tag="turn", omit_defaults=True):
    """The line under a finished turn."""

    id: str
    end: TurnEnd
    usage: Usage
    seconds: float
    detail: str = ""


Entry = Union[SaidEntry, ReplyEntry, ToolEntry, NoticeEntry, TurnEntry]


class JobView(Struct, frozen=True, omit_defaults=True):
    """A background command: `tail` is its last lines, `started` seconds since the epoch.

    `denied` is what the sandbox kept it from, once it has ended.
    """

    id: str
    title: str
    folder: str
    started: float
    status: JobStatus = "running"
    exit_code: int | None = None
    seconds: float = 0.0
    tail: str = ""
    denied: str = ""


ReviewState = Literal["draft", "asking", "applied", "refused", "failed", "undone", "approved", "returned"]


class TakenBack(Struct, frozen=True):
    """A hunk that was written and taken back; `changeset` is the write that did it, `undone` since or not."""

    path: str
    hunk: int
    changeset: str
    undone: bool = False


class ReviewView(Struct, frozen=True, omit_defaults=True):
    """A changeset and the decisions on it; hunks without a mark are undecided.

    `undo` and `redo` are the steps of the review that can be taken back and taken again. `taken` are the
    hunks that were taken back after they were written, `undone_by` the rewind that took all of it back.
    """

    changeset: Changeset
    state: ReviewState
    agent: str
    request: str = ""
    marks: tuple[HunkMark, ...] = ()
    undo: int = 0
    redo: int = 0
    applied: tuple[AppliedFile, ...] = ()
    failure: str = ""
    taken: tuple[TakenBack, ...] = ()
    undone_by: str = ""

    @property
    def gone(self) -> frozenset[tuple[str, int]]:
        """Path and id of the hunks that were written and are taken back now."""
        return frozenset((taken.path, taken.hunk) for taken in self.taken if not taken.undone)


class RetryView(Struct, frozen=True):
    """A model call that is tried again at `until` (wall clock)."""

    attempt: int
    until: float
    reason: str


class TurnMark(Struct, frozen=True, omit_defaults=True):
    """Where a turn begins in the transcript, and what a rewind to before it has to know of that moment.

    `time` is wall-clock seconds, `context` the size of the model call before it in tokens, `planning`
    whether the model knew itself in plan mode. `files` is what was written in the turn so far.
    """

    turn: str
    position: int
    time: float
    context: int = 0
    planning: bool = False
    tasks: tuple[Task, ...] = ()
    files: tuple[AppliedFile, ...] = ()


class TakenOff(Struct, frozen=True, omit_defaults=True):
    """The conversation as it was before the rewind `changeset` to before `turn`, until a turn begins.

    It is `back` once that rewind was undone.
    """

    changeset: str
    turn: str
    transcript: Log[Entry]
    turns: Log[TurnMark]
    context: int = 0
    planning: bool = False
    tasks: tuple[Task, ...] = ()
    summary: str = ""
    back: bool = False


class AgentView(Struct, frozen=True, omit_defaults=True):
    """One agent: its transcript and what it does now.

    `turns` are those whose messages are part of the conversation; `turn` is the running turn's id or empty;
    `places` finds the entries of open calls and replies; `touched` are the positions the last event changed.
    `reply` is the open reply, `streamed` and
    `streamed_reasoning` its pieces so far; `live` holds the last output of running calls.
    `context` is the size of the last model call in tokens, as the server counted it; `planning` whether
    that told the model of plan mode. `taken_off` is what undoing the last rewind brings back.
    """

    transcript: Log[Entry] = Log()
    turns: Log[TurnMark] = Log()
    taken_off: TakenOff | None = None
    places: dict[str, int] = {}
    touched: tuple[int, ...] = ()
    turn: str = ""
    turn_started: float = 0.0
    calling: bool = False
    retry: RetryView | None = None
    steer: tuple[str, ...] = ()
    queued: tuple[str, ...] = ()
    usage: Usage = Usage()
    context: int = 0
    planning: bool = False
    reply: str = ""
    streamed: Log[str] = Log()
    streamed_reasoning: Log[str] = Log()
    live: dict[str, str] = {}

    @property
    def last_turn(self) -> str:
        """The turn that runs, or else the one before."""
        ended = (entry.id for entry in reversed(self.transcript) if isinstance(entry, TurnEntry))
        return self.turn or next(ended, "")

    @property
    def typed(self) -> tuple[ToolEntry, ...]:
        """The person's own shell commands that run."""
        entries = (self.transcript[position] for position in self.places.values())
        return tuple(entry for entry in entries if isinstance(entry, ToolEntry) and entry.typed)


class SessionView(Struct, frozen=True, omit_defaults=True):
    """The whole state of a session. `reviews` is oldest first; the last ones are kept.

    `comments` are the open ones in the order they were written, `reviewed` the files marked so,
    `checkpoints` what of the workspace is kept, oldest first. `changed`
    counts everything after which a diff has to be read again, `outside` are the files that were changed
    lately, and not by an agent's edits. `window` is how many tokens the model takes at once, 0 for unknown.
    `rules` are those of this session alone, `sandbox` is None until it was tried.
    """

    session: str = ""
    folder: str = ""
    cwd: str = ""
    title: str = ""
    model: ModelRef | None = None
    window: int = 0
    mode: Mode = Mode.NORMAL
    agents: dict[str, AgentView] = {}
    requests: tuple[Request, ...] = ()
    reviews: tuple[ReviewView, ...] = ()
    tasks: tuple[Task, ...] = ()
    jobs: tuple[JobView, ...] = ()
    comments: tuple[Comment, ...] = ()
    changed: int = 0
    outside: tuple[str, ...] = ()
    reviewed: tuple[ReviewedFile, ...] = ()
    rules: tuple[Rule, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    sandbox: SandboxState | None = None

    @property
    def pressing(self) -> tuple[Request, ...]:
        """The open requests that something waits for, the oldest first."""
        return tuple(request for request in self.requests if not request.beside)

    @property
    def waiting(self) -> tuple[Request, ...]:
        """All open requests, those that something waits for first."""
        return (*self.pressing, *(request for request in self.requests if request.beside))

    def agent(self, name: str) -> AgentView:
        """The agent called `name`, empty when it has not acted yet."""
        return self.agents.get(name) or AgentView()


class Snapshot(Struct, frozen=True):
    """The folded state after durable event `n`: what a subscription starts with."""

    n: int
    state: SessionView
