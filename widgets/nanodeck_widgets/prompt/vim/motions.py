"""Where vim's motions lead in a text, by offsets; pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

Reach = Literal["up to", "with", "lines"]


class Motion(NamedTuple):
    """Where a motion ends, and what of it an operator takes: up to the end, with it, or whole lines."""

    at: int
    reach: Reach = "up to"


def line_start(text: str, at: int) -> int:
    """The beginning of the line."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line's end stands."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def first_word(text: str, at: int) -> int:
    """The first character of the line that is no blank."""
    start, end = line_start(text, at), line_end(text, at)
    return start + len(text[start:end]) - len(text[start:end].lstrip())


def settled(text: str, at: int) -> int:
    """`at`, on the last character of a line rather than behind it."""
    at = max(0, min(at, len(text)))
    start, end = line_start(text, at), line_end(text, at)
    return max(start, min(at, end - 1))


def line_at(text: str, at: int, lines: int) -> int:
    """The same column, as far as there is one, `lines` further down."""
    column = at - line_start(text, at)
    for _ in range(abs(lines)):
        if lines > 0:
            end = line_end(text, at)
            if end == len(text):
                break
            at = end + 1
        else:
            start = line_start(text, at)
            if start == 0:
                break
            at = line_start(text, start - 1)
    start = line_start(text, at)
    return min(start + column, line_end(text, start))


def _kind(character: str, big: bool) -> int:
    if character.isspace():
        return 0
    return 1 if big or character.isalnum() or character == "_" else 2


def next_word(text: str, at: int, big: bool = False) -> int:
    """The beginning of the next word."""
    if at >= len(text):
        return len(text)
    kind = _kind(text[at], big)
    while at < len(text) and kind and _kind(text[at], big) == kind:
        at += 1
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def word_end(text: str, at: int, big: bool = False) -> int:
    """The last character of this word, or of the next one from its end."""
    at += 1
    while at < len(text) and text[at].isspace():
        at += 1
    if at >= len(text):
        return max(0, len(text) - 1)
    kind = _kind(text[at], big)
    while at + 1 < len(text) and _kind(text[at + 1], big) == kind:
        at += 1
    return at


def word_before(text: str, at: int, big: bool = False) -> int:
    """The beginning of this word, or of the one before from there."""
    at -= 1
    while at > 0 and text[at].isspace():
        at -= 1
    if at <= 0:
        return 0
    kind = _kind(text[at], big)
    while at > 0 and _kind(text[at - 1], big) == kind:
        at -= 1
    return at


def found(text: str, at: int, how: str, character: str) -> int | None:
    """Where f, F, t or T with `character` leads in the line."""
    start, end = line_start(text, at), line_end(text, at)
    if how in "ft":
        place = text.find(character, at + 1, end)
        return None if place < 0 else place - (how == "t")
    place = text.rfind(character, start, at)
    return None if place < 0 else place + (how == "T")


def _repeated(step: Callable[[str, int], int]) -> Callable[[str, int, int], int]:
    def go(text: str, at: int, count: int) -> int:
        for _ in range(count):
            at = step(text, at)
        return at

    return go


_STEPS: dict[str, tuple[Callable[[str, int, int], int], Reach]] = {
    "h": (lambda text, at, count: max(line_start(text, at), at - count), "up to"),
    "l": (lambda text, at, count: min(line_end(text, at), at + count), "up to"),
    "j": (lambda text, at, count: line_at(text, at, count), "lines"),
    "k": (lambda text, at, count: line_at(text, at, -count), "lines"),
    "w": (_repeated(next_word), "up to"),
    "b": (_repeated(word_before), "up to"),
    "e": (_repeated(word_end), "with"),
    "W": (_repeated(lambda text, at: next_word(text, at, True)), "up to"),
    "B": (_repeated(lambda text, at: word_before(text, at, True)), "up to"),
    "E": (_repeated(lambda text, at: word_end(text, at, True)), "with"),
    "0": (lambda text, at, count: line_start(text, at), "up to"),
    "^": (lambda text, at, count: first_word(text, at), "up to"),
    "$": (lambda text, at, count: line_end(text, line_at(text, at, count - 1)), "up to"),
    "gg": (lambda text, at, count: first_word(text, line_at(text, 0, count - 1)), "lines"),
    "G": (lambda text, at, count: first_word(text, len(text)), "lines"),
}
SAME_KEYS = {"left": "h", "right": "l", "down": "j", "up": "k", "space": "l", "home": "0", "end": "$"}
MOTIONS = frozenset(_STEPS)
PAIRS = {opening: pair for pair in ("()", "[]", "{}", "<>") for opening in pair} | {"b": "()", "B": "{}"}


def motion(text: str, at: int, key: str, count: int = 1) -> Motion:
    """Where the motion `key` leads when it is made `count` times."""
    step, reach = _STEPS[key]
    return Motion(step(text, at, count), reach)


def text_object(text: str, at: int, around: bool, key: str) -> tuple[int, int] | None:
    """Start and end of a word, a quoted part or a bracketed one at the cursor; None where there is none."""
    if key in "wW":
        return _word(text, at, around, key == "W")
    if key in "\"'`":
        return _quoted(text, at, around, key)
    return _bracketed(text, at, around, PAIRS[key]) if key in PAIRS else None


def _word(text: str, at: int, around: bool, big: bool) -> tuple[int, int] | None:
    start, end = line_start(text, at), line_end(text, at)
    if at >= end:
        return None
    kind = _kind(text[at], big)
    first = last = at
    while first > start and _kind(text[first - 1], big) == kind:
        first -= 1
    while last < end and _kind(text[last], big) == kind:
        last += 1
    if not around:
        return first, last
    after = last
    while after < end and text[after].isspace():
        after += 1
    if after == last:
        while first > start and text[first - 1].isspace():
            first -= 1
    return first, after


def _quoted(text: str, at: int, around: bool, quote: str) -> tuple[int, int] | None:
    start, end = line_start(text, at), line_end(text, at)
    places = [place for place in range(start, end) if text[place] == quote]
    for opening, closing in zip(places[::2], places[1::2], strict=False):
        if at <= closing:
            return (opening, closing + 1) if around else (opening + 1, closing)
    return None


def _bracketed(text: str, at: int, around: bool, pair: str) -> tuple[int, int] | None:
    opening = _unmatched(text, at, pair, -1)
    if opening is None:
        return None
    closing = _unmatched(text, opening + 1, pair, 1)
    if closing is None:
        return None
    return (opening, closing + 1) if around else (opening + 1, closing)


def _unmatched(text: str, at: int, pair: str, step: int) -> int | None:
    """The bracket around `at`, looking back or forth."""
    wanted, other = (pair[0], pair[1]) if step < 0 else (pair[1], pair[0])
    depth = 0
    # A closing bracket under the cursor belongs to what it closes.
    if step < 0 and at < len(text) and text[at] == other:
        at -= 1
    while 0 <= at < len(text):
        if text[at] == wanted:
            if not depth:
                return at
            depth -= 1
        elif text[at] == other:
            depth += 1
        at += step
    return None
