"""Finding an old text that is not in the file exactly, in steps that pass over ever more."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from nanodeck.workspace.edits.folding import SMART_SIGNS, Folded, fold, plain_character, words_of
from nanodeck.workspace.edits.respacing import Twins, indent_of, settle_blanks, stand_alike

IGNORING_ENDS = "ignoring line ends"
_BLANKS = " \t"
# Below this many letters and digits, a text without its blank space could mean too many places.
_LEAST_SEEN = 8
_SEEN = re.compile(r"\w")

_TRAILING = re.compile(r"[ \t]+(?=\r?$)", re.MULTILINE)

Settle = Callable[[str, str], tuple[str, str]]
Habits = Callable[[str, str, str], Callable[[str], str]]


@dataclass(frozen=True)
class Place:
    """A region of the file that an old text means; `settle` writes old and new text the way the file does.

    The settled old text has as many lines as the region.
    """

    start: int
    end: int
    settle: Settle


def find_loosely(text: str, old: str, *, whole: bool = False) -> tuple[list[Place], str]:
    """The places the first successful step finds, and what that step passes over.

    `text` ends with a line end. No step can find a text of blanks alone. What is a `whole` line in `old`
    has to be one in `text`.
    """
    if not old.strip():
        return [], ""
    old = old.replace("\r\n", "\n")
    lines = _FileLines(text)
    if places := _partial(lines, _as_is(lines.contents), old, str, whole):
        return places, IGNORING_ENDS
    if places := _partial(lines, _as_is(lines.contents), old, _stripped, whole):
        return _settled(text, places, _own_trailing_blanks), "ignoring trailing blanks"
    if found := _indented(lines, lines.contents, old):
        return found
    folded = [fold(content) for content in lines.contents]
    plain_old = fold(old).text
    if places := _partial(lines, folded, plain_old, _stripped, whole):
        return _settled(text, places, _own_signs), "ignoring typographic punctuation"
    if found := _indented(lines, [line.text for line in folded], plain_old):
        places, strategy = found
        return _settled(text, places, _own_signs), f"ignoring typographic punctuation and {strategy}"
    places = _respaced(lines, old)
    return _settled(text, places, _own_signs), "ignoring blank space" if places else ""


def find_lines(text: str, old: str) -> list[Place]:
    """The places where whole lines read like `old` but for indentation and blanks."""
    lines = _FileLines(text)
    indented, _ = _indented(lines, lines.contents, old) or ([], "")
    return [*indented, *_respaced(lines, old)]


def _as_is(contents: Sequence[str]) -> list[Folded]:
    return [Folded(content, range(len(content) + 1)) for content in contents]


def _unchanged(old: str, new: str) -> tuple[str, str]:
    return old, new


def _settled(text: str, places: Sequence[Place], habits: Habits) -> list[Place]:
    """`places` whose texts are first rid of the habits that the model has and the file has not."""

    def rid(place: Place) -> Place:
        def settle(old: str, new: str) -> tuple[str, str]:
            clean = habits(text, text[place.start : place.end], old)
            return place.settle(clean(old), clean(new))

        return replace(place, settle=settle)

    return list(map(rid, places))


def _own_trailing_blanks(_text: str, region: str, old: str) -> Callable[[str], str]:
    """Takes blanks off the ends of lines where `old` has some and `region` none."""
    if _TRAILING.search(old) and not _TRAILING.search(region):
        return lambda written: _TRAILING.sub("", written)
    return str


def _own_signs(text: str, region: str, old: str) -> Callable[[str], str]:
    """Makes typography plain that is the model's own: `old` has signs that `region` has not."""
    odd = {sign for sign in set(old).difference(region) if not sign.isascii()}
    if not odd.isdisjoint(SMART_SIGNS):
        odd |= SMART_SIGNS.difference(text)
    plain = {ord(sign): plain_character(sign) for sign in odd}
    return lambda written: written.translate(plain)


class _FileLines:
    """The lines of a text without their ends, and where each begins and ends in it."""

    def __init__(self, text: str) -> None:
        whole = text.split("\n")
        self.starts: list[int] = []
        position = 0
        for line in whole:
            self.starts.append(position)
            position += len(line) + 1
        self.contents = [line.removesuffix("\r") for line in whole[:-1]] + whole[-1:]

    def end(self, line: int) -> int:
        """Where the content of `line` ends, before its line end."""
        return self.starts[line] + len(self.contents[line])


def _stripped(line: str) -> str:
    return line.rstrip(_BLANKS)


def _partial(
    lines: _FileLines, folded: Sequence[Folded], old: str, strip: Callable[[str], str], whole: bool
) -> list[Place]:
    """Places where the lines of `old` match folded; its first and last may be parts unless `whole`."""
    wanted = [strip(line) for line in old.split("\n")]
    # Blanks dropped from the end of the last line stood at the end of a line, so it must match there.
    to_end = wanted[-1] != old.rsplit("\n", 1)[-1]
    seen = _Joined([strip(line.text) for line in folded])
    places = []
    for start, end in seen.spans("\n".join(wanted)):
        if to_end and seen.text[end : end + 1] not in ("", "\n"):
            continue
        first, column = seen.place(start)
        last, end_column = seen.place(end)
        if whole and column:
            continue
        begin, stop = folded[first].source(column), folded[last].source(end_column)
        if begin is not None and stop is not None:
            stop = len(lines.contents[last]) if to_end else stop
            places.append(Place(lines.starts[first] + begin, lines.starts[last] + stop, _unchanged))
    return places


class _Joined:
    """Folded lines as one text, which finds several lines as fast as one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.text = "\n".join(lines)
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]

    def spans(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Where `wanted` begins and ends, places that overlap each other included."""
        start = self.text.find(wanted)
        while start >= 0:
            yield start, start + len(wanted)
            start = self.text.find(wanted, start + 1)

    def place(self, position: int) -> tuple[int, int]:
        """The line and column of a position."""
        line = bisect_right(self._starts, position) - 1
        return line, position - self._starts[line]


def _respaced(lines: _FileLines, old: str) -> list[Place]:
    """Whole lines that match but for blanks anywhere and blank lines."""
    wanted = old.split("\n")
    ends_line = wanted[-1] == ""
    if ends_line:
        wanted.pop()
    words = [words_of(line) for line in wanted]
    if len(_SEEN.findall("".join(words))) < _LEAST_SEEN:
        return []
    told = [line for line, seen in zip(wanted, words, strict=True) if seen]
    file_words = [words_of(content) for content in lines.contents]
    filled = [number for number, seen in enumerate(file_words) if seen]
    seen = _Joined(["", *(file_words[number] for number in filled), ""])
    places = []
    for start, _ in seen.spans("\n".join(["", *filter(None, words), ""])):
        first = seen.place(start)[0]
        found = filled[first : first + len(told)]
        if not stand_alike(told, [lines.contents[number] for number in found]):
            continue
        twins = Twins.of(wanted, words, lines.contents, found)
        end = lines.starts[twins.end] if ends_line else lines.end(twins.end - 1)
        places.append(Place(lines.starts[twins.start], end, partial(settle_blanks, twins)))
    return places


def _indented(lines: _FileLines, contents: Sequence[str], old: str) -> tuple[list[Place], str] | None:
    """Whole lines that match once `old` is re-indented in one way."""
    wanted = old.split("\n")
    ends_line = wanted[-1] == ""
    if ends_line:
        wanted.pop()
    # Line ends around both make whole lines of what is found.
    seen = _Joined(["", *(content.strip(_BLANKS) for content in contents), ""])
    cores = "\n".join(["", *(line.strip(_BLANKS) for line in wanted), ""])
    places: list[Place] = []
    strategy = ""
    for start, _ in seen.spans(cores):
        first = seen.place(start)[0]
        last = first + len(wanted) - 1
        shift = _shift_between(wanted, contents[first : last + 1])
        if shift is None or (ends_line and last + 1 == len(lines.starts)):
            continue
        end = lines.starts[last + 1] if ends_line else lines.end(last)
        places.append(Place(lines.starts[first], end, shift.settle))
        strategy = shift.name
    return (places, strategy) if places else None


@dataclass(frozen=True)
class _Shift:
    """One way to re-indent every line: `turn` gives the new leading blanks, None where it cannot."""

    name: str
    turn: Callable[[str], str | None]

    def settle(self, old: str, new: str) -> tuple[str, str]:
        """Both texts re-indented."""
        return self._apply(old), self._apply(new)

    def _apply(self, text: str) -> str:
        """`text` with every line that has a content re-indented, as far as its blanks allow."""
        return "\n".join(map(self._line, text.replace("\r\n", "\n").split("\n")))

    def _line(self, line: str) -> str:
        content = line.lstrip(_BLANKS)
        if not content:
            return line
        turned = self.turn(line[: len(line) - len(content)])
        return content if turned is None else turned + content


def _shift_between(wanted: Sequence[str], found: Sequence[str]) -> _Shift | None:
    pairs = [
        (indent_of(line), indent_of(other)) for line, other in zip(wanted, found, strict=True) if line.strip()
    ]
    if not pairs:
        return None
    for shift in _shifts(*pairs[0]):
        if all(shift.turn(old) == new for old, new in pairs):
            return shift
    return None


def _shifts(old: str, new: str) -> Iterator[_Shift]:
    if new.endswith(old) and new != old:
        more = new[: len(new) - len(old)]
        yield _Shift(f"re-indenting by {_measure(more)}", lambda indent: more + indent)
    if old.endswith(new) and new != old:
        less = old[: len(old) - len(new)]
        yield _Shift(
            f"re-indenting by -{_measure(less)}",
            lambda indent: indent.removeprefix(less) if indent.startswith(less) else None,
        )
    for width in (2, 3, 4, 8):
        yield _exchanged(f"from {width} blanks to tabs", " " * width, "\t")
        yield _exchanged(f"from tabs to {width} blanks", "\t", " " * width)


def _exchanged(how: str, old: str, new: str) -> _Shift:
    return _Shift(f"re-indenting {how}", lambda indent: indent.replace(old, new))


def _measure(indent: str) -> str:
    kind = {" ": "blank", "\t": "tab"}.get(indent[0], "character") if len(set(indent)) == 1 else "character"
    return f"{len(indent)} {kind}{'s' * (len(indent) > 1)}"
