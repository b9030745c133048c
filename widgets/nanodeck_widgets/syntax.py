"""Colours of code, line by line, by Pygments, which is loaded with the first line that asks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.style import Style

from nanodeck_widgets.palette import Palette

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

Kind = Literal["keyword", "string", "number", "name", "comment"]
LONGEST = 2_000
LINES_KEPT = 4_096


def ink_of(palette: Palette, kind: Kind) -> Style:
    """What code of a kind is drawn in."""
    inks: dict[Kind, Style] = {
        "keyword": palette.keyword,
        "string": palette.string,
        "number": palette.number,
        "name": palette.name,
        "comment": palette.comment,
    }
    return inks[kind]


class Colour(NamedTuple):
    """Characters `start` up to `end` of a line are of a kind."""

    start: int
    end: int
    kind: Kind


def colours_in(language: str, text: str) -> tuple[Colour, ...]:
    """The coloured parts of one line of a language by its name; none when that is unknown.

    A line is read alone: inside a string or comment of several lines it is taken for code.
    """
    return _colours_of(language.lower(), text[:LONGEST])


@lru_cache(LINES_KEPT)
def _colours_of(lexer_name: str, text: str) -> tuple[Colour, ...]:
    lexer = _lexer(lexer_name)
    if lexer is None or not text.strip():
        return ()
    found: list[Colour] = []
    for start, token, value in lexer.get_tokens_unprocessed(text):
        kind = _kind_of(token)
        if kind is not None and value.strip():
            found.append(Colour(start, start + len(value), kind))
    return tuple(found)


@lru_cache(16)
def _lexer(name: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name) if name else None
    except ClassNotFound:
        return None


@lru_cache(1)
def _kinds() -> dict[_TokenType, Kind]:
    from pygments.token import Token

    return {
        Token.Comment: "comment",
        Token.Literal.String: "string",
        Token.Literal.Number: "number",
        Token.Keyword: "keyword",
        Token.Operator.Word: "keyword",
        Token.Name.Function: "name",
        Token.Name.Class: "name",
        Token.Name.Decorator: "name",
        Token.Name.Builtin: "name",
        Token.Name.Attribute: "name",
        Token.Name.Tag: "keyword",
        Token.Generic.Deleted: "keyword",
        Token.Generic.Inserted: "string",
        Token.Generic.Heading: "keyword",
        Token.Generic.Subheading: "keyword",
    }


@lru_cache(512)
def _kind_of(token: _TokenType) -> Kind | None:
    """The kind of a token or of the nearest token type above it."""
    kinds = _kinds()
    above: _TokenType | None = token
    while above is not None:
        if above in kinds:
            return kinds[above]
        above = above.parent
    return None
