"""Whether a web page opens beside the terminal: a text browser would take the terminal over."""

from __future__ import annotations

import sys
from collections.abc import Mapping

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")


def has_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether there is a screen for a browser, or one the person named."""
    return platform == "darwin" or any(map(environment.get, _SCREENS))
