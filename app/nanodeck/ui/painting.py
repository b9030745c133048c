"""What the terminal shows, so that only what differs from it is written."""

from __future__ import annotations

import re
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
_WIDE = ((0x3041, 0x3096), (0x30A1, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))
_SURE = frozenset(chr(code) for first, last in _NARROW for code in range(first, last + 1))
"""Characters that every terminal gives one cell; of the wide ones it is those above that all agree on."""
_AGREED = "".join(f"{chr(first)}-{chr(last)}" for first, last in _NARROW + _WIDE)
# With the character before them, to which a mark belongs.
_DISPUTED = re.compile(f".?[^{_AGREED}]+", re.DOTALL)


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
    if _SURE.issuperset(text := strip.text) or not _DISPUTED.search(text):
        return strip.render(console)
    placed: list[Segment] = []
    for text, style, control in strip:
        parts: list[str] = []
        at = 0
        for found in _DISPUTED.finditer(text):
            sure = text[at : found.start()]
            x += cell_len(sure)
            parts += [sure, *_placed(found[0], x)]
            x += cell_len(found[0])
            at = found.end()
        x += cell_len(text[at:])
        placed.append(Segment("".join(parts) + text[at:], style, control))
    return Strip(placed).render(console)


def _placed(text: str, x: int) -> Iterator[str]:
    """Each character of `text` on cells made blank before, the cursor behind it where it should be."""
    spans, _ = split_graphemes(text)
    for start, end, cells in spans:
        yield f"{' ' * cells}{_to(x)}" if cells else ""
        x += cells
        yield text[start:end] + _to(x)


def _to(x: int) -> str:
    return f"\x1b[{x + 1}G"
