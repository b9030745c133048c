"""A real HTTP server on loopback that answers with what a test put down, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """One HTTP answer.

    `hold` keeps it open until the client leaves, `broken` ends it without its end, `unanswered`
    hangs up once the request is there.
    """

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hold: bool = False
    broken: bool = False
    unanswered: bool = False


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; header names are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


class LoopbackServer:
    """Answers requests from `answers`; `requests` is what arrived.

    `held` is set while an answer is kept open, `left` once the client of such an answer is gone.
    """

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.requests: list[Seen] = []
        self.connections = 0
        self.held = asyncio.Event()
        self.left = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Close the port and every connection."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._serve(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rows = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (row.split(": ", 1) for row in rows)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append(Seen(line, headers, body))
        answer = self.answers.popleft() if self.answers else Answer(status=404)
        if answer.unanswered:
            return False
        fields = {"Transfer-Encoding": "chunked", **answer.headers}
        rows = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in fields.items())]
        writer.write(("\r\n".join(rows) + "\r\n\r\n").encode("latin-1"))
        for piece in answer.pieces:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        if answer.hold:
            self.held.set()
            await reader.read()
            self.left.set()
        if answer.hold or answer.broken:
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True
