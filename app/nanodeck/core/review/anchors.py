"""Where the lines of a comment are once the file has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nanodeck.contracts.comments import AROUND, Comment


def anchored(comment: Comment, old: Sequence[str], new: Sequence[str]) -> Comment:
    """`comment` where its lines are now among those of both versions; stale where they are no longer.

    A line that is there more than once is the one with the same lines around it. Nothing but numbers,
    `stale` and the lines around it change; a comment without lines is on the file as a whole.
    """
    before, after = list(_side(comment, "-")), list(_side(comment, "+"))
    main, lines = (after, new) if after else (before, old)
    known = comment.new if after else comment.old
    if not main or not known:
        return comment
    found = _find(main, lines, known[0], (comment.above, comment.below))
    if found is None:
        return replace(comment, stale=True)
    last = min(len(lines), found + known[1] - known[0])
    placed = replace(
        comment,
        stale=False,
        above=tuple(lines[max(0, found - 1 - AROUND) : found - 1]),
        below=tuple(lines[last : last + AROUND]),
    )
    if not after:
        return replace(placed, old=(found, last))
    other = comment.old or known
    beside = _find(before, old, other[0], ((), ())) if before else None
    return replace(placed, new=(found, last), old=(beside, beside + other[1] - other[0]) if beside else None)


def _side(comment: Comment, sign: str) -> Iterator[str]:
    """The lines of the excerpt that one version holds."""
    for line in comment.excerpt.split("\n"):
        if line[:1] in (" ", sign):
            yield line[1:].removesuffix("\r")


def _find(
    block: Sequence[str], lines: Sequence[str], near: int, around: tuple[Sequence[str], Sequence[str]]
) -> int | None:
    """The number of the line where `block` begins; None where it is not, or could be anything."""
    places = list(_places(block, lines))
    if not places:
        return None
    above, below = around

    def alike(place: int) -> int:
        end = place + len(block)
        over = zip(reversed(above), reversed(lines[max(0, place - AROUND) : place]), strict=False)
        under = zip(below, lines[end : end + AROUND], strict=False)
        return _agreeing(over) + _agreeing(under)

    best = max(places, key=lambda place: (alike(place), -abs(place + 1 - near)))
    sure = alike(best) or not (above or below) or (len(places) == 1 and any(map(_has_words, block)))
    return best + 1 if sure else None


def _places(block: Sequence[str], lines: Sequence[str]) -> Iterator[int]:
    at, first = -1, block[0]
    while True:
        try:
            at = lines.index(first, at + 1)
        except ValueError:
            return
        if list(lines[at : at + len(block)]) == block:
            yield at


def _agreeing(pairs: Iterator[tuple[str, str]]) -> int:
    """How many pairs agree, the first ones in a row."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _has_words(line: str) -> bool:
    return any(character.isalnum() for character in line)
