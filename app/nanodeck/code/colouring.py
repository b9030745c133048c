"""Colours of whole files of code, by Pygments; run as a program it answers for a long one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import json

from nanodeck.contracts.versions import CodeKind, Colour, code_kind

if TYPE_CHECKING:
    from pygments.token import _TokenType

_LINE_END = re.compile("\r\n|\r")


def encoded_colours(path: str, text: str) -> list[bytes]:
    """The colours of each line of a file named `path`, as JSON; none where its kind is unknown.

    Only a line feed ends a line. Characters count as in `text`.
    """
    from pygments.lexers import find_lexer_class_for_filename

    lines: list[list[Colour]] = [[] for _ in range(text.count("\n") + 1)]
    lexer = find_lexer_class_for_filename(path.rpartition("/")[2])
    if lexer is not None:
        _colour(lines, lexer().get_tokens_unprocessed(_LINE_END.sub(_blanks, text)))
    return [json.encode(line) for line in lines]


def decoded_colours(lines: Iterable[bytes]) -> tuple[tuple[Colour, ...], ...]:
    """Colours again, from what `encoded_colours` gave."""
    return json.decode(b"[" + b",".join(lines) + b"]", type=tuple[tuple[Colour, ...], ...])


def _colour(lines: list[list[Colour]], tokens: Iterable[tuple[int, _TokenType, str]]) -> None:
    number = line_start = 0
    for start, token, value in tokens:
        kind = _kind(token)
        at = start - line_start
        pieces = value.split("\n")
        for following, piece in enumerate(pieces):
            if following:
                number, at = number + 1, 0
            if kind is not None and not piece.isspace() and piece:
                lines[number].append(Colour(at, at + len(piece), kind))
        if len(pieces) > 1:
            line_start = start + len(value) - len(pieces[-1])


@lru_cache(512)
def _kind(token: _TokenType) -> CodeKind | None:
    return code_kind(tuple(token))


def _blanks(end: re.Match[str]) -> str:
    # As long as what it stands for: some lexers take a carriage return for a line's end.
    return " \n" if end.group() == "\r\n" else " "


def main() -> None:
    """As a program: a name in the first line, then the text, UTF-8; the colours of a line in a line."""
    name, _, text = sys.stdin.buffer.read().decode("utf-8", "replace").partition("\n")
    sys.stdout.buffer.write(b"\n".join(encoded_colours(name, text)))
