"""Where a diff that is no review comes from."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nanodeck.contracts.changes import Author, FileDiff

SourceKind = Literal["call", "turn", "session", "checkpoint", "head", "staged", "rewind"]


SOURCE_WORDS: dict[SourceKind, str] = {
    "call": "this call",
    "turn": "this turn",
    "session": "this session",
    "checkpoint": "since the checkpoint",
    "head": "git HEAD",
    "staged": "git staged",
    "rewind": "going back",
}
"""Sources as people read them."""
NAMED: tuple[SourceKind, ...] = ("call", "turn", "session", "head", "staged")
"""Sources that `/diff` takes."""
APPLIED: frozenset[SourceKind] = frozenset(("call", "turn", "session", "checkpoint"))
"""Sources whose hunks were written by an agent, or by the person since: the agent's can be taken back."""


class Source(Struct, frozen=True, omit_defaults=True):
    """What is compared with what.

    `name` is a changeset's id for "call" (what it wrote) and "checkpoint" (everything from it on), a
    turn's id for "turn"; empty it means the last one. "head" and "staged" are git's,
    "rewind" is what going back to before the turn `name` would do to the files as they are now.
    """

    kind: SourceKind
    name: str = ""


class DiffPage(Struct, frozen=True):
    """Some files of a diff, of `total`; `problem` says why there is none, or not all of it.

    A path comes twice where two changed the file: first the agent's changes, then the person's own.
    """

    source: Source
    files: tuple[FileDiff, ...]
    total: int
    problem: str = ""


class ReviewedFile(Struct, frozen=True):
    """A file of a source whose diff the person has reviewed as `digest` says it was."""

    source: Source
    path: str
    digest: str
    author: Author = "agent"
