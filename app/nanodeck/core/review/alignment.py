"""Which lines two versions of a file share: never slow, whatever the files hold."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nanodeck.core.review.sliding import Range, at_blocks

__all__ = ["Range", "changed_ranges"]

# difflib's time grows with the pairs of equal lines and with the blocks it finds; bounded by part and
# in all, the worst input takes a fraction of a second.
_EXACT_LINES = 4_000
_EXACT_PAIRS = 200_000
_EXACT_PAIRS_IN_ALL = 1_000_000


def changed_ranges(old: Sequence[bytes], new: Sequence[bytes]) -> list[Range]:
    """Where `new` differs from `old`, in order; neighbouring ranges have equal lines between them."""
    ids: dict[bytes, int] = {}
    old_ids = [ids.setdefault(line, len(ids)) for line in old]
    new_ids = [ids.setdefault(line, len(ids)) for line in new]
    ranges: list[Range] = []
    for a, b, c, d in _changed(old_ids, new_ids):
        if ranges and ranges[-1][1] == a and ranges[-1][3] == c:
            ranges[-1] = (ranges[-1][0], b, ranges[-1][2], d)
        else:
            ranges.append((a, b, c, d))
    return at_blocks(ranges, old, new)


def _changed(old: list[int], new: list[int]) -> Iterator[Range]:
    """Changed ranges in order. A worklist instead of recursion, as anchors may nest deeply."""
    work: list[Range] = [(0, len(old), 0, len(new))]
    budget = _EXACT_PAIRS_IN_ALL
    while work:
        a, b, c, d = _trimmed(old, new, work.pop())
        if a == b or c == d:
            if a != b or c != d:
                yield a, b, c, d
            continue
        part_old, part_new = old[a:b], new[c:d]
        pairs = _equal_pairs(part_old, part_new)
        if len(part_old) + len(part_new) <= _EXACT_LINES and pairs <= min(_EXACT_PAIRS, budget):
            budget -= pairs
            for tag, i, j, k, m in SequenceMatcher(None, part_old, part_new, autojunk=False).get_opcodes():
                if tag != "equal":
                    yield a + i, a + j, c + k, c + m
            continue
        anchors = _anchors(part_old, part_new)
        if not anchors:
            yield a, b, c, d
            continue
        work.extend(reversed(list(_between(anchors, (a, b, c, d)))))


def _trimmed(old: list[int], new: list[int], part: Range) -> Range:
    a, b, c, d = part
    while a < b and c < d and old[a] == new[c]:
        a += 1
        c += 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b -= 1
        d -= 1
    return a, b, c, d


def _equal_pairs(old: list[int], new: list[int]) -> int:
    counts = Counter(old)
    return sum(counts[line] for line in new)


def _anchors(old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """Lines found once on both sides, as the longest run of pairs that is in order on both."""
    old_counts, new_counts = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new) if new_counts[line] == 1}
    pairs = [(i, places[line]) for i, line in enumerate(old) if old_counts[line] == 1 and line in places]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tails, place)
        before.append(ends[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[pile] = place
            ends[pile] = index
    chain: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _between(anchors: list[tuple[int, int]], part: Range) -> Iterator[Range]:
    """The parts left between anchors (offsets relative to `part`), in order."""
    a, b, c, d = part
    old_at, new_at = a, c
    for i, j in anchors:
        yield old_at, a + i, new_at, c + j
        old_at, new_at = a + i + 1, c + j + 1
    yield old_at, b, new_at, d
