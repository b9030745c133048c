"""Lines of code in the chat as coloured pieces."""

from __future__ import annotations

from nanodeck_widgets.chat.wrap import Piece
from nanodeck_widgets.palette import Palette
from nanodeck_widgets.syntax import colours_in


def code_pieces(line: str, language: str, palette: Palette) -> list[Piece]:
    """A line of code with its colours on the ground of code."""
    ground = palette.code_block
    styles = {
        "keyword": palette.keyword,
        "string": palette.string,
        "number": palette.number,
        "name": palette.name,
        "comment": palette.comment,
    }
    pieces: list[Piece] = []
    at = 0
    for start, end, kind in colours_in(language, line):
        if start > at:
            pieces.append((line[at:start], ground))
        pieces.append((line[start:end], ground + styles[kind]))
        at = end
    if at < len(line):
        pieces.append((line[at:], ground))
    return pieces
