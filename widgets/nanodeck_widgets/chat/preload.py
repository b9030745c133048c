"""What draws a reply, loaded beside the deck's loop before there is one."""

from __future__ import annotations

import threading
from functools import cache

from nanodeck_widgets.chat.inline import parser
from nanodeck_widgets.syntax import colours_in


@cache
def preload() -> None:
    """Begin to load it: a deck at rest does without its memory. Only the first time does anything."""
    # On the loop, the first reply would stop everything for as long as the imports take.
    threading.Thread(target=_load, name="preload", daemon=True).start()


def _load() -> None:
    from nanodeck_widgets.chat import markdown, table  # noqa: F401

    parser().parse("*a*")
    colours_in("python", "pass")
