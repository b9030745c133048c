"""The libraries that draw a reply, loaded beside the deck's loop before there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

from nanodeck_widgets.chat.inline import parser
from nanodeck_widgets.syntax import colours_in


@cache
def preload_markdown() -> None:
    """Begin to load what every reply needs; only the first time does anything."""
    _beside(lambda: parser().parse("*a*"))


@cache
def preload() -> None:
    """Begin to load that and what code needs, which takes memory that a deck at rest can do without."""
    preload_markdown()
    _beside(lambda: colours_in("python", "pass"))


def _beside(load: Callable[[], object]) -> None:
    # On the loop, the first reply would stop everything for as long as the imports take.
    threading.Thread(target=load, name="preload", daemon=True).start()
