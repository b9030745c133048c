"""Code in the chat: one line at a time, coloured by Pygments, which the first line loads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from nanodeck_widgets.chat.wrap import Piece
from nanodeck_widgets.palette import Palette

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

Kind = Literal["keyword", "string", "number", "name", "comment", ""]
LONGEST = 2_000
LINES_KEPT = 2_048

# Names of token types by what they begin with; the first that fits wins.
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("Token.Comment", "comment"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Builtin", "name"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Attribute", "name"),
    ("Token.Generic.Deleted", "keyword"),
    ("Token.Generic.Inserted", "string"),
    ("Token.Generic.Heading", "keyword"),
    ("Token.Generic.Subheading", "keyword"),
)


def code_pieces(line: str, language: str, palette: Palette) -> list[Piece]:
    """A line of code with its colours. It is read alone, so a string of several lines may be missed."""
    ground = palette.code_block
    styles = {
        "keyword": palette.keyword,
        "string": palette.string,
        "number": palette.number,
        "name": palette.name,
        "comment": palette.comment,
    }
    pieces = [(text, ground + styles[kind] if kind else ground) for text, kind in _coloured(language, line)]
    rest = line[sum(len(text) for text, _ in pieces) :]
    return [*pieces, (rest, ground)] if rest else pieces


@lru_cache(LINES_KEPT)
def _coloured(language: str, line: str) -> tuple[tuple[str, Kind], ...]:
    lexer = _lexer(language.lower())
    if lexer is None or not line.strip():
        return ()
    shown = line[:LONGEST]
    return tuple((text, _kind(token)) for _, token, text in lexer.get_tokens_unprocessed(shown))


@lru_cache(16)
def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(512)
def _kind(token: _TokenType) -> Kind:
    name = str(token)
    return next((kind for beginning, kind in _KINDS if name.startswith(beginning)), "")
