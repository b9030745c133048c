"""The libraries that draw a reply, loaded beside the deck's loop while the model thinks."""

from __future__ import annotations

import threading
from functools import cache

from nanodeck_widgets.chat.inline import parser
from nanodeck_widgets.syntax import colours_in


@cache
def preload() -> None:
    """Begin to load them; only the first time does anything."""
    # On the loop, the first reply would stop everything for as long as their imports take.
    threading.Thread(target=_load, name="preload", daemon=True).start()


def _load() -> None:
    parser().parse("*a*")
    colours_in("python", "pass")
