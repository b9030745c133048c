"""What the demo model hears of a person in reports and messages: comments, and lines written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

_COMMENT = re.compile(
    r"^(?P<path>\S[^\n]*?), (?P<lines>(?:old |new )[^\n]*):\n"
    r"(?P<fence>`{3,})diff\n.*?\n(?P=fence)\n(?P<text>.+)$",
    re.MULTILINE | re.DOTALL,
)
_BREAK = re.compile(r"\n\n(?=\S[^\n]*, (?:old |new )[^\n]*:\n`{3,}diff\n|The person says: )")
_SECTION = re.compile(r"^The person left [\d,]+ comments?:$", re.MULTILINE)
EDITED = "The person changed this before it was written"


class Remark(Struct, frozen=True):
    """A comment as the model reads it: the file, its lines in words, what was said."""

    path: str
    lines: str
    text: str


def remarks_in(texts: Iterable[str]) -> tuple[Remark, ...]:
    """The comments in reports and messages, each once."""
    parts = (part for text in texts for part in _BREAK.split(text))
    found = (_COMMENT.search(part) for part in parts)
    return tuple(dict.fromkeys(Remark(m["path"], m["lines"], m["text"].strip()) for m in found if m))


def edits_in(texts: Iterable[str]) -> int:
    """How many hunks the person wrote anew."""
    return sum(text.count(EDITED) for text in texts)


def without_comments(report: str) -> str:
    """A report as far as it tells what was written."""
    return _SECTION.split(report, maxsplit=1)[0]
