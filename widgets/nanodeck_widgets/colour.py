"""Arithmetic of colours: contrast, colours moved until they can be read, those of 256 colours."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.color import ColorSystem
from textual.color import BLACK, WHITE, Color

Shown = Callable[[Color], Color]
"""What a terminal makes of a colour."""
STEP, MOST_STEPS = 0.12, 20
HUE_APART, COLOURLESS = 0.07, 0.15


@lru_cache(1024)
def luminance(color: Color) -> float:
    """How bright a colour is, 0 to 1, as the web's accessibility guidelines count it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of the web's accessibility guidelines, 1 to 21."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@lru_cache(1024)
def of_256(color: Color) -> Color:
    """What a terminal of 256 colours shows for `color`."""
    return Color.from_rich_color(color.rich_color.downgrade(ColorSystem.EIGHT_BIT))


def same(color: Color) -> Color:
    """What a terminal of all colours shows for `color`."""
    return color


def readable(color: Color, least: float, *grounds: Color, shown: Shown = same) -> Color:
    """`color` moved towards black or white until it stands out from every ground by `least`, as `shown`."""
    behind = [shown(ground) for ground in grounds]
    goal = max((WHITE, BLACK), key=lambda end: min(contrast(end, ground) for ground in behind))
    for _ in range(MOST_STEPS):
        seen = shown(color)
        if min(contrast(seen, ground) for ground in behind) >= least:
            return color
        color = color.blend(goal, STEP, alpha=1.0)
    return goal


def alike(one: Color, other: Color) -> bool:
    """Whether two colours have nearly the same hue, so that neither can mean something of its own."""
    hue, tone = one.hsl, other.hsl
    if min(hue.s, tone.s) < COLOURLESS:
        return False
    apart = abs(hue.h - tone.h)
    return min(apart, 1 - apart) < HUE_APART
