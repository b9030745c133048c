"""The cap on a text for the model: head, a marker that names the whole, tail."""

from __future__ import annotations

from collections.abc import Callable

HEAD_SHARE = 0.4
"""The end of an output says more than its beginning: errors and sums stand there."""


def cap(text: str, limit: int, spill: Callable[[str], str]) -> str:
    """`text` in at most `limit` bytes of UTF-8; `spill` keeps the whole and returns its path."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return text
    return head_and_tail(data, data, size=len(data), lines=data.count(b"\n"), limit=limit, whole=spill(text))


def head_and_tail(head: bytes, tail: bytes, *, size: int, lines: int, limit: int, whole: str) -> str:
    """The first of `head` and the last of `tail` around a marker, at most `limit` bytes together.

    `size` and `lines` count the whole text, of which `head` and `tail` are the two ends, each at
    least `limit` long. Cuts are at line ends where a part has one, else between characters.
    """
    room = limit - len(_marker(size, lines, whole).encode())
    if room <= 0:
        return _marker(size, lines, whole).encode()[:limit].decode("utf-8", "ignore")
    first = _head(head, int(room * HEAD_SHARE))
    last = _tail(tail, room - len(first))
    left_out = lines - first.count(b"\n") - last.count(b"\n")
    marker = _marker(size - len(first) - len(last), max(left_out, 0), whole)
    return first.decode() + marker + last.decode()


def _marker(size: int, lines: int, whole: str) -> str:
    return f"\n[… {lines:,} lines, {size:,} bytes left out; the whole is in {whole} …]\n"


def _head(data: bytes, room: int) -> bytes:
    part = data[:room]
    at_line = part.rfind(b"\n") + 1
    return part[:at_line] if at_line else part.decode("utf-8", "ignore").encode()


def _tail(data: bytes, room: int) -> bytes:
    part = data[-room:] if room else b""
    if part == data or data[-room - 1 : -room] == b"\n":
        return part
    at_line = part.find(b"\n") + 1
    return part[at_line:] if 0 < at_line < len(part) else part.decode("utf-8", "ignore").encode()
