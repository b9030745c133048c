"""What a model reads of a person's comments: where, on which lines, and their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanodeck.contracts.comments import Comment
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted
from nanodeck.core.review.excerpt import cut

_AGAINST = {
    "checkpoint": "in the changes since a checkpoint",
    "head": "in the changes against git HEAD",
    "staged": "in the changes staged in git",
}
_FENCES = re.compile(r"`{3,}")


def write_comments(comments: Sequence[Comment]) -> list[str]:
    """Lines that say each of `comments`: path, old and new line numbers, excerpt, text."""
    return [line for comment in comments for line in ("", *_comment_lines(comment))]


def write_message(comments: Sequence[Comment], message: str) -> str:
    """All of `comments` as one message, after what the person says to them."""
    head = message.strip() or f"{counted(len(comments), 'comment')} on the changes:"
    return "\n".join([head, *write_comments(comments)])


def _comment_lines(comment: Comment) -> list[str]:
    if not comment.excerpt:
        return [f"{_head(comment)}:", comment.text]
    fence = "`" * (max(map(len, _FENCES.findall(comment.excerpt)), default=2) + 1)
    return [f"{_head(comment)}:", f"{fence}diff", *cut(comment.excerpt.split("\n")), fence, comment.text]


def _head(comment: Comment) -> str:
    sides = [
        f"{version} {_numbers(*numbers)}"
        for version, numbers in (("old", comment.old), ("new", comment.new))
        if numbers
    ]
    where = [comment.path, *sides, *_diff(comment.source)]
    if comment.stale:
        where.append("these lines have changed since")
    return ", ".join(where)


def _numbers(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _diff(source: Source) -> tuple[str, ...]:
    """Against what the numbers count, where that is not what the model itself did."""
    words = _AGAINST.get(source.kind)
    return (words,) if words else ()
