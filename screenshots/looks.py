"""The themes that screens are pictured and compared in."""

from __future__ import annotations

from typing import NamedTuple

from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip

from nanodeck.ui.themes import DEFAULT, DEFAULT_LIGHT, NATIVE


class Look(NamedTuple):
    """A theme by a short name."""

    name: str
    theme: str


DARK = Look("dark", DEFAULT)
LOOKS = (DARK, Look("light", DEFAULT_LIGHT), Look("16", NATIVE[True]))


def rows_on_screen(app: App[None]) -> list[Strip]:
    """Every row, with what shines through from the screens below."""
    visible_screen_stack.set(app._background_screens)
    return [strip.simplify().discard_meta() for strip in app.screen._compositor.render_strips()]
