"""What a person or a program can ask the engine to do."""

from __future__ import annotations

from typing import Any, Union

from msgspec import Struct

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.discreet import Discreet
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.rewinding import RewindWhat
from nanodeck.contracts.rules import Rule
from nanodeck.contracts.sandbox import Access
from nanodeck.contracts.sources import ReviewedFile, Source

MAIN_AGENT = "main"


class Send(Struct, frozen=True, tag=True):
    """Say `text` to an agent: starts a turn, or steers the running one."""

    text: str
    agent: str = MAIN_AGENT


class Queue(Struct, frozen=True, tag=True):
    """Say `text` once the running turn is over."""

    text: str
    agent: str = MAIN_AGENT


class Cancel(Struct, frozen=True, tag=True):
    """Stop the running turn; queued text goes back to the face (`QueueReturned`)."""

    agent: str = MAIN_AGENT


class Decide(Struct, frozen=True, tag=True):
    """Answer a request; the first answer wins."""

    request: str
    answer: Answer


class MarkHunks(Struct, frozen=True, tag=True):
    """Decide on hunks of a changeset under review; nothing is written yet.

    `shown` are the hunks of `marks`, in their order, as they were when lines were picked or written anew.
    """

    changeset: str
    marks: tuple[HunkMark, ...]
    shown: tuple[Hunk, ...] = ()


class SplitHunk(Struct, frozen=True, tag=True):
    """Split a hunk under review at the context lines between its changes."""

    changeset: str
    path: str
    hunk: int


class UndoDecision(Struct, frozen=True, tag=True):
    """Take back the last step of a review: marks, or a split."""

    changeset: str


class RedoDecision(Struct, frozen=True, tag=True):
    """Take the step again that was taken back last."""

    changeset: str


class SendReview(Struct, frozen=True, tag=True):
    """End a review: accepted hunks are written, undecided ones are not."""

    request: str
    message: str = ""


class MarkFile(Struct, frozen=True, tag=True):
    """The person has reviewed the diff of a file as it is, or takes that back."""

    file: ReviewedFile
    reviewed: bool = True


class WriteComment(Struct, frozen=True, tag=True):
    """Comment on lines of a diff: a new comment without an id, another text or place for a known one."""

    comment: Comment


class DropComment(Struct, frozen=True, tag=True):
    """Throw an open comment away."""

    id: str


class SendComments(Struct, frozen=True, tag=True):
    """Say every open comment that belongs to no waiting review, in one message with `message`."""

    message: str = ""
    agent: str = MAIN_AGENT


class TakeBack(Struct, frozen=True, tag=True):
    """Take back an applied hunk, as the diff of `source` has it; the rest of the file stays as it is now."""

    source: Source
    path: str
    hunk: Hunk


class RunTyped(Struct, frozen=True, tag=True):
    """Run a shell command the person typed, beside any turn; `joins`: the model is told what it printed."""

    command: str
    joins: bool = True


class StopTyped(Struct, frozen=True, tag=True):
    """Stop the shell commands that the person typed."""


class SwitchModel(Struct, frozen=True, tag=True):
    """Use another model from the next model call on.

    `name` as people type it, or with `provider` exactly as that provider calls it.
    """

    name: str
    provider: str = ""


class SwitchMode(Struct, frozen=True, tag=True):
    """Change the mode, also in mid-turn."""

    mode: Mode


class SetSandbox(Struct, frozen=True, tag=True):
    """Confine commands otherwise from the next one on; None leaves a choice as it is."""

    access: Access | None = None
    network: bool | None = None


class ChangeFolder(Struct, frozen=True, tag=True):
    """Move the shell's folder (`/cwd`)."""

    folder: str


class StartSession(Struct, frozen=True, tag=True):
    """Begin a new session in the same folder; the old one stays on disk."""


class ResumeSession(Struct, frozen=True, tag=True):
    """Go on with an earlier session."""

    session: str


class AskTrust(Struct, frozen=True, tag=True):
    """Ask the person whether the files that steer what is done in the folder may do so; also once more."""


class Undo(Struct, frozen=True, tag=True):
    """Put back the last changeset: edits, what a shell command changed, a rewind."""


class Redo(Struct, frozen=True, tag=True):
    """Write the changeset again that was put back last."""


class Rewind(Struct, frozen=True, tag=True):
    """Go back to before `turn`; files in `skip` are left as they are."""

    turn: str
    what: RewindWhat
    skip: tuple[str, ...] = ()


class CreateCheckpoint(Struct, frozen=True, tag=True):
    """Keep the workspace as it is under a name."""

    name: str


class DeleteCheckpoint(Struct, frozen=True, tag=True):
    """Forget a named checkpoint."""

    name: str


class LoadCheckpoint(Struct, frozen=True, tag=True):
    """Give every file back what it held at a named checkpoint; `Undo` takes that back."""

    name: str


class CollectCheckpoints(Struct, frozen=True, tag=True):
    """Drop checkpoints of this workspace that are older than `days`, then the oldest above `megabytes`."""

    days: float
    megabytes: float


class SavePreference(Struct, frozen=True, tag=True):
    """Set one of the deck's preferences in the person's settings."""

    name: str
    value: bool | str


class Remember(Struct, frozen=True, tag=True):
    """Keep something that nobody set (a width, a tip that was seen) for later starts; None forgets it."""

    name: str
    value: Any = None


class StopJob(Struct, frozen=True, tag=True):
    """Kill a background job's process group."""

    job: str


class AddRule(Struct, frozen=True, tag=True):
    """Make a rule hold from now on, kept where its scope says; its file and line are not looked at."""

    rule: Rule


class DeleteRule(Struct, frozen=True, tag=True):
    """Take a rule away, from its file too."""

    rule: Rule


class AddProvider(Discreet, Struct, frozen=True, tag=True):
    """Store a provider in the user's settings and its key in the key file, and switch to it."""

    name: str
    base_url: str
    model: str
    key: str = ""


Command = Union[
    Send,
    Queue,
    Cancel,
    Decide,
    MarkHunks,
    SplitHunk,
    UndoDecision,
    RedoDecision,
    SendReview,
    TakeBack,
    MarkFile,
    WriteComment,
    DropComment,
    SendComments,
    RunTyped,
    StopTyped,
    SwitchModel,
    SwitchMode,
    SetSandbox,
    ChangeFolder,
    StartSession,
    ResumeSession,
    AskTrust,
    Undo,
    Redo,
    Rewind,
    CreateCheckpoint,
    DeleteCheckpoint,
    LoadCheckpoint,
    CollectCheckpoints,
    SavePreference,
    Remember,
    StopJob,
    AddRule,
    DeleteRule,
    AddProvider,
]
