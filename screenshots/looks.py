"""What a screen looks like in a theme and with the colours a terminal has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color, ColorSystem
from rich.style import Style
from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip


@dataclass(frozen=True)
class Look:
    """A theme, shown with all colours or with the sixteen that every terminal has."""

    name: str
    theme: str
    sixteen: bool = False

    def shown(self, style: Style) -> Style:
        """`style` as the terminal shows it."""
        return _in_sixteen(style) if self.sixteen else style


DARK = Look("dark", "textual-dark")
LOOKS = (DARK, Look("light", "textual-light"), Look("16", DARK.theme, sixteen=True))


@lru_cache(maxsize=4096)
def _in_sixteen(style: Style) -> Style:
    return style + Style(color=_nearest(style.color), bgcolor=_nearest(style.bgcolor))


def _nearest(colour: Color | None) -> Color | None:
    number = colour and colour.downgrade(ColorSystem.STANDARD).number
    return colour if number is None else Color.from_ansi(number)


def rows_on_screen(app: App[None]) -> list[Strip]:
    """Every row, with what shines through from the screens below."""
    visible_screen_stack.set(app._background_screens)
    return [strip.simplify().discard_meta() for strip in app.screen._compositor.render_strips()]
