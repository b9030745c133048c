"""SEARCH/REPLACE blocks: several edits in one text, as many models write them.

<<<<<<< SEARCH
old lines
=======
new lines
>>>>>>> REPLACE
"""

from __future__ import annotations

import re
from typing import Any

from nanodeck.contracts.errors import ToolError

_START = re.compile(r"\s*(?:<{4,}|-{4,})\s*(?:SEARCH|ORIGINAL)\s*(?:>\s*)?", re.IGNORECASE)
_DIVIDER = re.compile(r"={4,}\s*")
_END = re.compile(r"\s*(?:>{4,}|\+{4,})\s*(?:REPLACE|UPDATED)\s*", re.IGNORECASE)
_PLACE = re.compile(r":(?:start|end)_line:")
_RULE = re.compile(r"-{4,}\s*")


def read_blocks(text: str) -> list[dict[str, Any]] | None:
    """The edits of `text`, None where it has no block. Raises ToolError naming a block that is not whole."""
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [number for number, line in enumerate(lines) if _START.fullmatch(line)]
    if not starts:
        return None
    edits = []
    for number, (start, following) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), 1):
        block = lines[start + 1 : following]
        end = next((at for at, line in enumerate(block) if _END.fullmatch(line)), None)
        if end is None:
            raise ToolError(f"block {number} has no line '>>>>>>> REPLACE'")
        dividers = [at for at, line in enumerate(block[:end]) if _DIVIDER.fullmatch(line)]
        if len(dividers) != 1:
            several = "several lines" if dividers else "no line"
            raise ToolError(f"block {number} has {several} '=======': give old_string and new_string instead")
        old, new = block[: dividers[0]], block[dividers[0] + 1 : end]
        # Some tell the lines meant before the text: what the text says itself is what counts.
        placed = next((at for at, line in enumerate(old) if not _PLACE.match(line)), len(old))
        if placed and _RULE.fullmatch("".join(old[placed : placed + 1])):
            placed += 1
        del old[:placed]
        edits.append({"old_string": _ended(old), "new_string": _ended(new)})
    return edits


def _ended(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
