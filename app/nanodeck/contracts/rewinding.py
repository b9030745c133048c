"""Going back: to before a turn, files or conversation or both; and the steps of undo and redo."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nanodeck.contracts.changes import AppliedFile, ChangeKind
from nanodeck.contracts.text import counted, named, one_line

PROMPT_LENGTH = 60

RewindWhat = Literal["files", "conversation", "both", "summary"]
"""What goes back; "summary" puts the model's summary in the place of the conversation and leaves files."""
RewindState = Literal["restore", "merge", "clash", "same"]

REWIND_WORDS: dict[RewindWhat, str] = {
    "files": "files",
    "conversation": "conversation",
    "both": "files and conversation",
    "summary": "summarise from here",
}
"""What goes back, as people read it."""


class RewindTurn(Struct, frozen=True, omit_defaults=True):
    """A turn one can go back to before: its prompt's `text`, when it began, what it changed of files.

    `messages` are those from it on, which a rewind of the conversation takes away; `files` are the first
    ones of `total`.
    """

    turn: str
    text: str
    time: float
    messages: int
    files: tuple[AppliedFile, ...] = ()
    total: int = 0


class RewindFile(Struct, frozen=True, omit_defaults=True):
    """What a rewind does to a file, counted on the file as it is now.

    "restore" gives it what it was; "merge" keeps what the person changed since beside that, "clash" could
    not and leaves it alone; "same" is so already. `why` says more where it clashes.
    """

    path: str
    kind: ChangeKind
    added: int
    removed: int
    state: RewindState
    why: str = ""


class RewindPlan(Struct, frozen=True, omit_defaults=True):
    """What going back to before a turn would do; `problem` says why files cannot go, or not all."""

    turn: str
    files: tuple[RewindFile, ...] = ()
    messages: int = 0
    problem: str = ""


class Rewound(Struct, frozen=True, tag=True):
    """The session went back to before `turn`.

    `changeset` is what /undo takes back; `files` were changed by it, `taken` are the changesets that are gone
    by it, `skipped` the files left as they are. `messages` were taken off the conversation,
    with `summary` in their place; `prompt` is what the person had said first and may say anew.
    """

    turn: str
    what: RewindWhat
    files: tuple[AppliedFile, ...] = ()
    skipped: tuple[str, ...] = ()
    changeset: str = ""
    taken: tuple[str, ...] = ()
    messages: int = 0
    summary: str = ""
    prompt: str = ""


class ChangesUndone(Struct, frozen=True, tag=True):
    """The last changeset was put back: edits, what a shell command changed, a rewind."""

    changeset: str
    files: tuple[str, ...]


class ChangesRedone(Struct, frozen=True, tag=True):
    """The changeset that was put back last was written again."""

    changeset: str
    files: tuple[str, ...]


def about_turn(turn: RewindTurn) -> str:
    """What a turn left behind, in a few words."""
    said = f"{counted(turn.messages, 'message')} since"
    if not turn.files:
        return f"{said}, it changed no file"
    added, removed = sum(file.added for file in turn.files), sum(file.removed for file in turn.files)
    total = max(turn.total, len(turn.files))
    # Of files that are not named nobody knows here how many lines they have.
    tally = f" +{added} -{removed}" if total == len(turn.files) else ""
    names = named((file.path for file in turn.files), total)
    return f"{said}, it changed {counted(total, 'file')}{tally}: {names}"


def about_file(file: RewindFile) -> str:
    """What becomes of a file in a rewind, in a few words."""
    if file.state == "merge":
        return "put back, and what you changed since stays"
    if file.state == "clash":
        return f"left alone: {one_line(file.why, 200)}"
    if file.state == "same":
        return "is as it was"
    return {"created": "comes back", "deleted": "goes"}.get(file.kind, "put back")


def rewound_words(event: Rewound) -> str:
    """What a rewind did, in one line for people; empty where it did nothing."""
    parts: list[str] = []
    if event.messages and event.summary:
        parts.append(f"{counted(event.messages, 'message')} summarised")
    elif event.messages:
        parts.append(f"{counted(event.messages, 'message')} taken off the conversation")
    if event.files:
        parts.append(f"{counted(len(event.files), 'file')} put back: {named(f.path for f in event.files)}")
    if event.skipped:
        parts.append(f"{counted(len(event.skipped), 'file')} left alone: {named(event.skipped)}")
    before = f" “{one_line(event.prompt, PROMPT_LENGTH)}”" if event.prompt else " this turn"
    return f"Back to before{before}: {'; '.join(parts)}" if parts else ""
