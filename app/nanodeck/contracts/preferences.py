"""How a person wants the deck: what they set, and what is remembered for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Preferences(NamedTuple):
    """The `[deck]` table of the person's settings; every field is a setting.

    A tuple, because the deck's first frame does not wait for msgspec to load.
    """

    theme: str = "auto"
    vim: bool = False
    mouse: bool = True
    bell: bool = True
    notify: bool = True
    title: bool = True
    tips: bool = True
    signs: str = "auto"


TITLES: Mapping[str, str] = {
    "theme": "Theme; auto is as light or dark as the terminal",
    "vim": "Vim keys in the prompt and the panes",
    "mouse": "Mouse: wheel, click, drag",
    "bell": "Bell when something waits and you look away",
    "notify": "Notification when you look away",
    "title": "Title of the terminal's window",
    "tips": "Tips for what you did not use yet",
    "signs": "Signs: unicode, or ASCII alone",
}
"""What each preference is, for people."""

CHOICES: Mapping[str, tuple[str, ...]] = {"signs": ("auto", "unicode", "ascii")}
"""The values of preferences that have a fixed list of them."""


class Kept(NamedTuple):
    """What was kept for the deck from earlier starts: preferences, keys by action id, what is remembered.

    `problems` says what could not be used, `places` in which files it stands.
    """

    preferences: Preferences = Preferences()
    keys: Mapping[str, tuple[str, ...]] = {}
    remembered: Mapping[str, Any] = {}
    problems: tuple[str, ...] = ()
    settings_path: str = ""
