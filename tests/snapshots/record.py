"""A scene as text: what is on the screen at every size, and how it looks in every look.

One file a scene. Under `120x40` the rows as they are read; under `styles` the same rows as runs, a style's
short name and how many cells it covers (`"` for a row like the one above); under `legend` what the names
stand for, one look a column. A text that differs in a look follows under `120x40 light`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from unittest.mock import patch

from rich.style import Style
from textual.screen import Screen
from textual.strip import Strip

from screenshots.looks import LOOKS, Look
from screenshots.scenes.scene import Player, Scene, Size, playing

BETWEEN = (120, 40)
ORDER: tuple[Size, ...] = (BETWEEN, (80, 24), (200, 60))
SAME = '"'
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Faces = tuple[str, ...]
"""What one cell looks like, a text for each look."""


class Legend:
    """Short names of styles: the same name stands for the same style in nearly every scene."""

    def __init__(self) -> None:
        self._names: dict[Faces, str] = {}

    def name(self, faces: Faces) -> str:
        """The name of a style."""
        if (known := self._names.get(faces)) is not None:
            return known
        digest = hashlib.blake2s("|".join(faces).encode()).digest()
        letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest)
        taken = set(self._names.values())
        name = next(letters[:length] for length in range(3, 32) if letters[:length] not in taken)
        self._names[faces] = name
        return name

    def lines(self) -> Iterator[str]:
        """What every name stands for."""
        for faces, name in sorted(self._names.items(), key=lambda pair: pair[1]):
            yield f"{name}  {'  |  '.join(faces)}"


@lru_cache(maxsize=4096)
def _face(style: Style | None) -> str:
    return str(style) if style else "none"


def _joined(rows: Sequence[Strip]) -> Iterator[tuple[Faces, int]]:
    """The runs of one row that look alike in every look."""
    runs = [
        [(_face(piece.style), piece.cell_length) for piece in strip if piece.cell_length] for strip in rows
    ]
    places = [0] * len(runs)
    left = [cells[0][1] for cells in runs]
    while True:
        width = min(left)
        yield tuple(cells[place][0] for cells, place in zip(runs, places, strict=True)), width
        for number, cells in enumerate(runs):
            left[number] -= width
            if not left[number]:
                places[number] += 1
                if places[number] == len(cells):
                    return
                left[number] = cells[places[number]][1]


def _style_row(rows: Sequence[Strip], legend: Legend) -> str:
    merged: list[tuple[str, int]] = []
    for faces, width in _joined(rows):
        name = legend.name(faces)
        if merged and merged[-1][0] == name:
            merged[-1] = (name, merged[-1][1] + width)
        else:
            merged.append((name, width))
    return " ".join(f"{name}{width}" for name, width in merged)


def _sheet(title: str, shots: Sequence[tuple[list[Strip], Look]], legend: Legend) -> Iterator[str]:
    texts = [[row.text.rstrip() for row in rows] for rows, _ in shots]
    yield f"── {title} ──"
    yield from texts[0]
    for text, (_, look) in zip(texts, shots, strict=True):
        if text != texts[0]:
            yield f"── {title} {look.name} ──"
            yield from text
    yield f"── {title} styles ──"
    before = ""
    for each in zip(*[rows for rows, _ in shots], strict=True):
        styles = _style_row(each, legend)
        yield SAME if styles == before else styles
        before = styles


async def _shots(player: Player) -> list[tuple[list[Strip], Look]]:
    """The screen in every look; each theme is put on once, beginning with the one that is on."""
    rows = {}
    for look in sorted(LOOKS, key=lambda look: look.theme != player.app.theme):
        await player.put_on(look)
        rows[look] = await _drawn(player)
    return [(rows[look], look) for look in LOOKS]


async def _drawn(player: Player) -> list[Strip]:
    """The screen once drawing it changes nothing more: panes learn how high a row is when they draw it."""
    rows = player.rows
    await player.settle()
    return player.rows if player.rows != rows else rows


@contextmanager
def _unpainted() -> Iterator[None]:
    """Screens are laid out but not painted on the terminal that nobody looks at."""

    def leave_out(screen: Screen[None]) -> None:
        screen._dirty_widgets.clear()
        screen._compositor._dirty_regions.clear()

    with patch.object(Screen, "_compositor_refresh", leave_out):
        yield


async def record(scene: Scene) -> str:
    """The text of `scene`; the same deck is seen at every size, as after a change of the terminal's size."""
    legend = Legend()
    lines: list[str] = []
    async with playing(scene, ORDER[0]) as player:
        with _unpainted():
            for size in ORDER:
                await player.resize(size)
                lines += _sheet(f"{size[0]}x{size[1]}", await _shots(player), legend)
    return "\n".join([*lines, "── legend ──", *legend.lines(), ""])
