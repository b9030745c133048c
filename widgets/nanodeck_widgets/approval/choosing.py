"""The choices of a request, as rows of segments."""

from __future__ import annotations

from itertools import zip_longest

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck_widgets.approval.docket import Docket
from nanodeck_widgets.approval.pen import GAP, Line, Pen, cells
from nanodeck_widgets.frame import cut
from nanodeck_widgets.keymap import shown_key

_SHORTEST = 24
"""Cells that a choice which names a rule is not cut below: it is shown whole before it is kept."""


def choices_of(docket: Docket, pen: Pen) -> list[Line]:
    """Every choice with its keys, in two columns where both fit beside each other."""
    keys, labels = _keys(docket), [option.label for option in docket.options]
    widest, half = max(map(cell_len, keys)), (len(keys) + 1) // 2
    room = pen.width - GAP - 2 * (widest + 2) - max(map(cell_len, labels[half:]), default=0)
    if room >= _SHORTEST:
        labels = [
            cut(label, room, pen.signs.ellipsis) if option.act == "always" else label
            for label, option in zip(labels, docket.options, strict=True)
        ]
    pieces = [
        [Segment(f"{each:{widest}}", _key_style(pen)), Segment(f"  {label}", pen.palette.text)]
        for each, label in zip(keys, labels, strict=True)
    ]
    if len(pieces) < 3 or max(map(cell_len, labels[:half])) > room:
        return pieces
    left = max(map(cells, pieces[:half])) + GAP
    return [
        [*piece, Segment(" " * (left - cells(piece))), *beside]
        for piece, beside in zip_longest(pieces[:half], pieces[half:], fillvalue=list[Segment]())
    ]


def brief_choices(docket: Docket, pen: Pen) -> list[Line]:
    """The same in a word each, as many beside each other as fit."""
    lines: list[Line] = []
    gap = Segment(" " * (GAP // 2))
    for keys, option in zip(_keys(docket), docket.options, strict=True):
        piece = [Segment(keys, _key_style(pen)), Segment(f" {option.word}", pen.palette.text)]
        if lines and cells(lines[-1]) + GAP // 2 + cells(piece) <= pen.width:
            lines[-1] += [gap, *piece]
        else:
            lines.append(piece)
    return lines


def _keys(docket: Docket) -> list[str]:
    return [" ".join(shown_key(key) for key in docket.keys_of(option)) for option in docket.options]


def _key_style(pen: Pen) -> Style:
    """Keys look as dead as they are."""
    return pen.palette.key + Style(bold=True) if pen.live else pen.palette.muted
