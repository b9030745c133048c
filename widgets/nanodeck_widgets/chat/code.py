"""Lines of code in the chat as coloured pieces."""

from __future__ import annotations

from nanodeck_widgets.chat.wrap import Piece
from nanodeck_widgets.palette import Palette
from nanodeck_widgets.syntax import colours_in, ink_of


def code_pieces(line: str, language: str, palette: Palette) -> list[Piece]:
    """A line of code with its colours on the ground of code."""
    ground = palette.code_block
    pieces: list[Piece] = []
    at = 0
    for start, end, kind in colours_in(language, line):
        if start > at:
            pieces.append((line[at:start], ground))
        pieces.append((line[start:end], ground + ink_of(palette, kind)))
        at = end
    if at < len(line):
        pieces.append((line[at:], ground))
    return pieces
