"""What an empty chat says."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment

from nanodeck_widgets.chat.wrap import BLANK, Row
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette

LINES = (
    ("Say what should change, and press enter.", ""),
    ("/", "commands"),
    ("@", "files of the project"),
    ("f1", "help: every key"),
    ("/tour", "the keys, to try them out"),
)


@lru_cache(8)
def welcome_rows(width: int, palette: Palette, glyphs: Glyphs, about: str) -> list[Row]:
    """A few lines on what to type, and what this is."""
    rows = [BLANK]
    for key, what in LINES:
        style = palette.key if what else palette.strong
        segments = [Segment(f"{key:<7}" if what else key, style), Segment(what, palette.muted)]
        text = "".join(segment.text for segment in segments)
        if cell_len(text) <= width:
            rows.append(Row(tuple(segment for segment in segments if segment.text), text))
        if not what:
            rows.append(BLANK)
    if about:
        rows += [BLANK, Row((Segment(about, palette.muted),), about)]
    return rows
