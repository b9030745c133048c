"""The code in a Markdown text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})([^\n]*)")


def code_blocks(text: str) -> list[str]:
    """What stands between the fences of a Markdown text, in order; the last may lack its closing fence."""
    return _parted(text)[1]


def without_code(text: str) -> str:
    """A Markdown text without what stands between its fences."""
    return _parted(text)[0]


def _parted(text: str) -> tuple[str, list[str]]:
    """The text outside all fences, and what is in each."""
    outside: list[str] = []
    blocks: list[list[str]] = []
    indent = mark = ""
    for line in text.split("\n"):
        found = _FENCE.fullmatch(line)
        if not mark:
            if found and not (found[2][0] == "`" and "`" in found[3]):
                indent, mark = found[1], found[2]
                blocks.append([])
            else:
                outside.append(line)
        elif found and found[2].startswith(mark) and not found[3].strip():
            mark = ""
        else:
            blocks[-1].append(line.removeprefix(indent))
    return "\n".join(outside), ["\n".join(block) for block in blocks if block]


def last_code(texts: Iterable[str]) -> str:
    """The last block of code of the first text that has one, empty where none has."""
    blocks = next(filter(None, map(code_blocks, texts)), None)
    return blocks[-1] if blocks else ""
