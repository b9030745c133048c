"""Files and folders that a person mentions in a text: `@path`, `@path:10-20`, `@"a path"`, `@folder/`."""

from __future__ import annotations

import re

from msgspec import Struct

from nanodeck.core.fences import without_code

_MENTION = re.compile(r'(?:^|(?<=[\s(\[{]))@(?:"(?P<quoted>[^"\n]+)"(?P<lines>:[\d-]+)?|(?P<plain>[^\s"@]+))')
_RANGE = re.compile(r"(?P<path>.+):(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?")
_AFTER_WORDS = ".,;:!?)]}>'`"
_OPENINGS = {")": "(", "]": "[", "}": "{", ">": "<"}
_SUFFIX = re.compile(r"[^/]\.\w{1,5}$")


class Mention(Struct, frozen=True):
    """A path as written; `first` and `last` are the lines meant, 0 for all of them.

    `sure` says that nothing but a path can be meant: `@everybody` may be no file at all.
    """

    path: str
    first: int = 0
    last: int = 0
    sure: bool = True


def mentions_in(text: str) -> tuple[Mention, ...]:
    """What `text` mentions outside its code, each once, in its order."""
    found = (_mention(match) for match in _MENTION.finditer(without_code(text)))
    return tuple(dict.fromkeys(mention for mention in found if mention.path))


def _mention(match: re.Match[str]) -> Mention:
    quoted = match["quoted"] is not None
    spelled = match["quoted"] + (match["lines"] or "") if quoted else _bare(match["plain"])
    ranged = _RANGE.fullmatch(spelled)
    if ranged is None:
        path = spelled.rstrip(":-") if quoted else spelled
        return Mention(path, sure=quoted or "/" in path or bool(_SUFFIX.search(path)))
    first = int(ranged["first"])
    return Mention(ranged["path"], first, int(ranged["last"] or first))


def _bare(word: str) -> str:
    """`word` without what a sentence puts behind it; a bracket that the word itself opens is its own."""
    while word and word[-1] in _AFTER_WORDS:
        opening = _OPENINGS.get(word[-1])
        if opening and word.count(opening) >= word.count(word[-1]):
            break
        word = word[:-1]
    return word
