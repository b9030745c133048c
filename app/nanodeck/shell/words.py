"""The words of a shell command, as far as they are certain before it runs."""

from __future__ import annotations

import re

from nanodeck.contracts.requests import Word

ENDS = " \t\n;&|<>()"
_NAME = re.compile(r"\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)
_PLAIN = re.compile(r"[\w./+@%,-]+", re.ASCII)
_ANSI_QUOTED = re.compile(r"\$'(?:[^'\\]|\\.)*'", re.DOTALL)
# Braces with one word in them stay, as in HEAD@{1}; before a redirect they name a variable.
_PLAIN_BRACES = re.compile(r"\{\w*\}(?![<>])", re.ASCII)
_ESCAPED_IN_QUOTES = '$`"\\'
# Characters bash itself uses inside words: what becomes of them differs between its versions.
_INTERNAL = "\x01\x7f"


class BeyondWords(Exception):
    """The text is more than words and operators; the message says what of it."""


class Scanner:
    """Reads a command from its beginning; `at` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def rest(self) -> bool:
        """Whether something is left."""
        return self.at < len(self.text)

    def starts(self, text: str) -> bool:
        """Whether `text` comes next."""
        return self.text.startswith(text, self.at)

    def skip_blanks(self) -> None:
        """Go on to what is no blank, no continued line and no comment."""
        while self.rest:
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.starts("\\\n") and (self.at == 0 or self.text[self.at - 1] in " \t\n"):
                self.at += 2
            elif self.starts("#"):
                end = self.text.find("\n", self.at)
                self.at = end if end >= 0 else len(self.text)
            else:
                return

    def word(self) -> tuple[Word, str]:
        """The word that begins here, and how it is written. Raises BeyondWords."""
        start, pieces, filled = self.at, list[str](), False
        while self.rest and (character := self.text[self.at]) not in ENDS:
            if plain := _PLAIN.match(self.text, self.at):
                pieces.append(plain.group())
                self.at = plain.end()
            elif character == "\\":
                pieces.append(self._escaped())
            elif character == "'":
                pieces.append(self._until("'"))
            elif character == '"':
                filled |= self._double(pieces)
            elif character == "$":
                filled |= self._dollar(pieces)
            elif character == "`":
                raise BeyondWords("`…` in it runs other commands")
            else:
                filled |= self._is_pattern(start)
                pieces.append(character)
                self.at += 1
        written = self.text[start : self.at]
        return Word(written if filled else "".join(pieces), filled), written

    def _escaped(self) -> str:
        following = self.text[self.at + 1 : self.at + 2]
        if following in ("", "\n"):
            raise BeyondWords("a word goes on in the next line")
        self.at += 2
        return following

    def _until(self, quote: str) -> str:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            raise BeyondWords("a quote in it has no end")
        quoted = self.text[self.at + 1 : end]
        self.at = end + 1
        return quoted

    def _double(self, pieces: list[str]) -> bool:
        """Read what stands in double quotes; whether the shell fills something in."""
        filled = False
        self.at += 1
        while self.rest and (character := self.text[self.at]) != '"':
            if character == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                if following != "\n":
                    pieces.append(following if following in _ESCAPED_IN_QUOTES else f"\\{following}")
                self.at += 2
            elif character == "`":
                raise BeyondWords("`…` in it runs other commands")
            elif character == "$":
                filled |= self._dollar(pieces, quoted=True)
            else:
                filled |= character in _INTERNAL
                pieces.append(character)
                self.at += 1
        if not self.rest:
            raise BeyondWords("a quote in it has no end")
        self.at += 1
        return filled

    def _dollar(self, pieces: list[str], *, quoted: bool = False) -> bool:
        """Read past a dollar sign; whether the shell fills something in."""
        if self.starts("$\\\n"):
            raise BeyondWords("a word goes on in the next line")
        if self.starts("$("):
            raise BeyondWords("$(…) in it runs other commands")
        ansi = None if quoted else _ANSI_QUOTED.match(self.text, self.at)
        if found := ansi or _NAME.match(self.text, self.at):
            self.at = found.end()
            return True
        if (
            self.starts("${")
            or self.starts("$[")
            or (not quoted and self.text[self.at + 1 : self.at + 2] in "'\"")
        ):
            raise BeyondWords("${…} in it works out a word")
        pieces.append("$")
        self.at += 1
        return False

    def _is_pattern(self, start: int) -> bool:
        """Whether the shell makes something else of the unquoted character it stands at."""
        text, at = self.text, self.at
        character = text[at]
        if character == "~":
            return at == start or text[at - 1] in "=:"
        if character == "{":
            return not _PLAIN_BRACES.match(text, at)
        if character == "[":
            # The program of this name stands alone.
            return at != start or text[at + 1 : at + 2] not in ("", *ENDS)
        return (
            character in "*?" or character in _INTERNAL or (character.isspace() and not character.isascii())
        )
