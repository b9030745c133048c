"""Durable events of changes: proposed, decided on, commented, written, put back."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.changes import AppliedFile, Changeset, Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.sources import ReviewedFile, Source


class ChangesetProposed(Struct, frozen=True, tag=True):
    """Edits are staged; nothing is written."""

    changeset: Changeset


class HunksMarked(Struct, frozen=True, tag=True):
    """Somebody decided on hunks under review; so many steps of it can be undone and redone now."""

    changeset: str
    marks: tuple[HunkMark, ...]
    undo: int = 0
    redo: int = 0


class HunksRevised(Struct, frozen=True, tag=True):
    """Hunks of one file took the place of others: split, joined again, or moved and stale with the file."""

    changeset: str
    path: str
    gone: tuple[int, ...]
    hunks: tuple[Hunk, ...]
    undo: int = 0
    redo: int = 0


class ChangesetEnded(Struct, frozen=True, tag=True):
    """A changeset was written (as far as accepted), refused, or failed; `files` is what was written."""

    changeset: str
    files: tuple[AppliedFile, ...]
    rejected: int = 0
    failure: str = ""


class HunkTakenBack(Struct, frozen=True, tag=True):
    """An applied hunk was taken back; the write that did it is `changeset`, which /undo puts back."""

    source: Source
    path: str
    hunk: Hunk
    changeset: str


class FileMarked(Struct, frozen=True, tag=True):
    """The person has reviewed the diff of a file as it is, or takes that back."""

    file: ReviewedFile
    reviewed: bool = True


class CommentWritten(Struct, frozen=True, tag=True):
    """A comment is open: it is new, or another text or place took the place of the one with its id."""

    comment: Comment


class CommentDropped(Struct, frozen=True, tag=True):
    """An open comment was thrown away."""

    id: str


class CommentsSent(Struct, frozen=True, tag=True):
    """Comments reached the model: they are open no longer."""

    ids: tuple[str, ...]
