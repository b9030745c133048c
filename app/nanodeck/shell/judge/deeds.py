"""A program about to run, and the harm in what it is about to do."""

from __future__ import annotations

import re

from msgspec import Struct

from nanodeck.shell.judge.precious import Ground


class Harm(Struct, frozen=True):
    """The `rule` that names the kind of harm and what it is in this case."""

    rule: str
    reason: str


class Deed(Struct, frozen=True):
    """A program's `name` and words about to run in `folder` (None: not known), and what they stand on."""

    name: str
    words: tuple[str, ...]
    folder: str | None
    ground: Ground

    @property
    def operands(self) -> list[str]:
        """The words that are no options."""
        rest = self.words[1:]
        if "--" in rest:
            at = rest.index("--")
            return [*(word for word in rest[:at] if not word.startswith("-")), *rest[at + 1 :]]
        return [word for word in rest if not word.startswith("-") or word == "-"]

    def option(self, letters: str, *names: str) -> bool:
        """Whether one of the short options or (a beginning of) one of the long ones is given."""
        for word in self.words[1:]:
            if word == "--":
                return False
            if word.startswith("--") and any(
                len(word) > 3 and name.startswith(word.partition("=")[0]) for name in names
            ):
                return True
            if re.match(r"-[^-]", word) and any(letter in word for letter in letters):
                return True
        return False
