"""Colours of code, line by line, by Pygments, which is loaded with the first line that asks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

from nanodeck.contracts.versions import CodeKind, Colour, code_kind
from nanodeck_widgets.palette import Palette

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST = 2_000
LINES_KEPT = 4_096


def ink_of(palette: Palette, kind: CodeKind) -> Style:
    """What code of a kind is drawn in."""
    inks: dict[CodeKind, Style] = {
        "keyword": palette.keyword,
        "string": palette.string,
        "number": palette.number,
        "name": palette.name,
        "comment": palette.comment,
    }
    return inks[kind]


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
    # A heading of Markdown is one by the end of its line.
    for start, token, value in lexer.get_tokens_unprocessed(f"{text}\n"):
        kind = _kind_of(token)
        if kind is not None and value.strip():
            found.append(Colour(start, min(start + len(value), len(text)), kind))
    return tuple(found)


@lru_cache(16)
def _lexer(name: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name) if name else None
    except ClassNotFound:
        return None


@lru_cache(512)
def _kind_of(token: _TokenType) -> CodeKind | None:
    return code_kind(tuple(token))
