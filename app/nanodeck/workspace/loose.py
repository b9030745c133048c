"""Finding an old text that is not in the file exactly, in steps that pass over ever more."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

_BLANKS = " \t"
_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
            " ",
        ),
        "\uff0c": ",",
        "\uff1a": ":",
        "\uff1b": ";",
        "\uff08": "(",
        "\uff09": ")",
    }
)

Shift = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """A region of the file that an old text means; `shift` re-indents texts the way the file is."""

    start: int
    end: int
    shift: Shift


def find_loosely(text: str, old: str) -> tuple[list[Place], str]:
    """The places the first successful step finds, and what that step passes over.

    `text` ends with a line end. No step can find a text of blanks alone.
    """
    if not old.strip():
        return [], ""
    old = old.replace("\r\n", "\n")
    lines = _FileLines(text)
    folded_old = old.translate(_PUNCTUATION)
    if places := _partial(lines, lines.contents, old, str):
        return places, "ignoring line ends"
    if places := _partial(lines, lines.contents, old, _stripped):
        return places, "ignoring trailing blanks"
    if found := _indented(lines, lines.contents, old):
        return found
    folded = [content.translate(_PUNCTUATION) for content in lines.contents]
    if places := _partial(lines, folded, folded_old, _stripped):
        return places, "ignoring typographic punctuation"
    places, strategy = _indented(lines, folded, folded_old) or ([], "")
    return places, f"ignoring typographic punctuation and {strategy}" if places else ""


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


def _partial(lines: _FileLines, contents: Sequence[str], old: str, fold: Shift) -> list[Place]:
    """Places where the lines of `old` match folded; its first and last line may be parts of lines."""
    wanted = [fold(line) for line in old.split("\n")]
    # Blanks dropped from the end of the last line stood at the end of a line, so it must match there.
    to_end = wanted[-1] != old.rsplit("\n", 1)[-1]
    seen = _Joined([fold(content) for content in contents])
    places = []
    for start, end in seen.spans("\n".join(wanted)):
        if to_end and seen.text[end : end + 1] not in ("", "\n"):
            continue
        first, column = seen.place(start)
        last, end_column = seen.place(end)
        stop = lines.end(last) if to_end else lines.starts[last] + end_column
        places.append(Place(lines.starts[first] + column, stop, str))
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
        places.append(Place(lines.starts[first], end, shift.apply))
        strategy = shift.name
    return (places, strategy) if places else None


@dataclass(frozen=True)
class _Shift:
    """One way to re-indent every line: `turn` gives the new leading blanks, None where it cannot."""

    name: str
    turn: Callable[[str], str | None]

    def apply(self, text: str) -> str:
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
        (_indent(line), _indent(other)) for line, other in zip(wanted, found, strict=True) if line.strip()
    ]
    if not pairs:
        return None
    for shift in _shifts(*pairs[0]):
        if all(shift.turn(old) == new for old, new in pairs):
            return shift
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(_BLANKS))]


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
