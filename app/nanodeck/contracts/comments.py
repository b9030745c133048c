"""What a person remarks on lines of a diff, for the model to read."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.sources import Source


class Comment(Struct, frozen=True, omit_defaults=True):
    """A remark on lines of one file, first and last of them on the old and on the new side, 1-based.

    `excerpt` holds these lines with their signs, as in a unified diff. `changeset` is the review it was
    written in and `hunk` its hunk there; both are empty for a comment on what was changed already.
    `stale`: its lines are no longer there as they were; the numbers are those of last time.
    `above` and `below` are the lines around it, so that it is found again when it moved.
    """

    id: str
    source: Source
    path: str
    old: tuple[int, int] | None
    new: tuple[int, int] | None
    excerpt: str
    text: str
    changeset: str = ""
    hunk: int = 0
    stale: bool = False
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
