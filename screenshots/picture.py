"""Pictures that need nothing but themselves and look alike in every viewer."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from rich.console import Console
from rich.segment import Segment, Segments
from textual.strip import Strip

FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
CELL = 12.2
"""Units between two columns."""
FONT_SIZE = 20.26
"""At which the first fonts are as wide as a cell, also where `textLength` is not obeyed."""
_BLANK = "&#160;"
_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_FONT = re.compile(r"font-family: Fira Code, monospace;\s*font-size: 20px;")
_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]*)</text>'
)


def picture(rows: Sequence[Strip], title: str) -> str:
    """The rows of a screen as SVG, in a window called `title`."""
    console = Console(
        width=rows[0].cell_length,
        height=len(rows),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    for row in rows:
        pieces = [Segment(text, style) for text, style, _ in row]
        console.print(Segments([*pieces, Segment.line()]), end="")
    return _self_contained(console.export_svg(title=title))


def _self_contained(svg: str) -> str:
    """`svg`, as Rich exports it, without fonts from elsewhere: opening it fetches nothing."""
    svg = _FONT.sub(f"font-family: {FONTS}; font-size: {FONT_SIZE}px;", _FONT_FACE.sub("", svg))
    # Rich cuts the last row a little above the foot of its letters.
    svg = re.sub(r' clip-path="url\(#[\w-]+-clip-terminal\)"', "", svg)
    return _TEXT.sub(_begun_at_its_text, svg)


def _begun_at_its_text(match: re.Match[str]) -> str:
    """A piece of a line without the blanks around its text, which some viewers drop."""
    style, left, top, length, rest, text = match.groups()
    kept = text
    while kept.startswith(_BLANK):
        kept = kept.removeprefix(_BLANK)
    before = text[: len(text) - len(kept)].count(_BLANK)
    while kept.endswith(_BLANK):
        kept = kept.removesuffix(_BLANK)
    after = text.count(_BLANK) - before - kept.count(_BLANK)
    if not kept:
        return ""
    x, width = float(left) + before * CELL, float(length) - (before + after) * CELL
    return f'<text class="{style}" x="{x:g}" y="{top}" textLength="{width:g}"{rest}>{kept}</text>'
