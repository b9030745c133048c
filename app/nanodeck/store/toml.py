"""Reading TOML so that whatever is wrong can be named by file and line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nanodeck.contracts.errors import SettingsError
from nanodeck.store.plain import read_plain

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_WORD = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class BrokenToml(SettingsError):
    """A file is not TOML; `line` is 1-based."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(
            f"{path}:{line}: {reason}", "correct it: until then the file is not used and not changed"
        )
        self.line = line


def decode_toml(path: Path, data: bytes) -> str:
    """The text of a TOML file. Raises BrokenToml when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenToml(path, data.count(b"\n", 0, error.start) + 1, "not UTF-8 text") from None


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """The tables in `text`, which `path` holds. Raises BrokenToml."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        place = _AT_LINE.search(reason)
        line = int(place[1]) if place and place[1] else max(text.count("\n"), 1)
        raise BrokenToml(path, line, f"not valid TOML: {_AT_LINE.sub('', reason)}") from None
    except RecursionError:
        raise BrokenToml(path, 1, "not valid TOML: nested too deeply") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises OSError and BrokenToml."""
    return parse_toml(path, decode_toml(path, read_plain(path)))


def line_of(text: str, keys: Sequence[str]) -> int:
    """The 1-based line of valid TOML `text` that sets `keys`, or else the nearest table around it."""
    best, best_length = 1, 0
    table: list[str] = []
    quote = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not quote:
            named = None
            if match := _KEY.match(line):
                named = table + _words(match[1])
            elif match := _HEADER.match(line):
                named = table = _words(match[1])
            shared = _shared(named or [], keys)
            if named and shared > best_length and shared == min(len(named), len(keys)):
                best, best_length = number, shared
        for mark in ('"""', "'''"):
            if quote in ("", mark) and line.count(mark) % 2:
                quote = "" if quote else mark
    return best


def _words(dotted: str) -> list[str]:
    return [word.strip("\"'") for word in _WORD.findall(dotted)]


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """How many keys both start with."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
