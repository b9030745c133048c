"""One connection to a server: asyncio moves the bytes, h11 reads and writes the HTTP/1.1 in them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import h11

from nanodeck.providers.pace import Pace

HEAD_LIMIT = 100 * 1024
HELD_LIMIT = 256 * 1024
"""Bytes that are read ahead of whoever takes them; then the server has to wait."""


class Origin(NamedTuple):
    """Where a channel leads; `tls` is None for plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None


class Channel(asyncio.Protocol):
    """Carries one request after the other; made by `open`.

    Raises OSError when the connection breaks, TimeoutError when the server keeps quiet for
    `silence` seconds, h11.ProtocolError for what is no HTTP.
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.silence: float | None = None
        self.rested = 0.0
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_LIMIT)
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._heard = False
        self._news: asyncio.Future[None] | None = None
        self._pace = Pace()

    @classmethod
    async def open(cls, origin: Origin, seconds: float | None) -> Channel:
        """Connect within `seconds`. Raises OSError, TimeoutError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            _, channel = await loop.create_connection(
                lambda: cls(origin), origin.host, origin.port, ssl=origin.tls, happy_eyeballs_delay=0.25
            )
        return channel

    @property
    def heard(self) -> bool:
        """Whether anything came since the request was sent."""
        return self._heard

    @property
    def usable(self) -> bool:
        """Whether another request can be sent: between two requests a server has nothing to say."""
        return not (self._ended or self._held)

    async def ask(
        self, method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> h11.Response:
        """Send a request; the head of its answer."""
        self._heard = False
        self._pace = Pace()
        request = h11.Request(method=method, target=target, headers=list(headers))
        self._send(request, h11.Data(data=body), h11.EndOfMessage())
        while not isinstance(event := self._http.next_event(), h11.Response):
            if event is h11.NEED_DATA:
                data = await self._read()
                if not data:
                    raise ConnectionResetError("it was closed without an answer")
                self._http.receive_data(data)
        return event

    async def body(self) -> bytes:
        """The next bytes of the answer, empty at its end."""
        while self._http.their_state is h11.SEND_BODY:
            pieces = []
            while isinstance(event := self._http.next_event(), h11.Data):
                pieces.append(event.data)
            if pieces:
                return b"".join(pieces)
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._read_in_time())
        return b""

    def rest(self) -> bool:
        """Get ready for another request; False when the connection is of no more use."""
        with suppress(h11.LocalProtocolError):  # the answer was not read to its end, or was the last
            if self.usable and not self._http.trailing_data[0]:
                self._http.start_next_cycle()
                self.rested = self._loop.time()
                return True
        return False

    def close(self) -> None:
        """Hang up at once."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio's protocol."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Part of asyncio's protocol."""
        self._held += data
        self._heard = True
        if len(self._held) > HELD_LIMIT and self._transport:
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        """Part of asyncio's protocol; asyncio closes its side in turn."""
        self._ended = True
        self._tell()

    def connection_lost(self, error: Exception | None) -> None:
        """Part of asyncio's protocol."""
        self._ended = True
        self._error = error
        self._tell()

    def _tell(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)

    def _send(self, *events: h11.Event) -> None:
        assert self._transport
        self._transport.write(b"".join(data for event in events if (data := self._http.send(event))))

    async def _read(self) -> bytes:
        """What came, at least something; empty once the server has hung up."""
        if not (self._held or self._ended):
            self._news = self._loop.create_future()
            async with asyncio.timeout(self.silence):
                await self._news
        if self._error and not self._held:
            raise self._error
        data = bytes(self._held)
        self._held.clear()
        self._resume()
        return data

    async def _read_in_time(self) -> bytes:
        """The same; of a quick stream several pieces together."""
        if wait := self._pace.wait:
            assert self._transport
            self._transport.pause_reading()
            await asyncio.sleep(wait)
            self._resume()
        began = self._loop.time()
        data = await self._read()
        self._pace.note(self._loop.time() - began, len(data))
        return data

    def _resume(self) -> None:
        if self._transport and not self._ended:
            self._transport.resume_reading()
