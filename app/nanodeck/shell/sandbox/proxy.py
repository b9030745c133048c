"""The one way out of a sandbox without network: a proxy that asks about every host, and resolves it once."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from msgspec import Struct

from nanodeck.core.hosts import checked_host

_HEAD_SECONDS = 30.0
_LONGEST_HEAD = 1 << 16
_PIECE = 1 << 16
_PLAIN_PORT = 80
_BLANK_LINE = b"\r\n\r\n"

May = Callable[[str, int], Awaitable[bool]]
_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is not carried out, and why."""

    status = "403 Forbidden"


class Unreached(Refused):
    """One that is allowed and fails where there is no sandbox, too."""

    status = "502 Bad Gateway"


class _Asked(Struct, frozen=True):
    """What a request wants: a tunnel to a host, or with `head` to say that to it."""

    host: str
    port: int
    head: bytes = b""


class Proxy:
    """Serves HTTP's CONNECT and plain requests of confined commands; `may` says which hosts they reach."""

    def __init__(self, may: May) -> None:
        self._may = may
        self._loop = asyncio.get_running_loop()
        self._serving: set[asyncio.Task[None]] = set()
        self._joined: dict[socket.socket, asyncio.Server | None] = {}

    def join(self) -> int:
        """A descriptor for one command, which hands its listening socket in through it; the caller's own."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._joined[ours] = None
        self._loop.add_reader(ours, self._handed_in, ours)
        return theirs.detach()

    def close(self) -> None:
        """Serve nobody any more."""
        for ours in tuple(self._joined):
            self._part(ours)
        for task in self._serving:
            task.cancel()

    def _handed_in(self, ours: socket.socket) -> None:
        try:
            said, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            said, descriptors = b"", []
        if not said:
            self._part(ours)
        for descriptor in descriptors:
            listening = socket.socket(fileno=descriptor)
            if self._joined.get(ours) is None and ours in self._joined and _listens(listening):
                listening.setblocking(False)
                self._start(ours, listening)
            else:
                listening.close()

    def _start(self, ours: socket.socket, listening: socket.socket) -> None:
        async def serve() -> None:
            server = await asyncio.start_server(self._serve, sock=listening, limit=_LONGEST_HEAD)
            if ours in self._joined:
                self._joined[ours] = server
            else:
                server.close()

        self._keep(asyncio.ensure_future(serve()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    def _part(self, ours: socket.socket) -> None:
        """A command is over: its sandbox is not kept alive by our end."""
        if server := self._joined.pop(ours):
            server.close()
        self._loop.remove_reader(ours)
        ours.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._keep(task)
        try:
            await self._carry_out(reader, writer)
        except Refused as refusal:
            with suppress(OSError):
                writer.write(_answer(refusal))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            _log.debug("a request through the proxy ended: %s", error)
        finally:
            writer.close()

    async def _carry_out(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_SECONDS):
            asked = _asked(await reader.readuntil(_BLANK_LINE))
        if not await self._may(asked.host, asked.port):
            raise Refused(f"{asked.host} is not allowed")
        there, to_there = await self._connect(asked)
        try:
            if asked.head:
                to_there.write(asked.head)
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_carry(reader, to_there), _carry(there, writer))
        finally:
            to_there.close()

    async def _connect(self, asked: _Asked) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address that was looked up once: what is checked is what is reached."""
        try:
            found = await self._loop.getaddrinfo(asked.host, asked.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unreached(f"{asked.host} is not known: {error.strerror}") from None
        failure: Refused = Unreached(f"{asked.host} has no address")
        for address in dict.fromkeys(str(place[0]) for *_, place in found):
            if not _is_literal(asked.host) and _is_this_machine(address):
                failure = Refused(f"{asked.host} is an address of this machine or its link")
                continue
            try:
                return await asyncio.open_connection(address, asked.port)
            except OSError as error:
                failure = Unreached(f"{asked.host} cannot be reached: {error.strerror}")
        raise failure


def _listens(sock: socket.socket) -> bool:
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        return False
    return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _asked(head: bytes) -> _Asked:
    """What a request's head asks for. Raises Refused."""
    line, _, rest = head.partition(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        if method == "CONNECT":
            named, _, number = target.rpartition(":")
            return _Asked(checked_host(named), _port(number))
        parts = urlsplit(target)
        if parts.scheme != "http" or "@" in parts.netloc or target != target.strip():
            raise Refused("only CONNECT and http:// go through here")
        host, port = checked_host(parts.hostname or ""), parts.port or _PLAIN_PORT
    except (ValueError, UnicodeError):
        raise Refused("this is no request for a host") from None
    path = parts._replace(scheme="", netloc="").geturl() or "/"
    fields = [field for field in rest.split(b"\r\n") if field and not _is_about_the_way(field)]
    first = f"{method} {path} {version}".encode("ascii")
    return _Asked(host, port, b"\r\n".join((first, *fields, b"Connection: close")) + _BLANK_LINE)


def _is_about_the_way(field: bytes) -> bool:
    name = field.partition(b":")[0].strip().lower()
    return name in {b"connection", b"keep-alive"} or name.startswith(b"proxy-")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 16):
        raise ValueError(text)
    return int(text)


def _is_literal(host: str) -> bool:
    return host == "localhost" or ":" in host or host.rpartition(".")[2].isdecimal()


def _is_this_machine(address: str) -> bool:
    """Whether a name must not lead there: only who names such an address itself means it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    seen = mapped or ip
    return seen.is_loopback or seen.is_link_local or seen.is_unspecified or seen.is_multicast


def _answer(refusal: Refused) -> bytes:
    body = f"nanodeck: {refusal}\n".encode()
    head = f"HTTP/1.1 {refusal.status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close" + _BLANK_LINE + body


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, as fast as it is taken, and that it ended."""
    while data := await reader.read(_PIECE):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
