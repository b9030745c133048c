"""The way out of a sandbox: hosts that were allowed, asked for in no other spelling, looked up once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.proxy import Proxy
from tests.unit.shell.sandbox.confining import run


class Asked:
    """Answers whether a host may be reached, and remembers what it was asked."""

    def __init__(self, *allowed: str) -> None:
        self.allowed = allowed
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> bool:
        self.asked.append((host, port))
        return host in self.allowed


@pytest.fixture
async def peer() -> AsyncIterator[int]:
    """A server that answers every connection with what it was sent first, in capitals."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read(4096)).upper())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port of this machine where nobody listens, and nobody else can begin to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
async def asked() -> Asked:
    return Asked("127.0.0.1", "localtest.example")


@pytest.fixture
async def proxy(asked: Asked) -> AsyncIterator[Proxy]:
    made = Proxy(asked)
    yield made
    made.close()


@pytest.fixture
async def port(proxy: Proxy) -> AsyncIterator[int]:
    """Where the proxy listens for a command."""
    with socket.socket(fileno=proxy.join()) as handing, socket.create_server(("127.0.0.1", 0)) as listening:
        socket.send_fds(handing, [b"+"], [listening.fileno()])
        yield listening.getsockname()[1]


async def said(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


async def test_a_tunnel_to_an_allowed_host(port: int, peer: int, asked: Asked) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT 127.0.0.1:{peer} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    writer.write(b"hello")
    assert await reader.read() == b"HELLO"
    writer.close()
    assert asked.asked == [("127.0.0.1", peer)]


async def test_a_plain_request_is_passed_on_as_a_server_expects_it(port: int, peer: int) -> None:
    request = f"GET http://127.0.0.1:{peer}/a?b HTTP/1.1\r\nHost: h\r\nProxy-Authorization: secret\r\n\r\n"
    assert await said(port, request.encode()) == b"GET /A?B HTTP/1.1\r\nHOST: H\r\nCONNECTION: CLOSE\r\n\r\n"


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT evil.example:443 HTTP/1.1",
        "CONNECT 127.0.0.1\0.evil.example:443 HTTP/1.1",
        "CONNECT 127.1:443 HTTP/1.1",
        "CONNECT 2130706433:443 HTTP/1.1",
        "CONNECT 127.0.0.1 HTTP/1.1",
        "CONNECT 127.0.0.1:0 HTTP/1.1",
        "CONNECT 127.0.0.1:٤٤٣ HTTP/1.1",
        "CONNECT 127.0.0.1:443:80 HTTP/1.1",
        "GET / HTTP/1.1",
        "GET http://127.0.0.1@evil.example/ HTTP/1.1",
        "GET http://evil.example\\@127.0.0.1/ HTTP/1.1",
        "GET ftp://127.0.0.1/ HTTP/1.1",
        "\x16\x03\x01",
    ],
)
async def test_everything_else_is_refused(port: int, asked: Asked, request_line: str) -> None:
    answer = await said(port, f"{request_line}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert {host for host, _ in asked.asked} <= {"evil.example"}


async def test_a_name_does_not_lead_to_this_machine(
    port: int, peer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []

    async def lookup(host: str, port: int, **_: object) -> list[object]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    answer = await said(port, f"CONNECT localtest.example:{peer} HTTP/1.1\r\n\r\n".encode())
    assert b"an address of this machine" in answer
    assert looked_up == ["localtest.example"]


async def test_what_is_allowed_and_cannot_be_reached_was_not_refused(port: int, unused_port: int) -> None:
    answer = await said(port, f"CONNECT 127.0.0.1:{unused_port} HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert b"127.0.0.1 cannot be reached" in answer


async def test_a_command_without_network_reaches_what_is_allowed(
    workspace: Confinement, proxy: Proxy, peer: int, asked: Asked
) -> None:
    joined = [proxy.join()]
    place = replace(workspace, proxy=joined.pop)
    command = f"""
        exec 3<>/dev/tcp/127.0.0.1/${{http_proxy##*:}}
        printf 'GET http://127.0.0.1:{peer}/in HTTP/1.1\\r\\n\\r\\n' >&3
        head -n 1 <&3
        (: > /dev/tcp/127.0.0.1/{peer}) 2>/dev/null || echo not directly
    """
    done = await asyncio.to_thread(run, command, place, 2, shell="bash")
    assert done.stdout == "GET /IN HTTP/1.1\r\nnot directly\n"
    assert asked.asked == [("127.0.0.1", peer)]
