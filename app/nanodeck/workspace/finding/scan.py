"""Searching without ripgrep: a program of its own, so that no pattern can hold up the engine.

Reads one JSON object from its input (pattern, ignore_case, context, counts, files) and writes what
`rg --null` would: `path NUL line:text`, `path NUL line-text` for context, or `path NUL count`.
Needs the standard library alone and is started by its file name, never imported by the engine.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterator

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def main() -> None:
    """Search the files named on the input, in their order."""
    query = json.load(sys.stdin)
    wanted = re.compile(query["pattern"], re.IGNORECASE if query["ignore_case"] else 0)
    out = sys.stdout.buffer
    for path in query["files"]:
        text = _text_of(path)
        if text is None:
            continue
        name = os.fsencode(path) + b"\0"
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        lines = [line.removesuffix("\r") for line in lines]
        hits = [number for number, line in enumerate(lines) if wanted.search(line)]
        if query["counts"]:
            if hits:
                out.write(b"%b%d\n" % (name, len(hits)))
            continue
        found = set(hits)
        for number in _with_context(hits, query["context"], len(lines)):
            sign = b":" if number in found else b"-"
            shown = lines[number].encode("utf-8", "surrogateescape")
            out.write(b"%b%d%b%b\n" % (name, number + 1, sign, shown))
    out.flush()


def _text_of(path: str) -> str | None:
    """The text of a file; None for a binary one, a link, and what is no file or cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = file.read()
    except OSError:
        return None
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return None
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _with_context(hits: list[int], context: int, total: int) -> Iterator[int]:
    """The numbers of `hits` and of `context` lines around each, once and in order."""
    after = 0
    for hit in hits:
        yield from range(max(hit - context, after), min(hit + context + 1, total))
        after = min(hit + context + 1, total)


if __name__ == "__main__":
    main()
