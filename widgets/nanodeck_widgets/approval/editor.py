"""A line of text and its cursor, changed key by key in the order of arrival."""

from __future__ import annotations

import re

_WORD_LEFT = re.compile(r"\w*\W*\Z")
_WORD_RIGHT = re.compile(r"\W*\w*")


class LineEditor:
    """Text that is being written; `newlines` says whether it may have several lines."""

    def __init__(self, text: str = "", *, newlines: bool = False) -> None:
        self.text = text
        self.cursor = len(text)
        self._newlines = newlines

    def insert(self, text: str) -> None:
        """Write `text` at the cursor."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not self._newlines:
            text = " ".join(text.split("\n"))
        self._replace(self.cursor, self.cursor, text)

    def press(self, key: str, character: str | None) -> bool:
        """Take one key; False when it does not edit."""
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        if key in ("left", "ctrl+b"):
            self.cursor = max(0, self.cursor - 1)
        elif key in ("right", "ctrl+f"):
            self.cursor = min(len(self.text), self.cursor + 1)
        elif key in ("home", "ctrl+a"):
            self.cursor = before.rfind("\n") + 1
        elif key in ("end", "ctrl+e"):
            self.cursor += len(after.split("\n", 1)[0])
        elif key == "ctrl+left":
            self.cursor = self._word_start()
        elif key == "ctrl+right":
            self.cursor = self._word_end()
        elif key in ("up", "down"):
            self._move_line(-1 if key == "up" else 1)
        elif key == "ctrl+j":
            self.insert("\n")
        elif character is not None and character.isprintable():
            self.insert(character)
        else:
            return self._delete(key)
        return True

    def _delete(self, key: str) -> bool:
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        if key == "backspace":
            self._replace(max(0, self.cursor - 1), self.cursor, "")
        elif key == "delete":
            self._replace(self.cursor, self.cursor + 1, "")
        elif key in ("ctrl+w", "alt+backspace", "ctrl+backspace"):
            self._replace(self._word_start(), self.cursor, "")
        elif key == "alt+delete":
            self._replace(self.cursor, self._word_end(), "")
        elif key == "ctrl+u":
            self._replace(before.rfind("\n") + 1, self.cursor, "")
        elif key == "ctrl+k":
            self._replace(self.cursor, self.cursor + len(after.split("\n", 1)[0]), "")
        else:
            return False
        return True

    def _replace(self, start: int, end: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[end:]
        self.cursor = start + len(text)

    def _word_start(self) -> int:
        match = _WORD_LEFT.search(self.text[: self.cursor])
        return match.start() if match else 0

    def _word_end(self) -> int:
        match = _WORD_RIGHT.match(self.text, self.cursor)
        return match.end() if match else len(self.text)

    def _move_line(self, step: int) -> None:
        lines = self.text.split("\n")
        row = self.text.count("\n", 0, self.cursor)
        column = self.cursor - (self.text.rfind("\n", 0, self.cursor) + 1)
        goal = min(max(row + step, 0), len(lines) - 1)
        if goal != row:
            self.cursor = sum(len(line) + 1 for line in lines[:goal]) + min(column, len(lines[goal]))
