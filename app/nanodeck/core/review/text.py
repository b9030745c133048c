"""Bytes of a file as lines and lines as text, so that nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

from nanodeck.contracts.changes import Encoding


def split_lines(data: bytes, encoding: Encoding = "utf-8") -> list[bytes]:
    """Lines of `data` with their ends; only a line feed ends a line. Joined they are `data` again."""
    end = line_feed(encoding)
    if len(end) > 1:
        return _split_wide(data, end)
    lines = data.split(end)
    last = lines.pop()
    whole = [line + end for line in lines]
    if last:
        whole.append(last)
    return whole


def shown(data: bytes, encoding: Encoding = "utf-8") -> str:
    """`data` as text; what the encoding cannot read is replaced, for showing only."""
    return data.decode(encoding, errors="replace")


def text_lines(data: bytes, encoding: Encoding) -> list[str]:
    """`data` as lines without their ends, for showing and comparing only."""
    lines = shown(data, encoding).split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def shared_mark(old: bytes, new: bytes, encoding: Encoding) -> bytes:
    """The byte order mark that both versions of a file begin with, if they do."""
    if not encoding.startswith("utf"):
        return b""
    mark = "\ufeff".encode(encoding)
    return mark if old.startswith(mark) and new.startswith(mark) else b""


def line_feed(encoding: Encoding) -> bytes:
    """The bytes of a line feed."""
    return "\n".encode(encoding)


def line_end(versions: Sequence[bytes], encoding: Encoding) -> bytes:
    """How lines of a file end: as the first that has an end in one of its `versions`, else by a line feed."""
    feed, crlf = line_feed(encoding), "\r\n".encode(encoding)
    for version in versions:
        at = version.find(feed)
        while at >= 0 and at % len(feed):
            at = version.find(feed, at + 1)
        if at >= 0:
            return crlf if version[: at + len(feed)].endswith(crlf) else feed
    return feed


def _split_wide(data: bytes, end: bytes) -> list[bytes]:
    """As `split_lines` for two bytes a character: a line feed stands at even places only."""
    lines, start, at = [], 0, data.find(end)
    while at >= 0:
        if at % len(end):
            at = data.find(end, at + 1)
            continue
        lines.append(data[start : at + len(end)])
        start = at + len(end)
        at = data.find(end, start)
    if start < len(data):
        lines.append(data[start:])
    return lines
