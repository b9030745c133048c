"""Styled text in rows of cells: wrapping by words, and by character where words do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

Piece = tuple[str, Style]

# Characters that surely take one cell: Latin, Greek, Cyrillic, punctuation, arrows, mathematics,
# boxes, Braille. Joined or wide ones need the longer way.
_ONE_CELL = (
    "!-~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2200-\u22ff"
    "\u2500-\u25fc\u2800-\u28ff"
)
_NARROW = re.compile(f"[ {_ONE_CELL}]*")
_JOINED = "[\u0300-\u036f\ufe00-\ufe0f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]"
_ATOM = f"(?s: +|[{_ONE_CELL}]+|.(?:{_JOINED}|\u200d.?)*)"


class Row(NamedTuple):
    """A drawn row. `text` is what find and copy see, beginning `indent` cells into the row; `glue`
    stands between it and the row above in copied text.
    """

    segments: tuple[Segment, ...] = ()
    text: str = ""
    indent: int = 0
    glue: str = "\n"

    @property
    def cells(self) -> int:
        """Cells the row takes."""
        return sum(cell_len(segment.text) for segment in self.segments)


BLANK = Row()


class Break(NamedTuple):
    """Characters `start` up to `end` stand in one row, `glue` was left out before them."""

    start: int
    end: int
    glue: str


def breaks(text: str, width: int, *, words: bool = True) -> list[Break]:
    """Where `text`, which has no line feeds, is cut into rows of at most `width` cells."""
    width = max(1, width)
    if _NARROW.fullmatch(text):
        return _narrow_breaks(text, width, words)
    if cell_len(text) <= width:
        return [Break(0, len(text), "")]
    return _wide_breaks(text, width, words)


def _narrow_breaks(text: str, width: int, words: bool) -> list[Break]:
    found: list[Break] = []
    start, glue = 0, ""
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1) if words else -1
        if end <= start or not text[start:end].strip():
            found.append(Break(start, start + width, glue))
            start, glue = start + width, ""
            continue
        following = end
        while following < len(text) and text[following] == " ":
            following += 1
        found.append(Break(start, end, glue))
        start, glue = following, text[end:following]
    if start < len(text) or not found:
        found.append(Break(start, len(text), glue))
    return found


def _wide_breaks(text: str, width: int, words: bool) -> list[Break]:
    """As `_narrow_breaks`, for text with wide or joined characters; wide ones may be parted anywhere."""
    atoms = _atoms(text, width)
    found: list[Break] = []
    first, glue = 0, ""
    while first < len(atoms):
        last, cut = _row_of(atoms, first, width, words)
        if last == len(atoms):
            found.append(Break(atoms[first].start, len(text), glue))
            break
        if not text[atoms[first].start : atoms[cut].start].strip(" "):
            cut = last
        following = cut
        while words and following < len(atoms) and atoms[following].blank:
            following += 1
        stop = atoms[cut].start
        end = atoms[cut - 1].start if words and atoms[cut - 1].blank and cut - 1 > first else stop
        found.append(Break(atoms[first].start, end, glue))
        glue = text[end : atoms[following].start] if following < len(atoms) else ""
        first = following
    return found


class _Atom(NamedTuple):
    """A part of a text that is not parted: blanks, a run of narrow characters, a wide character."""

    start: int
    cells: int
    blank: bool


def _atoms(text: str, width: int) -> list[_Atom]:
    atoms: list[_Atom] = []
    for found in re.finditer(_ATOM, text):
        part, start = found[0], found.start()
        cells = cell_len(part)
        if cells == 0 and atoms:
            continue  # a mark belongs to what stands before it
        if cells <= max(2, width):
            atoms.append(_Atom(start, cells, part[0] == " "))
        else:
            atoms.extend(
                _Atom(start + at, min(width, len(part) - at), part[0] == " ")
                for at in range(0, len(part), width)
            )
    return atoms


def _row_of(atoms: Sequence[_Atom], first: int, width: int, words: bool) -> tuple[int, int]:
    """The first atom that does not fit into the row any more, and where to cut before it."""
    used, last, cut = 0, first, first
    while last < len(atoms) and (used + atoms[last].cells <= width or last == first):
        used += atoms[last].cells
        last += 1
        wide = atoms[last - 1].cells == 2 or (last < len(atoms) and atoms[last].cells == 2)
        if words and (wide or atoms[last - 1].blank):
            cut = last
    if cut == first or (words and last < len(atoms) and atoms[last].blank):
        cut = last
    return last, cut


def sliced(pieces: Iterable[Piece], cuts: Sequence[Break]) -> Iterator[list[Segment]]:
    """The segments of each cut out of the text that `pieces` make."""
    parts: list[tuple[int, str, Style]] = []
    at = 0
    for text, style in pieces:
        if text:
            parts.append((at, text, style))
            at += len(text)
    index = 0
    for start, end, _ in cuts:
        row: list[Segment] = []
        while index < len(parts):
            begin, text, style = parts[index]
            shown = text[max(0, start - begin) : end - begin] if begin < end else ""
            if shown:
                row.append(Segment(shown, style))
            if begin + len(text) > end:
                break
            index += 1
        yield row


def plain(pieces: Iterable[Piece]) -> str:
    """The text that `pieces` make."""
    return "".join(text for text, _ in pieces)
