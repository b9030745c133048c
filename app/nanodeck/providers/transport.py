"""The road of httpx's requests: a few channels kept open, without the task scopes of its own pool.

httpx's own transport wakes up twice for each piece that arrives and opens a timer scope each time,
which a reply of thousands of tokens pays for thousands of times.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import h11
import httpx

from nanodeck.providers.channel import Channel, Origin

_PORTS = {"http": 80, "https": 443}


class Transport(httpx.AsyncBaseTransport):
    """Sends requests straight to their servers; `keep` is how many seconds a channel may rest."""

    def __init__(self, tls: ssl.SSLContext | None, keep: float) -> None:
        self._tls = tls
        self._keep = keep
        self._resting: list[Channel] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; the answer's body streams."""
        url = request.url
        tls = self._tls if url.scheme == "https" else None
        origin = Origin(url.host, url.port or _PORTS[url.scheme], tls)
        body = await request.aread()
        while True:
            channel = self._take(origin)
            kept = channel is not None
            channel = channel or await self._open(origin, request)
            channel.silence = request.extensions["timeout"]["read"]
            try:
                with _as_httpx():
                    head = await channel.ask(request.method.encode(), url.raw_path, request.headers.raw, body)
            except BaseException as error:
                channel.close()
                if kept and isinstance(error, httpx.NetworkError) and not channel.heard:
                    # The server hung up while nobody talked to it: it never saw this request.
                    continue
                raise
            return httpx.Response(
                head.status_code,
                headers=list(head.headers),
                stream=_Body(channel, self._resting),
                extensions={"http_version": b"HTTP/" + head.http_version, "reason_phrase": head.reason},
            )

    async def aclose(self) -> None:
        """Hang up."""
        for channel in self._resting:
            channel.close()
        self._resting.clear()

    def _take(self, origin: Origin) -> Channel | None:
        """A kept channel to `origin`; those that are of no use any more are closed."""
        oldest = asyncio.get_running_loop().time() - self._keep
        for channel in self._resting[:]:
            if not channel.usable or channel.rested < oldest:
                self._resting.remove(channel)
                channel.close()
        found = next((channel for channel in self._resting if channel.origin == origin), None)
        if found:
            self._resting.remove(found)
        return found

    async def _open(self, origin: Origin, request: httpx.Request) -> Channel:
        try:
            return await Channel.open(origin, request.extensions["timeout"]["connect"])
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ConnectError(_reason(error)) from error


def _reason(error: OSError) -> str:
    """Why a server cannot be reached, in words for people."""
    if isinstance(error, ssl.SSLError):
        return str(error)
    if isinstance(error, socket.gaierror):
        return "its name leads nowhere"
    return os.strerror(error.errno).lower() if error.errno else "none of its addresses answers"


class _Body(httpx.AsyncByteStream):
    """An answer's body; once read or left its channel rests, or is closed when bytes are still to come."""

    def __init__(self, channel: Channel, resting: list[Channel]) -> None:
        self._channel = channel
        self._resting = resting
        self._closed = False

    def __aiter__(self) -> _Body:
        return self

    async def __anext__(self) -> bytes:
        with _as_httpx():
            data = await self._channel.body()
        if not data:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        """Let go of the channel."""
        if self._closed:
            return
        self._closed = True
        if self._channel.rest():
            self._resting.append(self._channel)
        else:
            self._channel.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Turn what a channel raises into httpx's own errors."""
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except OSError as error:
        raise httpx.ReadError(str(error)) from error
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error
