"""Reads the words of a program by what its table knows: options it may have, values they take, operands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from nanodeck.contracts.requests import Word

_GLOB = re.compile(r"!?[\w.*{},/-]*\*[\w.*{},/-]*|![\w./-]+")


class Table(Struct, frozen=True):
    """The options of a program that only reads with all of them.

    `flags` are letters without a value, `valued` letters with one, `attached` those that may have one in
    the same word; `long` are names, with `=` where they take a value and with `?` where they may have one
    behind an equals sign, twice where the next word is it, if there is one. `operands` says what the rest
    are (a kind of programs.py), at most `most`.
    """

    operands: str
    flags: str = ""
    valued: str = ""
    long: str = ""
    most: int = 1000
    attached: str = ""


class Parsed(Struct, frozen=True):
    """The options with their values in order, short ones with one dash, and the operands."""

    options: tuple[tuple[str, str], ...]
    operands: tuple[Word, ...]

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return any(name in names for name, _ in self.options)

    def values(self, *names: str) -> list[str]:
        """What these options are given."""
        return [value for name, value in self.options if name in names]


class NotListed(Exception):
    """A word is not in the table; the message says which."""


def parsed(words: Sequence[Word], table: Table) -> Parsed:
    """The words after the program's name as `table` understands them. Raises NotListed."""
    options: list[tuple[str, str]] = []
    operands: list[Word] = []
    long = table.long.split()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        text = word.text
        if text == "--" and not word.filled:
            operands += rest
            break
        if word.filled or not text.startswith("-") or text == "-":
            if word.filled and text.startswith("-"):
                raise NotListed(f"{text} is not certain before it runs")
            operands.append(word)
        elif text.startswith("--"):
            options.append(_long(text, long, rest, late=bool(operands)))
        else:
            options += _short(text, table, rest, late=bool(operands))
    return Parsed(tuple(options), tuple(operands))


def _long(text: str, long: Sequence[str], rest: list[Word], *, late: bool) -> tuple[str, str]:
    name, equals, value = text[2:].partition("=")
    if equals and (f"{name}=" in long or f"{name}?" in long):
        return f"--{name}", value
    if not equals and f"{name}=" in long and (rest or f"{name}?" not in long):
        return f"--{name}", _value(text, rest, late=late)
    if not equals and (name in long or f"{name}?" in long):
        return f"--{name}", ""
    raise NotListed(f"{text} is not among the options that only read")


def _short(text: str, table: Table, rest: list[Word], *, late: bool) -> list[tuple[str, str]]:
    options: list[tuple[str, str]] = []
    for place, letter in enumerate(text[1:], 1):
        if letter in table.valued:
            value = text[place + 1 :] or _value(f"-{letter}", rest, late=late)
            return [*options, (f"-{letter}", value)]
        if letter in table.attached:
            return [*options, (f"-{letter}", text[place + 1 :])]
        if letter not in table.flags and not (letter.isdecimal() and "0" in table.flags):
            raise NotListed(f"-{letter} is not among the options that only read")
        options.append((f"-{letter}", ""))
    return options


def _value(option: str, rest: list[Word], *, late: bool) -> str:
    """The next word, which is the value of `option`; `late` ones may be a file to programs of other makes."""
    if not rest or rest[0].filled:
        raise NotListed(f"what {option} is given is not certain")
    value = rest.pop(0).text
    if option in ("-e", "--regexp", "--expression") and not late:
        return value
    if re.match(r"~|/.|\.\.(?:/|$)", value) or "/../" in value:
        raise NotListed(f"{option} may be given a file: {value}")
    if late and not (plain_number(value) or len(value) < 2 or _GLOB.fullmatch(value)):
        raise NotListed(f"{option} stands behind files")
    return value


def plain_number(text: str) -> bool:
    """Whether `text` is a number as counts and lines are given."""
    return bool(re.fullmatch(r"[-+]?\d{1,12}(?:\.\d{1,6})?[smhdkKMGTB]?", text))
