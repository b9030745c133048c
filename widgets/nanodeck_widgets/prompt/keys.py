"""Which keys edit: those of actions anybody can move to other keys, and the rest of TextArea's own table."""

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

EDITS: dict[str, Action] = {
    "left": ("cursor_left", ()),
    "right": ("cursor_right", ()),
    "word_left": ("cursor_word_left", ()),
    "word_right": ("cursor_word_right", ()),
    "line_start": ("cursor_line_start", ()),
    "line_end": ("cursor_line_end", ()),
    "text_start": ("text_start", ()),
    "text_end": ("text_end", ()),
    "delete_left": ("delete_left", ()),
    "delete_right": ("delete_right", ()),
    "delete_word_left": ("delete_word_left", ()),
    "delete_word_right": ("delete_word_right", ()),
    "delete_to_line_start": ("delete_to_start_of_line", ()),
    "delete_to_line_end": ("delete_to_line_end", ()),
    "delete_line": ("delete_line", ()),
    "undo": ("undo", ()),
    "redo": ("redo", ()),
    "cut": ("cut", ()),
    "paste": ("paste", ()),
}
"""Names of the prompt's actions that edit, and what the editor runs for them."""

_REPLACED = {"delete_to_end_of_line_or_delete_line", *(name for name, _ in EDITS.values())}


def _other_keys() -> dict[str, Action]:
    table: dict[str, Action] = {}
    for binding in TextArea.BINDINGS:
        keys, action = (
            (binding.key, binding.action) if isinstance(binding, Binding) else (binding[0], binding[1])
        )
        _, name, arguments = parse(action)
        if name not in _REPLACED or arguments:
            table.update((key.strip(), (name, arguments)) for key in keys.split(","))
    return {key: action for key, action in table.items() if key not in LEFT_TO_APP}


OTHER_KEYS: dict[str, Action] = _other_keys()
"""Keys that move between rows and select, to the name of TextArea's action and its arguments."""
