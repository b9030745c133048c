"""What the terminal shows, so that only what differs from it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.console import Console
from rich.segment import Segment
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

_NARROW = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x482),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x2190, 0x2193),
    (0x2200, 0x22FF),
    (0x2500, 0x25FC),
    (0x2800, 0x28FF),
)
_WIDE = (
    ("\u3041", "\u3096"),
    ("\u30a1", "\u30ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uac00", "\ud7a3"),
)
_SURE = frozenset(chr(code) for first, last in _NARROW for code in range(first, last + 1))
"""Characters that every terminal gives one cell; of the wide ones it is those of `_WIDE` all agree on."""


class _Shown(NamedTuple):
    """A piece of a row that is on the screen up to the cell `end`."""

    end: int
    strip: Strip
    drawn: str


class Painter:
    """Keeps what was written to the terminal, piece by piece."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, _Shown]] = {}
        self._region = Region()

    def forget(self) -> None:
        """The terminal may show anything now."""
        self._rows.clear()

    def only_new(self, update: CompositorUpdate, *, at_once: bool = False) -> CompositorUpdate:
        """`update` without what is on the screen already when it gets written; `at_once` asks the
        terminal to show it in one go.
        """
        return _New(self, update, at_once)

    def write(self, update: CompositorUpdate, console: Console) -> str:
        """What brings the screen up to date, which is taken for written."""
        if isinstance(update, LayoutUpdate) and update.region != self._region:
            self._region = update.region
            self.forget()
        return "".join(
            f"\x1b[{y + 1};{x + 1}H{drawn}"
            for y, x, end, strip in _pieces(update)
            if (drawn := self._show(y, x, end, strip, console))
        )

    def _show(self, y: int, x: int, end: int, strip: Strip, console: Console) -> str:
        row = self._rows.setdefault(y, {})
        shown = row.get(x)
        if shown is not None and shown.end == end:
            if shown.strip is strip:
                return ""
            drawn = _drawn(strip, x, console)
            row[x] = _Shown(end, strip, drawn)
            return "" if drawn == shown.drawn else drawn
        for at, other in list(row.items()):
            if at < end and other.end > x:
                del row[at]
        drawn = _drawn(strip, x, console)
        row[x] = _Shown(end, strip, drawn)
        return drawn


class _New(CompositorUpdate):
    """What differs from the screen, found out when it is written and not before."""

    def __init__(self, painter: Painter, update: CompositorUpdate, at_once: bool) -> None:
        self._painter = painter
        self._update = update
        self._at_once = at_once

    def render_segments(self, console: Console) -> str:
        """The update for the terminal."""
        drawn = self._painter.write(self._update, console)
        return f"{SYNC_START}{drawn}{SYNC_END}" if drawn and self._at_once else drawn


def _pieces(update: CompositorUpdate) -> Iterator[tuple[int, int, int, Strip]]:
    """Row, first cell, cell after the last one and look of every piece of an update."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, x + strip.cell_length, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, x1, x2 in update.spans:
            for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                if piece is not None and x < x2 and end > x1:
                    yield y, x, end, piece


def _drawn(strip: Strip, x: int, console: Console) -> str:
    """A piece for the terminal; whatever width it gives a disputed character, the next one is in place."""
    if _SURE.issuperset(text := strip.text) or not any(_disputed(text)):
        return strip.render(console)
    placed: list[Segment] = []
    for text, style, control in strip:
        parts: list[str] = []
        at = 0
        for start, end in _disputed(text):
            sure, found = text[at:start], text[start:end]
            x += cell_len(sure)
            parts += [sure, *_placed(found, x)]
            x += cell_len(found)
            at = end
        x += cell_len(text[at:])
        placed.append(Segment("".join(parts) + text[at:], style, control))
    return Strip(placed).render(console)


def _disputed(text: str) -> Iterator[tuple[int, int]]:
    """Where characters stand whose width terminals disagree about, with the one before they may mark."""
    start = -1
    for at, letter in enumerate(text):
        if letter in _SURE or any(first <= letter <= last for first, last in _WIDE):
            if start >= 0:
                yield max(0, start - 1), at
            start = -1
        elif start < 0:
            start = at
    if start >= 0:
        yield max(0, start - 1), len(text)


def _placed(text: str, x: int) -> Iterator[str]:
    """Each character of `text` on cells made blank before, the cursor behind it where it should be."""
    spans, _ = split_graphemes(text)
    for start, end, cells in spans:
        yield f"{' ' * cells}{_to(x)}" if cells else ""
        x += cells
        yield text[start:end] + _to(x)


def _to(x: int) -> str:
    return f"\x1b[{x + 1}G"
