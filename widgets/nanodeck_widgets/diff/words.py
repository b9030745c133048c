"""Which words of a changed line changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

Emphasis = tuple[tuple[int, int], ...]
"""Half-open character ranges of a line."""

LONGEST = 500
ALIKE = 0.42
ALIGNED_PAIRS = 144

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def partners(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int, int]]:
    """Which added line stands for which removed one: alike lines, in order on both sides.

    Where there are many, those that differ in blanks alone lead from one to the next.
    """
    if len(removed) * len(added) <= ALIGNED_PAIRS:
        return _aligned(removed, added)
    old, new = [without_blanks(line) for line in removed], [without_blanks(line) for line in added]
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for a, b, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        between = removed[i:a], added[j:b]
        few = len(between[0]) * len(between[1]) <= ALIGNED_PAIRS
        found = _aligned(*between) if few else zip(range(a - i), range(b - j), strict=False)
        pairs += [(i + left, j + right) for left, right in found]
        pairs += [(a + step, b + step) for step in range(size)]
        i, j = a + size, b + size
    return pairs


def without_blanks(line: str) -> str:
    """`line` without any blanks."""
    return "".join(line.split())


def _aligned(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs that have most in common altogether."""
    if not removed or not added:
        return []
    old, new = [_words(line) for line in removed], [_words(line) for line in added]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    scores = [[_likeness(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            score = scores[i][j]
            paired = best[i + 1][j + 1] + score if score >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if scores[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def emphasis(old: str, new: str) -> tuple[Emphasis, Emphasis]:
    """The ranges that differ on both sides; none where the lines have too little in common."""
    if max(len(old), len(new)) > LONGEST or _likeness(_words(old), _words(new)) < ALIKE:
        return (), ()
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    old_at, new_at = _offsets(before), _offsets(after)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            _extend(left, old_at[i], old_at[j], old)
            _extend(right, new_at[k], new_at[m], new)
    written = _without_lead(left, old), _without_lead(right, new)
    return written if any(written) else (tuple(left), tuple(right))


def _without_lead(ranges: Sequence[tuple[int, int]], line: str) -> Emphasis:
    """`ranges` without the blanks they begin with: beside changed words an indentation says nothing."""
    starts = (end - len(line[start:end].lstrip()) for start, end in ranges)
    return tuple((start, end) for start, (_, end) in zip(starts, ranges, strict=True) if start < end)


class _Words(NamedTuple):
    """The words of a line, how often each, and the characters of all together."""

    counts: Counter[str]
    weight: int


@lru_cache(1_024)
def _words(line: str) -> _Words:
    words = [word for word in _WORD.findall(line[:LONGEST]) if not word.isspace()]
    return _Words(Counter(words), sum(map(len, words)))


def _likeness(one: _Words, other: _Words) -> float:
    """How much two lines share, 0 to 1: of both together, and of the shorter, which may have grown."""
    if not one.weight or not other.weight:
        return float(one.weight == other.weight)
    counts = other.counts
    shared = 0
    for word, count in one.counts.items():
        if word in counts:
            shared += len(word) * min(count, counts[word])
    return shared / (one.weight + other.weight) + shared / min(one.weight, other.weight) / 2


def _offsets(words: Sequence[str]) -> list[int]:
    at = [0]
    for word in words:
        at.append(at[-1] + len(word))
    return at


def _extend(ranges: list[tuple[int, int]], start: int, end: int, line: str) -> None:
    """Add a range; one that only blanks separate from the range before joins it."""
    if start == end:
        return
    if ranges and not line[ranges[-1][1] : start].strip():
        start = ranges.pop()[0]
    ranges.append((start, end))
