"""Diffs in lines: what happens to a file, the lines of a hunk, and which of them somebody means."""

from __future__ import annotations

import re

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark
from nanodeck.contracts.text import counted, show_controls

_PART = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def about_file(file: FileDiff) -> str:
    """A file and what happens to it."""
    said = [show_controls(file.path), file.kind]
    if file.old_path:
        said[1] += f" from {show_controls(file.old_path)}"
    if file.modes is not None:
        said.append(f"rights {file.modes[0] & 0o7777:o} to {file.modes[1] & 0o7777:o}")
    if file.sizes is not None:
        said.append(f"no text, {file.sizes[0]:,} to {counted(file.sizes[1], 'byte')}")
    elif file.added or file.removed:
        said.append(f"+{file.added} -{file.removed}")
    if file.author == "you":
        said.append("changed by you")
    if file.note:
        said.append(show_controls(file.note))
    return ", ".join(said)


def about_hunk(hunk: Hunk) -> str:
    """Where a hunk stands."""
    if not hunk.body:
        return "the file itself"
    section = f", {show_controls(hunk.section)}" if hunk.section else ""
    return f"from line {hunk.old_start or hunk.new_start}{section}"


def body(hunk: Hunk, *, numbered: bool = False) -> list[str]:
    """The lines of a hunk with their signs, `numbered` from 1 on where they are to be picked from."""
    if not hunk.body:
        return []
    lines = [show_controls(line) for line in hunk.body.split("\n")]
    if not numbered:
        return [f"  {line}" for line in lines]
    return [f"  {number}: {line}" for number, line in enumerate(lines, 1)]


def mark_word(mark: HunkMark | None) -> str:
    """What was decided, in a word."""
    if mark is None:
        return "undecided"
    return "accepted in part" if mark.mark == "accepted" and mark.lines else mark.mark


def places(text: str, most: int) -> list[int]:
    """The numbers meant by `3`, `1 4-6` or `1,3`, in order; none where one of them is none of 1 to `most`."""
    found: set[int] = set()
    for part in text.replace(",", " ").split():
        match = _PART.fullmatch(part)
        if match is None:
            return []
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= most:
            return []
        found.update(range(first, last + 1))
    return sorted(found)


def changed_lines(hunk: Hunk) -> list[int]:
    """Where in the body its added and removed lines are."""
    return [place for place, line in enumerate(hunk.body.split("\n")) if line[:1] in ("+", "-")]


def can_split(hunk: Hunk) -> bool:
    """Whether unchanged lines stand between changes of a hunk."""
    changed = changed_lines(hunk)
    lines = hunk.body.split("\n")
    between = lines[changed[0] : changed[-1]] if changed else []
    return any(line.startswith(" ") for line in between)


def new_text(hunk: Hunk) -> str:
    """The lines that a hunk leaves in the file."""
    return "\n".join(line[1:] for line in hunk.body.split("\n") if line[:1] in ("+", " "))
