"""The sign of a verdict."""

from __future__ import annotations

from rich.style import Style

from nanodeck.contracts.judging import Opinion
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.palette import Palette


def mark_of(verdict: Opinion, palette: Palette, signs: Glyphs) -> tuple[str, Style]:
    """How allowed, asked and denied look everywhere."""
    return {
        "allow": (signs.done, palette.success),
        "ask": ("?", palette.attention),
        "deny": (signs.failed, palette.error),
    }[verdict]
