"""Vim's keys in an editor: offsets into places, steps into edits."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.document._document import Location, Selection

from nanodeck_widgets.keymap import is_plain, pressed
from nanodeck_widgets.prompt.editor import Editor
from nanodeck_widgets.prompt.vim.keys import Step, Vim
from nanodeck_widgets.prompt.vim.motions import SAME_KEYS


class VimHand:
    """Takes the keys of `editor` outside of insert mode; `act` runs an action of the prompt."""

    def __init__(self, editor: Editor, act: Callable[[str], bool]) -> None:
        self._editor = editor
        self._act = act
        self._vim = Vim()
        self._at = 0

    @property
    def word(self) -> str:
        """The mode and what of a command was typed."""
        return f"vim {self._vim.mode} {self._vim.waiting}".rstrip()

    def insert(self) -> None:
        """Begin anew, in insert mode."""
        self._vim.insert()

    def escape(self) -> bool:
        """To normal mode; False when that is where we are."""
        if self._vim.mode == "normal" and not self._vim.waiting:
            return False
        marked = not self._editor.selection.is_empty and self._vim.mode != "insert"
        at = self._at if marked else self._place()
        self._do(self._vim.escape(self._editor.text, at))
        return True

    def take(self, event: events.Key) -> bool:
        """Do what a key means; False when it is one for every mode."""
        key = pressed(event)
        if self._vim.mode == "insert" or not (is_plain(key) or key in SAME_KEYS):
            return False
        at = self._at if self._vim.mode.startswith("visual") else self._place()
        self._do(self._vim.press(key, self._editor.text, at))
        return True

    def _place(self) -> int:
        row, column = self._editor.cursor_location
        return sum(len(line) + 1 for line in self._editor.document.lines[:row]) + column

    def _location(self, at: int) -> Location:
        text = self._editor.text[: max(0, at)]
        return text.count("\n"), len(text) - text.rfind("\n") - 1

    def _do(self, step: Step) -> None:
        editor = self._editor
        if step.act:
            self._act(step.act)
        if step.text is not None:
            editor.history.checkpoint()
            editor.rewrite(step.text, self._location(step.start), self._location(step.end))
        if step.select is not None:
            self._at = step.at
            first, last = step.select
            ends = (last, first) if step.at == first and last - first > 1 else (first, last)
            editor.selection = Selection(*map(self._location, ends))
        elif step.at >= 0:
            editor.selection = Selection.cursor(self._location(step.at))
