"""Checkpoints: the workspace as it was before a turn or a command changed it, or when somebody wished."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.text import counted, named

CheckpointKind = Literal["turn", "command", "named", "rewind"]

FILES_TOLD = 100
"""How many files a checkpoint names."""


class Checkpoint(Struct, frozen=True, omit_defaults=True):
    """The workspace before the first change of a turn, before a command or a rewind, or under a name.

    `tree` names in the store what it held, `time` is seconds since the epoch. `changeset` is what was
    written next: what the command `call` changed, or the first edits of `turn`; `files` are the first ones
    of these, of `total`. `skipped` were not kept: large ones that git does not track, secret ones.
    """

    id: str
    number: int
    kind: CheckpointKind
    tree: str
    time: float
    name: str = ""
    turn: str = ""
    call: str = ""
    changeset: str = ""
    files: tuple[AppliedFile, ...] = ()
    total: int = 0
    added: int = 0
    removed: int = 0
    skipped: tuple[str, ...] = ()


def about_changes(checkpoint: Checkpoint) -> str:
    """What was changed after a checkpoint, in a few words; empty for nothing."""
    if not checkpoint.total:
        return ""
    files = named((file.path for file in checkpoint.files), checkpoint.total) or counted(
        checkpoint.total, "file"
    )
    return f"{files} +{checkpoint.added} -{checkpoint.removed}"


class CheckpointTaken(Struct, frozen=True, tag=True):
    """The workspace is kept as it was; told once it is known that something changed since."""

    checkpoint: Checkpoint


class CheckpointsDropped(Struct, frozen=True, tag=True):
    """Checkpoints are no longer kept: deleted, or too old."""

    ids: tuple[str, ...]


class CheckpointStore(Struct, frozen=True):
    """Everything that is kept for this workspace: bytes on disk, how many checkpoints, the oldest's time.

    `problem` says why there are none.
    """

    folder: str
    size: int = 0
    kept: int = 0
    oldest: float = 0.0
    problem: str = ""
