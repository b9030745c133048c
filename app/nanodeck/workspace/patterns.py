"""Glob patterns over paths relative to a folder: `*`, `?`, `[a-z]`, `{a,b}` and `**`."""

from __future__ import annotations

import re

_ALTERNATIVES = 200
_STARS = re.compile(r"(?:\*\*/)+")
_STAR = re.compile(r"\*+")
_CLASS = re.compile(r"\[([!^]?)(\]?[^\]]*)\]")
_SPECIAL = re.compile(r"[\\\[\]^&~|]")
_ESCAPED = r"\\\g<0>"
_WILD = re.compile(r"[*?\[{\\]")


def compile_glob(pattern: str) -> re.Pattern[str]:
    """What matches whole paths with '/' between their parts.

    A pattern without '/' is about the last part alone, wherever it is, as in .gitignore.
    Raises ValueError for a pattern that cannot be meant.
    """
    pattern = pattern.removeprefix("./")
    if not pattern:
        raise ValueError("the pattern is empty")
    if "/" not in pattern:
        pattern = f"**/{pattern}"
    pattern = pattern.removeprefix("/")
    if pattern.endswith("/"):
        pattern += "**"
    options = "|".join(_translate(option) for option in _alternatives(pattern))
    try:
        return re.compile(f"(?s:{options})\\Z")
    except re.error as error:
        raise ValueError(str(error)) from None


def _alternatives(pattern: str) -> list[str]:
    """`pattern` with every `{a,b}` written out; a brace without its partner is a plain character."""
    opening = pattern.find("{")
    while opening >= 0:
        depth, parts, start = 0, [], opening + 1
        for place in range(opening, len(pattern)):
            char = pattern[place]
            depth += (char == "{") - (char == "}")
            if depth == 0 or (depth == 1 and char == ","):
                parts.append(pattern[start:place])
                start = place + 1
            if depth == 0:
                break
        if depth == 0:
            head, tails = pattern[:opening], _alternatives(pattern[start:])
            inner = [option for part in parts for option in _alternatives(part)]
            return [f"{head}{option}{tail}" for option in inner for tail in tails][:_ALTERNATIVES]
        opening = pattern.find("{", opening + 1)
    return [pattern]


def _translate(pattern: str) -> str:
    out = []
    place = 0
    while place < len(pattern):
        part_starts = place == 0 or pattern[place - 1] == "/"
        if part_starts and (stars := _STARS.match(pattern, place)):
            out.append("(?:[^/]+/)*")
            place = stars.end()
        elif part_starts and pattern[place:] == "**":
            out.append(".+")
            break
        elif stars := _STAR.match(pattern, place):
            out.append("[^/]*")
            place = stars.end()
        elif inside := _CLASS.match(pattern, place):
            sign = "^" if inside[1] else ""
            out.append(f"(?!/)[{sign}{_SPECIAL.sub(_ESCAPED, inside[2])}]")
            place = inside.end()
        elif pattern[place] == "?":
            out.append("[^/]")
            place += 1
        else:
            place += pattern[place] == "\\" and place + 1 < len(pattern)
            out.append(re.escape(pattern[place]))
            place += 1
    return "".join(out)


def split_fixed(pattern: str) -> tuple[str, str]:
    """The folders `pattern` names literally, and the pattern for what is in them."""
    parts = pattern.split("/")
    fixed = 0
    while fixed < len(parts) - 1 and not _WILD.search(parts[fixed]):
        fixed += 1
    if not fixed:
        return "", pattern
    return "/".join(parts[:fixed]) or "/", "/" + "/".join(parts[fixed:])
