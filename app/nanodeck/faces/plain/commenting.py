"""Comments in lines: written on a hunk or on lines of it, listed, written anew, thrown away, sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import DropComment, SendComments, WriteComment
from nanodeck.contracts.comments import Comment, comment_on, lines_named
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import one_line, show_controls
from nanodeck.faces.plain.talk import Talk

_LINES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?(?:\s+(.*))?", re.DOTALL)


def remark(
    source: Source, file: FileDiff, hunk: Hunk, said: str, *, changeset: str = ""
) -> WriteComment | None:
    """A comment on a hunk, or on the lines of it that `said` begins with, as in `3-5 why?`.

    None where there are no words, or no such lines.
    """
    lines = lines_of(hunk)
    first, last, text = 0, max(0, len(lines) - 1), said.strip()
    if given := _LINES.fullmatch(text):
        first, last, text = int(given[1]) - 1, int(given[2] or given[1]) - 1, (given[3] or "").strip()
    if not text or not 0 <= first <= last < max(1, len(lines)):
        return None
    return WriteComment(
        comment_on(source, file.path, lines, first, last, text, changeset=changeset, hunk=hunk.id)
    )


def comments_on(comments: Iterable[Comment], changeset: str, path: str, hunk: int) -> list[Comment]:
    """Those on a hunk of a review."""
    return [one for one in comments if (one.changeset, one.path, one.hunk) == (changeset, path, hunk)]


def comments_in(comments: Iterable[Comment], source: Source, path: str, hunk: Hunk) -> list[Comment]:
    """Those of a source on lines of a hunk."""
    own = (comment for comment in comments if (comment.source, comment.path) == (source, path))
    return [
        one
        for one in own
        if _meets(one.new, hunk.new_start, hunk.new_count) or _meets(one.old, hunk.old_start, hunk.old_count)
    ]


def _meets(lines: tuple[int, int] | None, start: int, count: int) -> bool:
    return lines is not None and lines[0] < start + count and start <= lines[1]


def comment_lines(comments: Iterable[Comment]) -> list[str]:
    """Comments as they are said below what they are about."""
    return [f"  Your comment{_place(one)}: {show_controls(one.text)}" for one in comments]


def _place(comment: Comment) -> str:
    return lines_named(comment, " on ") + (", which changed since" if comment.stale else "")


def about_comment(comment: Comment) -> str:
    """A comment and what it is about, in a line."""
    return f"{show_controls(comment.path)}{_place(comment)}: {one_line(comment.text, 500)}"


USAGE = (
    "  /comments send [message] sends them, /comments drop NUMBER throws one away,",
    "  /comments edit NUMBER TEXT writes one anew.",
)


async def mind_comments(talk: Talk, argument: str) -> None:
    """List the open comments, write one anew, throw one away, or send all."""
    verb, _, rest = argument.partition(" ")
    number, _, text = rest.strip().partition(" ")
    comments = talk.state.comments
    known = number.isdecimal() and 0 < int(number) <= len(comments)
    comment = comments[int(number) - 1] if known else None
    if verb == "send":
        talk.send(SendComments(rest.strip()))
    elif verb == "drop" and comment is not None and not text:
        talk.send(DropComment(comment.id))
    elif verb == "edit" and comment is not None and text.strip():
        talk.send(WriteComment(replace(comment, text=text.strip())))
    elif comments:
        if not verb:
            talk.say(*(f"  {place}: {about_comment(one)}" for place, one in enumerate(comments, 1)))
        talk.say(*USAGE)
    else:
        talk.say("There are no open comments: /diff shows changes to comment on.")
