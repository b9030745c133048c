"""Which keys edit, from TextArea's own table, so that the prompt can run them in order itself."""

from __future__ import annotations

from typing import Any

from textual.actions import parse
from textual.binding import Binding
from textual.widgets import TextArea

LEFT_TO_APP = frozenset(
    [
        "ctrl+x",
        "f6",
        "shift+f6",
        "f7",
        "ctrl+y",
        "ctrl+d",
        "ctrl+g",
        "ctrl+p",
        "ctrl+o",
        "ctrl+t",
        "ctrl+r",
        "ctrl+z",
        "shift+tab",
    ]
)
"""Keys of the deck that a focused TextArea would swallow."""

Action = tuple[str, tuple[Any, ...]]

_OWN: dict[str, Action] = {
    "ctrl+b": ("cursor_left", ()),
    "ctrl+f": ("cursor_right", ()),
    "ctrl+shift+x": ("cut", ()),
    "ctrl+underscore": ("undo", ()),
    "ctrl+shift+z": ("redo", ()),
    "super+shift+z": ("redo", ()),
    "ctrl+home": ("text_start", ()),
    "ctrl+end": ("text_end", ()),
}


def _editing_keys() -> dict[str, Action]:
    table: dict[str, Action] = {}
    for binding in TextArea.BINDINGS:
        keys, action = (
            (binding.key, binding.action) if isinstance(binding, Binding) else (binding[0], binding[1])
        )
        _, name, arguments = parse(action)
        table.update((key.strip(), (name, arguments)) for key in keys.split(","))
    return {key: action for key, action in {**table, **_OWN}.items() if key not in LEFT_TO_APP}


EDITING_KEYS: dict[str, Action] = _editing_keys()
"""Key to the name of TextArea's action and its arguments."""
