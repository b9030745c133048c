"""One event as one line of a journal, and back.

`{"v":1,"n":7,"t":1.5,"session":"...","agent":"main","event":{"type":"...",...},"crc":"0a1b2c3d"}`

The checksum covers every byte of the line before `,"crc"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, cast
from zlib import crc32

import msgspec
from msgspec import Struct

from nanodeck.contracts.events import PASSING, Durable, Envelope

LINE_VERSION = 1
_SEAL = re.compile(rb',"crc":"[0-9a-f]{8}"\}')
_SEAL_LENGTH = len(b',"crc":"01234567"}')
_START = re.compile(rb'\{"v":')
_STARTS_TRIED = 16


class _Line(Struct, frozen=True):
    v: int
    n: int
    t: float
    session: str
    agent: str
    event: Durable


class _Version(Struct, frozen=True):
    v: int


_OURS = b'{"v":%d,' % LINE_VERSION
_encoder = msgspec.json.Encoder()


# Made when a journal is read: knowing every event takes a while, and most starts read none.
@cache
def _decoder() -> msgspec.json.Decoder[Envelope]:
    return msgspec.json.Decoder(Envelope)


@cache
def _versions() -> msgspec.json.Decoder[_Version]:
    return msgspec.json.Decoder(_Version)


class UnknownEvent(Exception):
    """A line is whole, but a newer nanodeck wrote it: this one does not know the event."""


def encode_line(envelope: Envelope) -> bytes:
    """The line for `envelope`, its newline included."""
    event = envelope.event
    if isinstance(event, PASSING):
        raise TypeError(f"{type(event).__name__} is a passing event: it has no place in a journal")
    line = _Line(
        LINE_VERSION, envelope.n, envelope.t, envelope.session, envelope.agent, cast("Durable", event)
    )
    try:
        text = _encoder.encode(line)
    except UnicodeEncodeError:
        text = _encoder.encode(_writable(msgspec.to_builtins(line)))
    body = text[:-1]
    return b'%b,"crc":"%08x"}\n' % (body, crc32(body))


def is_whole(line: bytes) -> bool:
    """Whether `line` (without its newline) is as it was written."""
    return b',"crc":"%08x"}' % crc32(memoryview(line)[:-_SEAL_LENGTH]) == seal_of(line)


def seal_of(line: bytes) -> bytes:
    """The end of `line` with its checksum."""
    return line[-_SEAL_LENGTH:]


def decode_line(line: bytes) -> Envelope:
    """The event of a whole `line`. Raises UnknownEvent."""
    try:
        # Most lines are of this version: their number need not be read to know it.
        if not line.startswith(_OURS) and _versions().decode(line).v > LINE_VERSION:
            raise UnknownEvent
        made = _decoder().decode(line)
    except (msgspec.DecodeError, RecursionError):
        raise UnknownEvent from None
    if isinstance(made.event, PASSING):
        raise UnknownEvent
    return made


def whole_lines_in(damaged: bytes) -> Iterator[bytes]:
    """Whole lines hidden in a damaged one: behind zeros, a half line, or a lost newline."""
    for start in islice(_START.finditer(damaged), _STARTS_TRIED):
        seal = _SEAL.search(damaged, start.start())
        if seal and is_whole(line := damaged[start.start() : seal.end()]):
            yield line


def _writable(value: Any) -> Any:
    """`value` with surrogates, which UTF-8 cannot hold, joined to characters or replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_writable(key): _writable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(inner) for inner in value]
    return value
