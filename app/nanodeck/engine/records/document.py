"""A session as a Markdown document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from nanodeck.contracts.changes import Hunk
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.text import clean, one_line
from nanodeck.contracts.views import (
    Entry,
    NoticeEntry,
    ReplyEntry,
    ReviewView,
    SaidEntry,
    SessionView,
    ToolEntry,
    TurnEntry,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FENCES = re.compile(r"^(.*?)(`{3,}|~{3,})", re.MULTILINE)
_MAY_STAY_OPEN = re.compile(r"```|~~~|<[!?a-zA-Z]")
_HTML_ENDINGS = ("-->", "?>", "]]>", "</pre></script></style></textarea>", ">")
_HOW_SAID = {"steer": " (while it worked)", "queued": " (queued)"}


def document(state: SessionView, written: str) -> str:
    """The conversation of the main agent as Markdown, cleaned; `written` says when it was made."""
    model = str(state.model) if state.model else "none"
    about = [f"- folder: `{state.folder}`", f"- model: {model}", f"- session: {state.session}"]
    head = [f"# {one_line(state.title) or 'A session without a title'}", "\n".join([*about, f"- {written}"])]
    reviews = {review.changeset.id: review for review in state.reviews}
    parts = [
        part
        for entry in state.agent(MAIN_AGENT).transcript
        for part in _entry(entry, reviews)
        if part.strip()
    ]
    return clean("\n\n".join([*head, *parts])) + "\n"


def _entry(entry: Entry, reviews: dict[str, ReviewView]) -> Iterator[str]:
    match entry:
        case SaidEntry():
            yield f"## You{_HOW_SAID.get(entry.kind, '')}"
            yield _closed(entry.text)
            yield "\n".join(_attached(one) for one in entry.attachments)
        case ReplyEntry():
            yield f"## {entry.model or 'The model'}" if entry.text.strip() or entry.reasoning.strip() else ""
            if entry.reasoning.strip():
                yield f"<details><summary>Thinking</summary>\n\n{_closed(entry.reasoning)}\n\n</details>"
            yield _closed(entry.text)
            yield "*(cut off)*" if entry.cut else ""
        case ToolEntry():
            yield from _call(entry, reviews.get(entry.changeset))
        case NoticeEntry():
            yield f"> {entry.level}: {one_line(entry.text, 2000)}" + (
                f" ({entry.advice})" if entry.advice else ""
            )
        case TurnEntry():
            used = f"{entry.usage.input:,} tokens in, {entry.usage.output:,} out, {entry.seconds:.1f} s"
            yield f"*{entry.end}: {used}*" + (f" {one_line(entry.detail, 2000)}" if entry.detail else "")


def _attached(attachment: Attachment) -> str:
    return f"- {one_line(attachment.name)}: {one_line(attachment.problem or attachment.about)}"


def _call(entry: ToolEntry, review: ReviewView | None) -> Iterator[str]:
    ended = entry.state == "ended"
    told = [entry.outcome, one_line(entry.summary), f"{entry.seconds:.1f} s"] if ended else [entry.state]
    yield f"{_inline(entry.title or entry.name)}: {', '.join(word for word in told if word)}"
    if review is not None and entry.id == review.changeset.calls[0]:
        marks = {(mark.path, mark.hunk): mark.mark for mark in review.marks}
        for file in review.changeset.files:
            rejected = {hunk.id for hunk in file.hunks if marks.get((file.path, hunk.id)) == "rejected"}
            yield f"`{file.path}` ({file.kind}, {review.state})"
            yield _fenced("\n".join(_hunk(hunk, hunk.id in rejected) for hunk in file.hunks), "diff")
    elif entry.output.strip():
        yield _fenced(entry.output.strip("\n"))


def _hunk(hunk: Hunk, rejected: bool) -> str:
    place = f"-{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count}"
    said = " (rejected)" if rejected else ""
    return f"@@ {place} @@{said} {hunk.section}".rstrip() + "\n" + hunk.body.rstrip("\n")


def _inline(text: str) -> str:
    """`text` as code in a line, whatever is in it."""
    line = one_line(text)
    marks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    gap = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{marks}{gap}{line}{gap}{marks}" if line else ""


def _fenced(text: str, language: str = "") -> str:
    """`text` as a block of code, whatever is in it."""
    text = clean(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _closed(text: str) -> str:
    """Markdown that leaves nothing open for what follows it, neither a fence nor a comment."""
    text = clean(text)
    if not _MAY_STAY_OPEN.search(text):
        return text
    parse = _parser().parse
    for ending in ("", *dict.fromkeys(found[2] for found in _FENCES.finditer(text)), *_HTML_ENDINGS):
        tokens = parse(f"{text}\n{ending}\n\n# end")
        if tokens[-1].type == "heading_close" and tokens[-2].content == "end":
            return f"{text}\n{ending}" if ending else text
    return _fenced(text)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt()
