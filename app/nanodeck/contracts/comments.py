"""What a person remarks on lines of a diff, for the model to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from nanodeck.contracts.changes import Author
from nanodeck.contracts.lines import HunkLines, Line
from nanodeck.contracts.sources import Source

AROUND = 3
"""Lines kept above and below a comment: lines that are there twice are told apart by them."""
EXCERPT = 60
"""Lines of a long range that are kept; its numbers are those of all."""


class Comment(Struct, frozen=True, omit_defaults=True):
    """A remark on lines of one file, first and last of them on the old and on the new side, 1-based.

    `excerpt` holds these lines with their signs, as in a unified diff. `changeset` is the review it was
    written in and `hunk` its hunk there; both are empty for a comment on what was changed already.
    `author` wrote the lines. `stale`: these are no longer there as they were; the numbers are those of
    last time.
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
    author: Author = "agent"
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def comment_on(
    source: Source,
    path: str,
    lines: HunkLines,
    first: int,
    last: int,
    text: str,
    *,
    author: Author = "agent",
    changeset: str = "",
    hunk: int = 0,
) -> Comment:
    """A new comment on `lines[first]` to `lines[last]` of a hunk; of a hunk without lines, on the file."""
    chosen = [lines[place] for place in range(first, min(last + 1, len(lines)))]
    old = [line.old for line in chosen if line.old]
    new = [line.new for line in chosen if line.new]
    side = "+" if new else "-"
    return Comment(
        "",
        source,
        path,
        (old[0], old[-1]) if old else None,
        (new[0], new[-1]) if new else None,
        "\n".join(line.sign + line.text.removesuffix("\r") for line in _kept(chosen)),
        text,
        changeset,
        hunk,
        author=author,
        above=tuple(_side(lines, range(first - 1, -1, -1), side))[::-1],
        below=tuple(_side(lines, range(last + 1, len(lines)), side)),
    )


def lines_named(comment: Comment, lead: str = "") -> str:
    """The lines a comment is on in words, after `lead`; nothing where it is on a file as a whole."""
    numbers = comment.new or comment.old
    if numbers is None:
        return ""
    first, last = numbers
    old = "old " if comment.new is None else ""
    return f"{lead}{old}line {first}" if first == last else f"{lead}{old}lines {first}-{last}"


def _kept(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of an excerpt; that a line has no end is no line."""
    return (line for line in lines[:EXCERPT] if line.sign != "\\")


def _side(lines: HunkLines, places: range, sign: str) -> Iterator[str]:
    """The next lines of one version."""
    left = AROUND
    for place in places:
        if left and lines[place].sign in (" ", sign):
            left -= 1
            yield lines[place].text.removesuffix("\r")
        if not left:
            return
