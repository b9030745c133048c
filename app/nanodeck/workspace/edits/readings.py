"""What a model may have meant where the old text it gave is nowhere in the file: wrappings taken off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_NUMBERED = re.compile(r"[ \t]*L?(\d+)(?:\t|→|[ \t]*[:|│])")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^\n`]*\n(.*?)\n?[ \t]*\1[ \t]*\n?\s*", re.DOTALL)
_ESCAPE = re.compile(r"\\(n|t|r|\"|'|`|/|\\|u[0-9a-fA-F]{4})")
_ESCAPED_QUOTE = re.compile(r"\\([\"'`])")
_MEANINGS = {"n": "\n", "t": "\t", "r": "\r"}
_ENTITY = re.compile(r"&(lt|gt|quot|apos|#0*39|#x0*27|#0*34|amp);")
_ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}

_LITERAL = re.compile(
    r"""(?P<long>\"{3}|'{3})(?s:.*?)(?P=long)|(?P<quote>"|(?<!\w\w)')(?P<inside>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)"""
)

_Pair = tuple[str, str]


@dataclass(frozen=True)
class Reading:
    """Old and new text read in another way, which `name` tells."""

    old: str
    new: str
    name: str


def readings(old: str, new: str) -> Iterator[Reading]:
    """Every other way to read an edit, the likeliest first."""
    for name, read in _WAYS.items():
        pair = read(old, new)
        if pair and pair[0] and pair[0] != old and pair[0] != pair[1]:
            yield Reading(*pair, name)


def _without_numbers(old: str, new: str) -> _Pair | None:
    """Both without the line numbers that stand before each line of `old`, one after the other."""
    lines = old.split("\n")
    counted = lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines
    numbers = [_NUMBERED.match(line) for line in counted]
    first = numbers[0]
    if first is None or not all(
        match and int(match[1]) == int(first[1]) + place for place, match in enumerate(numbers)
    ):
        return None
    new_lines = new.split("\n")
    starts = [_NUMBERED.match(line) for line in new_lines]
    # New text may go without numbers, or only its lines from the file have theirs.
    told = all(starts[: len(starts) - (new_lines[-1] == "")])
    plain = [
        line[match.end() :]
        if match and (told or line in counted or _counts_on(match, first, len(lines)))
        else line
        for line, match in zip(new_lines, starts, strict=True)
    ]
    bare = list(map(_without_number, lines))
    if _stand_apart(bare):
        bare, plain = ([line.removeprefix(" ") for line in part] for part in (bare, plain))
    return "\n".join(bare), "\n".join(plain)


def _stand_apart(lines: list[str]) -> bool:
    """Whether a blank stands between number and text: text by itself starts at even columns."""
    depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    return bool(depths) and min(depths) % 2 == 1


def _counts_on(match: re.Match[str], first: re.Match[str], lines: int) -> bool:
    """Whether a number is one of those the old text has, in the same form."""
    form = match[0].replace(match[1], "").strip(" ")
    return form == first[0].replace(first[1], "").strip(" ") and 0 <= int(match[1]) - int(first[1]) <= lines


def _without_number(line: str) -> str:
    match = _NUMBERED.match(line)
    return line[match.end() :] if match else line


def _without_fence(old: str, new: str) -> _Pair | None:
    """Both without the code fence around `old`."""
    match = _FENCE.fullmatch(old)
    if match is None:
        return None
    other = _FENCE.fullmatch(new)
    return match[2], other[2] if other else new


def _without_signs(old: str, new: str) -> _Pair | None:
    """Both without the signs of a diff: `old` has none but `-` and blank ones, `new` `+` and blank ones."""
    old_lines, new_lines = old.rstrip("\n").split("\n"), new.rstrip("\n").split("\n")
    if not (_signed(old_lines, "-") and (not new or _signed(new_lines, "+"))):
        return None
    return "\n".join(line[1:] for line in old_lines), "\n".join(line[1:] for line in new_lines)


def _signed(lines: list[str], sign: str) -> bool:
    return any(line.startswith(sign) for line in lines) and all(line[:1] in (sign, " ", "") for line in lines)


def _with_escapes_read(old: str, new: str) -> _Pair | None:
    """Both with one level of escapes read, where `old` has its line ends escaped."""
    if "\n" in old or not _ESCAPE.search(old):
        return None
    # Line ends of its own show that the new text was not escaped with the old one.
    return _unescaped(old), new if "\n" in new else _unescaped(new)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _meaning(match[1]), text)


def _meaning(escape: str) -> str:
    return chr(int(escape[1:], 16)) if escape[0] == "u" and len(escape) > 1 else _MEANINGS.get(escape, escape)


def _with_literals_escaped(old: str, new: str) -> _Pair | None:
    """Both with the line ends and tabs inside quotes written as escapes."""
    return _LITERAL.sub(_escaped, old), _LITERAL.sub(_escaped, new)


def _escaped(literal: re.Match[str]) -> str:
    if literal["inside"] is None:
        return literal[0]
    inside = literal["inside"].replace("\n", "\\n").replace("\t", "\\t")
    return f"{literal['quote']}{inside}{literal['quote']}"


def _with_quotes_read(old: str, new: str) -> _Pair | None:
    """Both with plain quotes where `old` has a backslash before each."""
    return _ESCAPED_QUOTE.sub(r"\1", old), _ESCAPED_QUOTE.sub(r"\1", new)


def _with_entities_read(old: str, new: str) -> _Pair | None:
    """Both with the signs that entities stand for."""
    return _plain(old), _plain(new)


def _plain(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES.get(match[1], '"' if "34" in match[1] else "'"), text)


_WAYS: dict[str, Callable[[str, str], _Pair | None]] = {
    "without its line numbers": _without_numbers,
    "without its code fence": _without_fence,
    "with its escapes read": _with_escapes_read,
    "with its quotes read": _with_quotes_read,
    "with its literals escaped": _with_literals_escaped,
    "with its entities read": _with_entities_read,
    "without its diff signs": _without_signs,
}
