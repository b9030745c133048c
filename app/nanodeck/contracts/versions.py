"""The whole versions of a file behind its diff: their lines, and the colours of these as code."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from nanodeck.contracts.changes import Author
from nanodeck.contracts.queries import AnswerT, Lines, Query
from nanodeck.contracts.sources import Source

CodeKind = Literal["keyword", "string", "number", "name", "comment"]


class Colour(NamedTuple):
    """Characters `start` up to `end` of a line are of a kind."""

    start: int
    end: int
    kind: CodeKind


class Colours(Struct, frozen=True):
    """The colours of a page of lines; `first` is the 0-based number of its first one.

    `lengths` are the characters of these lines: a line of another length is not the one that was read.
    """

    first: int
    lines: tuple[tuple[Colour, ...], ...]
    lengths: tuple[int, ...]


class _OfVersion(Query[AnswerT], frozen=True):
    """About lines of a version of a file: before its `author` changed it, or as it is `new`."""

    source: Source
    path: str
    new: bool
    first: int = 0
    limit: int = 500
    author: Author = "agent"


class ReadVersion(_OfVersion[Lines], frozen=True):
    """Lines of a version of a file."""


class ReadColours(_OfVersion[Colours], frozen=True):
    """The colours of lines, found by reading the whole version; none of what is no known code.

    Characters count as in the lines of a diff.
    """


_KINDS: dict[str, CodeKind] = {
    "Comment": "comment",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Keyword": "keyword",
    "Operator.Word": "keyword",
    "Name.Function": "name",
    "Name.Class": "name",
    "Name.Decorator": "name",
    "Name.Builtin": "name",
    "Name.Attribute": "name",
    "Name.Tag": "keyword",
    "Generic.Deleted": "keyword",
    "Generic.Inserted": "string",
    "Generic.Heading": "keyword",
    "Generic.Subheading": "keyword",
    "Generic.Strong": "name",
}


def code_kind(token: tuple[str, ...]) -> CodeKind | None:
    """The kind of what a lexer calls `token`, or the nearest name above it, as ("Name", "Function")."""
    for length in range(len(token), 0, -1):
        if kind := _KINDS.get(".".join(token[:length])):
            return kind
    return None
