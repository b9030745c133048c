"""The one place that speaks HTTP: a provider's connections, and what went wrong as `ModelError`."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import nanodeck
from nanodeck.contracts.errors import ModelError
from nanodeck.contracts.text import one_line
from nanodeck.providers.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
LOCAL_READ_SECONDS = 600.0
KEEP_ALIVE_SECONDS = 90.0
_PROXIED = {"http", "https", "all"}
_ERROR_LIMIT = 64 * 1024
_LIST_LIMIT = 8 * 1024 * 1024


def preload() -> None:
    """Load the HTTP libraries ahead of their first use; takes a moment, safe in any thread."""
    # httpx loads rich and click for a command line of its own, which nobody uses here; None is the
    # documented way to block an import.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # typeshed knows modules only
    import nanodeck.providers.transport  # noqa: F401


class Connection(Protocol):
    """What a protocol needs of its transport."""

    def post(self, path: str, body: bytes) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Send `body` and give the answer's bytes as they come. Raises ModelError."""
        ...

    async def close(self) -> None:
        """Give up what is open."""
        ...


class HttpConnection:
    """A provider's pool of connections, opened on first use and bound to the running loop."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def post(self, path: str, body: bytes) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send `body` and give the answer's bytes as they come. Raises ModelError.

        Leaving early, or being cancelled, closes the connection.
        """
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        async with self._answer("POST", path, content=body, headers=headers) as response:
            yield response.aiter_bytes()

    async def get(self, path: str) -> bytes:
        """The body of `path`. Raises ModelError."""
        async with self._answer("GET", path) as response:
            return await _read(response, _LIST_LIMIT)

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    @asynccontextmanager
    async def _answer(self, method: str, path: str, **request: Any) -> AsyncIterator[httpx.Response]:
        client = await self._open()
        with _failures(self._endpoint):
            sent = client.build_request(method, self._endpoint.url(path), **request)
            response = await client.send(sent, stream=True)
            try:
                await self._check(response)
                yield response
            finally:
                await response.aclose()
                # It refers to the response in turn: the whole request would wait for the collector.
                del response.stream

    async def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            # Loading the library and the certificates takes longer than a stop may wait.
            made = await asyncio.to_thread(_make_client, self._endpoint)
            self._client = self._client or made
        return self._client

    async def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        from nanodeck.providers.failures import failure_of_status

        body = (await _read(response, _ERROR_LIMIT)).decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in response.headers.items()}
        raise failure_of_status(response.status_code, headers, body, self._endpoint.redact)


def _make_client(endpoint: Endpoint) -> httpx.AsyncClient:
    preload()
    import httpx

    for name in ("httpx", "httpcore"):
        # Their messages name whole URLs and headers, which may hold secrets.
        logging.getLogger(name).setLevel(logging.WARNING)
    headers = {"User-Agent": f"nanodeck/{nanodeck.__version__}", "Accept-Encoding": "identity"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    read = LOCAL_READ_SECONDS if endpoint.local else READ_SECONDS
    try:
        return httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(read, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            **_road(endpoint),
        )
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        # A proxy or certificate variable of the environment that cannot be used.
        raise ModelError("network", f"{_name(endpoint)}: {_words(error, endpoint)}") from None


def _road(endpoint: Endpoint) -> dict[str, Any]:
    """How requests travel: straight to the server, or by httpx's own means through a proxy."""
    from urllib.request import getproxies

    import httpx

    from nanodeck.providers.transport import Transport

    # A proxy from the environment cannot reach this machine's own servers.
    if not endpoint.loopback and getproxies().keys() & _PROXIED:
        return {"limits": httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS)}
    # Certificates are never looked at over plain HTTP; loading them costs most of the start.
    plain = endpoint.base_url.startswith("http:")
    return {"transport": Transport(None if plain else httpx.create_ssl_context(), KEEP_ALIVE_SECONDS)}


async def _read(response: httpx.Response, limit: int) -> bytes:
    """The body up to `limit` bytes."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= limit:
            break
    return bytes(body[:limit])


@contextmanager
def _failures(endpoint: Endpoint) -> Iterator[None]:
    """Turn what the HTTP library raises into `ModelError`, without the request it carries."""
    preload()
    import httpx

    try:
        yield
    except httpx.ConnectTimeout:
        raise _network(endpoint, f"no connection within {CONNECT_SECONDS:.0f} s") from None
    except httpx.TimeoutException:
        seconds = LOCAL_READ_SECONDS if endpoint.local else READ_SECONDS
        raise _network(endpoint, f"no answer within {seconds:.0f} s") from None
    except httpx.ConnectError as error:
        raise _network(endpoint, f"cannot connect ({_words(error, endpoint)})") from None
    except (httpx.RemoteProtocolError, httpx.NetworkError) as error:
        raise _network(endpoint, f"the connection broke ({_words(error, endpoint)})", True) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise ModelError("protocol", f"{_name(endpoint)}: {_words(error, endpoint)}") from None


def _network(endpoint: Endpoint, words: str, retryable: bool | None = None) -> ModelError:
    """A network failure; a server of our own that is silent or absent will not be there a second later."""
    again = not endpoint.local if retryable is None else retryable
    return ModelError("network", f"{_name(endpoint)}: {words}", retryable=again)


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.provider} at {endpoint.base_url}"


def _words(error: Exception, endpoint: Endpoint) -> str:
    return one_line(endpoint.redact(str(error)), 160) or type(error).__name__
