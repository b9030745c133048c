"""What the cursor stands on: a file after `@`, a command after `/`; and which answers fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from nanodeck.contracts.mentions import mention_of

Kind = Literal["file", "command"]

_FILE = r"(?:^|(?<=[\s(\[{]))@(?:\"([^\"]*)|([^\s\"@]*))$"
_COMMAND = r"/([\w?-]*)$"


class Token(NamedTuple):
    """The unfinished word before the cursor; `start` is the column of its sign."""

    kind: Kind
    pattern: str
    start: int


class Item(NamedTuple):
    """Something the prompt offers; `value` goes into the text, `hint` says what it is."""

    value: str
    hint: str = ""


def token_before(before: str, *, first_line: bool) -> Token | None:
    """The token that `before`, the line up to the cursor, ends with."""
    if first_line and (command := re.match(_COMMAND, before)):
        return Token("command", command[1], 0)
    if file := re.search(_FILE, before):
        return Token("file", file[1] if file[1] is not None else file[2], file.start())
    return None


def written(kind: Kind, value: str) -> str:
    """How `value` stands in the text; a folder stays open so that completion goes on inside."""
    if kind == "command":
        return f"/{value} "
    if not value.endswith("/"):
        return f"{mention_of(value)} "
    return f'@"{value}' if " " in value else f"@{value}"


def ranked(items: Iterable[Item], pattern: str) -> list[Item]:
    """Items whose value holds the letters of `pattern` in order: prefixes first, then parts."""
    wanted = pattern.lower()
    found: list[tuple[int, int, Item]] = []
    for place, item in enumerate(items):
        value = item.value.lower()
        if value.startswith(wanted):
            found.append((0 if value == wanted else 1, place, item))
        elif wanted in value:
            found.append((2, place, item))
        elif _is_subsequence(wanted, value):
            found.append((3, place, item))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _is_subsequence(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


class Completion:
    """What is offered for the token under the cursor. Answers to an older pattern are ignored."""

    def __init__(self, commands: Sequence[Item] = ()) -> None:
        self.commands: tuple[Item, ...] = tuple(commands)
        self.token: Token | None = None
        self.items: tuple[Item, ...] = ()
        self.selected = 0
        self.waiting = False
        self._closed_at: tuple[Kind, int] | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose from."""
        return self.token is not None and bool(self.items)

    def follow(self, token: Token | None) -> bool:
        """The cursor stands on `token` now. True: files for its pattern are wanted."""
        if token is None or (token.kind, token.start) != self._closed_at:
            self._closed_at = None
        if token is None or self._closed_at is not None:
            self.token, self.items, self.waiting = None, (), False
            return False
        if token == self.token:
            return False
        fresh = self.token is None or self.token[::2] != token[::2]
        self.token = token
        if token.kind == "command":
            self._show(tuple(ranked(self.commands, token.pattern)))
            return False
        # Until the answer is there, nothing may be chosen that no longer fits.
        self._show(() if fresh else tuple(ranked(self.items, token.pattern)))
        self.waiting = True
        return True

    def offer(self, pattern: str, items: Iterable[Item]) -> bool:
        """Take the answer for `pattern`; False when the cursor has moved on."""
        if self.token is None or self.token.kind != "file" or self.token.pattern != pattern:
            return False
        self.waiting = False
        self._show(tuple(items))
        return True

    def move(self, step: int) -> None:
        """Select another item, round the ends."""
        if self.items:
            self.selected = (self.selected + step) % len(self.items)

    def close(self) -> None:
        """Offer nothing more for this token."""
        if self.token is not None:
            self._closed_at = (self.token.kind, self.token.start)
        self.token, self.items, self.waiting = None, (), False

    @property
    def choice(self) -> Item | None:
        """The selected item."""
        return self.items[self.selected] if self.is_open else None

    def _show(self, items: tuple[Item, ...]) -> None:
        self.items, self.selected = items, 0
