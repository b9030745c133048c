"""New text in the place of old, keeping what the edit does not touch: line ends, blanks, punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from nanodeck.workspace.edits.folding import fold_blanks

# Above this many lines or words on one side aligning costs more than it saves; the middle is then
# replaced whole.
_MOST_ALIGNED = 1000
_TOKEN = re.compile(r"\w+|[ \t]+|.", re.DOTALL)


def splice(region: str, old: str, new: str, default_end: str) -> str:
    """What becomes of `region`, the file's own form of `old`, when `old` is to read `new`.

    `region` and `old` have the same number of lines. Lines that stay the same keep the file's form; new
    ones take the line end of the line they replace or follow; `default_end` is that of the last line.
    """
    file_lines = region.split("\n")
    ends = ["\r\n" if line.endswith("\r") else "\n" for line in file_lines[:-1]] + [default_end]
    file_lines[:-1] = [line.removesuffix("\r") for line in file_lines[:-1]]
    old_lines = _lines(old)
    new_lines = _lines(new)
    contents: list[str] = []
    new_ends: list[str] = []
    for low, high, new_low, new_high, same in aligned(old_lines, new_lines):
        for position in range(new_low, new_high):
            partner = low + position - new_low
            if partner < high:
                file_line = file_lines[partner]
                contents.append(
                    file_line if same else merged(file_line, old_lines[partner], new_lines[position])
                )
            else:
                contents.append(new_lines[position])
            new_ends.append(ends[max(min(partner, high - 1), 0)])
    return "".join(
        content + end for content, end in zip(contents, (*new_ends[: len(contents) - 1], ""), strict=True)
    )


def main_line_end(text: str) -> str:
    """The line end most lines of `text` have."""
    crlf = text.count("\r\n")
    return "\r\n" if crlf * 2 > text.count("\n") else "\n"


def line_end_near(text: str, start: int, end: int) -> str:
    """The line end of the line that a region lies in or ends on, else of the line before."""
    following = text.find("\n", end)
    if following < 0:
        following = text.rfind("\n", 0, end)
    return "\r\n" if following > 0 and text[following - 1] == "\r" else "\n"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def shared(first: Sequence[str], second: Sequence[str]) -> int:
    """How many items both begin with."""
    return next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )


def aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int, bool]]:
    """Runs (old from, old to, new from, new to, whether they are the same items), in order."""
    low = shared(old, new)
    tail = shared(old[low:][::-1], new[low:][::-1])
    high, new_high = len(old) - tail, len(new) - tail
    runs = [(0, low, 0, low, True)]
    if max(high - low, new_high - low) > _MOST_ALIGNED:
        runs.append((low, high, low, new_high, False))
    else:
        matcher = SequenceMatcher(None, old[low:high], new[low:new_high], autojunk=False)
        runs += [
            (low + a, low + b, low + c, low + d, kind == "equal")
            for kind, a, b, c, d in matcher.get_opcodes()
        ]
    runs.append((high, len(old), new_high, len(new), True))
    return runs


def merged(file_line: str, old: str, new: str) -> str:
    """`new`, with the words it has in common with `old` in the file's own characters."""
    if file_line == old:
        return new
    theirs, ours = fold_blanks(file_line.rstrip(" \t")), fold_blanks(old.rstrip(" \t"))
    if theirs.text != ours.text:
        return new
    old_words, new_words = _TOKEN.findall(old), _TOKEN.findall(new)
    places = list(accumulate(map(len, old_words), initial=0))
    pieces: list[str] = []
    for low, high, new_low, new_high, same in aligned(old_words, new_words):
        if not same:
            pieces += new_words[new_low:new_high]
            continue
        start = theirs.source(ours.position(places[low]))
        end = theirs.source(ours.position(places[high]))
        if start is None or end is None:
            return new
        pieces.append(file_line[start:end])
    return "".join(pieces)
