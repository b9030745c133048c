"""Long pastes stand in the prompt as one short mark and are put back when the text is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

FOLD_ABOVE = 800
"""Characters up to which a paste goes into the document as it is."""

_MARK = r"\[Paste #\d+: [\d,]+ chars\]"


def normalised(text: str) -> str:
    """`text` with CR LF and CR as LF; some terminals turn every line feed of a paste into CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class Pastes:
    """Folded pastes by their marks. Marks are never reused, so that history and undo stay right."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """A new mark that stands for `text`."""
        mark = f"[Paste #{len(self._texts) + 1}: {len(text):,} chars]"
        self._texts[mark] = text
        return mark

    def refold(self, text: str) -> str:
        """`text` with every known paste that is still in it whole replaced by its mark."""
        for mark, paste in self._texts.items():
            if len(paste) <= len(text):
                text = text.replace(paste, mark)
        return text

    def expand(self, text: str) -> str:
        """`text` with every mark replaced by its paste; marks inside a paste stay as they are."""
        return re.sub(_MARK, lambda match: self._texts.get(match.group(), match.group()), text)

    def marks(self, line: str) -> Iterator[tuple[int, int]]:
        """Start and end of every mark in `line`."""
        if self._texts and "[Paste #" in line:
            for match in re.finditer(_MARK, line):
                if match.group() in self._texts:
                    yield match.span()

    def widened(self, line: str, start: int, end: int) -> tuple[int, int]:
        """`start` and `end` moved outwards where they cut a mark of `line`."""
        for first, last in self.marks(line):
            start = first if first < start < last else start
            end = last if first < end < last else end
        return start, end
