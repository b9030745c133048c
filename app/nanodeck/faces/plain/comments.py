"""Open comments in lines: listed by number, thrown away, sent."""

from __future__ import annotations

from nanodeck.contracts.commands import DropComment, SendComments
from nanodeck.contracts.comments import lines_named
from nanodeck.contracts.text import clean, one_line
from nanodeck.faces.plain.talk import Talk

USAGE = "/comments send [message] sends them, /comments drop NUMBER throws one away."


async def mind_comments(talk: Talk, argument: str) -> None:
    """List the open comments, throw one away, or send all."""
    verb, _, rest = argument.partition(" ")
    comments = talk.state.comments
    if verb == "send":
        talk.send(SendComments(rest.strip()))
    elif verb == "drop" and rest.strip().isdecimal() and 0 < int(rest) <= len(comments):
        talk.send(DropComment(comments[int(rest) - 1].id))
        talk.say(f"Comment {int(rest)} is thrown away.")
    elif comments and not verb:
        for number, comment in enumerate(comments, 1):
            stale = ", its lines changed since" if comment.stale else ""
            where = f"{one_line(comment.path)}{lines_named(comment, ', ')}{stale}"
            talk.say(f"  {number}: {where}: {clean(comment.text)}")
        talk.say(USAGE)
    else:
        talk.say(USAGE if comments else "There are no open comments.")
