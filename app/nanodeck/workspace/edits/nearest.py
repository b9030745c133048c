"""What to say when an old text is not in the file: the lines that come nearest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from nanodeck.workspace.numbering import MAX_WIDTH

# Bounds that keep the search short on any file.
_MOST_CHARACTERS = 2_000_000
_COMPARED = 4_000
_CANDIDATES = 5
_ALIKE = 0.5
_SHOWN_LINES = 30
_WORD = re.compile(r"\w+")
_NUMBERED = re.compile(r"\s*\d+\t")


OLD_AND_NEW = ("old_string", "new_string")


def describe_miss(text: str, old: str, new: str, names: tuple[str, str] = OLD_AND_NEW) -> str:
    """Why `old`, as `names` call it, may not have been found in `text`, with the nearest lines."""
    message = f"{names[0]} is not in the file"
    old_lines = old.replace("\r\n", "\n").strip("\n").split("\n")
    if all(_NUMBERED.match(line) for line in old_lines):
        return f"{message}: leave out the line numbers and tabs that read puts before each line"
    if new.strip() and new in text:
        message += f", but {names[1]} is: the edit may have been made already"
    lines = text.split("\n")
    start = _nearest(lines, old_lines) if len(text) <= _MOST_CHARACTERS else None
    if start is None:
        return f"{message}; read it again"
    end = min(start + len(old_lines), len(lines), start + _SHOWN_LINES)
    shown = "\n".join(
        f"{number}\t{line.removesuffix(chr(13))[:MAX_WIDTH]}"
        for number, line in enumerate(lines[start:end], start + 1)
    )
    return f"{message}; the nearest lines are:\n{shown}"


def _nearest(lines: Sequence[str], old_lines: Sequence[str]) -> int | None:
    """Where the window most like `old_lines` begins, None when nothing is like it."""
    size = min(len(old_lines), len(lines))
    wanted = "\n".join(line.strip() for line in old_lines)[:_COMPARED]
    best = None
    alike = _ALIKE
    for start in _promising(lines, old_lines, size):
        window = "\n".join(line.strip() for line in lines[start : start + size])[:_COMPARED]
        matcher = SequenceMatcher(None, window, wanted, autojunk=len(wanted) > 500)
        if matcher.real_quick_ratio() > alike and (ratio := matcher.ratio()) > alike:
            best, alike = start, ratio
    return best


def _promising(lines: Sequence[str], old_lines: Sequence[str], size: int) -> list[int]:
    """The windows that share most words with `old_lines`, rare words counting more."""
    words = set(_WORD.findall("\n".join(old_lines)))
    present = [words.intersection(_WORD.findall(line)) for line in lines]
    common = Counter(word for found in present for word in found)
    scores = [sum(1 / common[word] for word in found) for found in present]
    running = sum(scores[:size])
    ranked = [(running, 0)]
    for start in range(1, len(lines) - size + 1):
        running += scores[start + size - 1] - scores[start - 1]
        ranked.append((running, start))
    ranked.sort(key=lambda pair: (-round(pair[0], 9), pair[1]))
    return [start for score, start in ranked[:_CANDIDATES] if score > 1e-9]
