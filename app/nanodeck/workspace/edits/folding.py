"""Text with its typography made plain, and where each plain character stands in the text it came from."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_RUN = re.compile(r"[ \t]+")
_NARROW_AND_WIDE_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys(_NARROW_AND_WIDE_BLANKS, " "),
    **dict.fromkeys(_UNSEEN, ""),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "\u2026": "...",
}

SMART_SIGNS = frozenset("\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014\u2026\u00a0\u202f")
"""What writing programs put where a person typed a plain sign."""


@dataclass(frozen=True)
class Folded:
    """A plain text; `starts` says where each of its characters, and its end, stands in the source."""

    text: str
    starts: Sequence[int]

    def source(self, position: int) -> int | None:
        """Where a position stands in the source, None inside what one character of it became."""
        inside = 0 < position < len(self.text) and self.starts[position] == self.starts[position - 1]
        return None if inside else self.starts[position]

    def position(self, source: int) -> int:
        """Where a place in the source stands in the plain text."""
        return min(bisect_left(self.starts, source), len(self.text))


def fold(line: str) -> Folded:
    """`line` with plain quotes, dashes and blanks, accents apart from their letters, nothing unseen."""
    if line.isascii():
        return Folded(line, range(len(line) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(line):
        plain = plain_character(character)
        pieces.append(plain)
        starts += [position] * len(plain)
    return Folded("".join(pieces), [*starts, len(line)])


def fold_blanks(line: str) -> Folded:
    """`line` folded, and every run of blanks in it one blank."""
    folded = fold(line)
    pieces: list[str] = []
    starts: list[int] = []
    position = 0
    for run in _RUN.finditer(folded.text):
        pieces += (folded.text[position : run.start()], " ")
        starts += folded.starts[position : run.start() + 1]
        position = run.end()
    return Folded("".join((*pieces, folded.text[position:])), [*starts, *folded.starts[position:]])


def plain_character(character: str) -> str:
    """What a character is folded to."""
    plain = _PLAIN.get(character)
    return unicodedata.normalize("NFD", character) if plain is None else plain


def words_of(line: str) -> str:
    """All that can be seen of `line`, with one blank wherever it has blanks."""
    return " ".join(fold(line).text.split())
