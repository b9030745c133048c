"""Colours of a file's lines; its language is told by its name."""

from __future__ import annotations

from functools import lru_cache

from nanodeck.contracts.versions import Colour
from nanodeck_widgets.syntax import colours_in


def colours(path: str, text: str) -> tuple[Colour, ...]:
    """The coloured parts of one line of a file; none when the file's kind is unknown."""
    return colours_in(_language(path), text)


@lru_cache(64)
def _language(path: str) -> str:
    from pygments.lexers import find_lexer_class_for_filename

    lexer = find_lexer_class_for_filename(path.rpartition("/")[2])
    return str(lexer.aliases[0]) if lexer is not None and lexer.aliases else ""
