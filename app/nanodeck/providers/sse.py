"""An incremental reader of server-sent events, on bytes and tolerant of what real servers send."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.errors import ModelError

EVENT_LIMIT = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class SseEvent(Struct, frozen=True):
    """One event.

    `plain` marks a body that was no event stream at all, given whole; `last` what the end of the
    stream completed instead of a blank line, so that it may be cut.
    """

    data: str
    name: str = ""
    plain: bool = False
    last: bool = False


class SseReader:
    """Turns the bytes of a stream into events, however they are cut.

    Lines end at LF, CR or CR LF and nowhere else, so decoding whole lines never splits a
    character. A body that starts like JSON or a web page is collected and given as one plain event.
    """

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self._limit = limit
        self._line = bytearray()
        self._data: list[str] = []
        self._name = ""
        self._size = 0
        self._after_cr = False
        self._first = True
        self._plain = False

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that `chunk` completes. Raises ModelError for an event above the limit."""
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
        events: list[SseEvent] = []
        for piece in chunk.splitlines(keepends=True):
            self._grow(len(piece))
            self._line += piece
            if piece[-1] in b"\r\n":
                events += self._take_line()
        return events

    def end(self) -> list[SseEvent]:
        """What the end of the stream completes: an event without its blank line, or a plain body."""
        events = self._take_line() if self._line else []
        if self._data:
            text = "\n".join(self._data)
            events.append(SseEvent(text, self._name, self._plain, last=True))
            self._data = []
        return events

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise ModelError("protocol", f"the server sent an event of more than {self._limit:,} bytes")

    def _take_line(self) -> list[SseEvent]:
        raw = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        if self._first:
            raw = raw.removeprefix(_BOM)
        line = raw.decode("utf-8", "replace")
        if self._first and line.strip():
            self._first = False
            self._plain = line.lstrip()[0] in "{[<"
        if self._plain:
            self._data.append(line)
            return []
        if line:
            self._take_field(line)
            return []
        return self._dispatch()

    def _take_field(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._name = value
        elif not self._data:
            self._size = 0

    def _dispatch(self) -> list[SseEvent]:
        data, name = "\n".join(self._data), self._name
        self._data, self._name, self._size = [], "", 0
        return [SseEvent(data, name)] if data else []
