"""Glob patterns over paths relative to a folder: `*`, `?`, `[a-z]`, `{a,b}` and `**`."""

from __future__ import annotations

import re

_ALTERNATIVES = 200
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
    """The regular expression of a pattern without braces.

    Between two wildcards the first match is as good as any, so it is never gone back to: no pattern
    takes more than a few steps a character.
    """
    groups: list[list[str]] = [[]]
    for part in pattern.split("/"):
        if part != "**":
            groups[-1].append(_part(part))
        elif groups[-1] or len(groups) == 1:
            groups.append([])
    if len(groups) == 1:
        return "/".join(groups[0])
    first, *middle, last = groups
    out = "".join(f"{part}/" for part in first)
    out += "".join(f"(?>(?:[^/]+/)*?{'/'.join(group)}/)" for group in middle)
    return out + (f"(?:[^/]+/)*{'/'.join(last)}" if last else ".+")


def _part(part: str) -> str:
    """The regular expression of what stands between two slashes."""
    pieces = [""]
    place = 0
    while place < len(part):
        if stars := _STAR.match(part, place):
            pieces.append("")
            place = stars.end()
        elif inside := _CLASS.match(part, place):
            sign = "^/" if inside[1] else ""
            pieces[-1] += f"[{sign}{_SPECIAL.sub(_ESCAPED, inside[2])}]"
            place = inside.end()
        elif part[place] == "?":
            pieces[-1] += "[^/]"
            place += 1
        else:
            place += part[place] == "\\" and place + 1 < len(part)
            pieces[-1] += re.escape(part[place])
            place += 1
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>[^/]*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}[^/]*{pieces[-1]}"


def split_fixed(pattern: str) -> tuple[str, str]:
    """The folders `pattern` names literally, and the pattern for what is in them."""
    parts = pattern.split("/")
    fixed = 0
    while fixed < len(parts) - 1 and not _WILD.search(parts[fixed]):
        fixed += 1
    if not fixed:
        return "", pattern
    return "/".join(parts[:fixed]) or "/", "/" + "/".join(parts[fixed:])
