"""A scripted OpenAI-compatible server on loopback: streams given replies in order, keeps the requests."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WINDOW = 128_000


@dataclass(frozen=True)
class Reply:
    """One reply: text in pieces, reasoning, then calls as (name, arguments); a text is sent as it is.

    `before_end` is called when everything but the end was sent: it may wait, or raise to cut the stream.
    `finish` is the reason it ends with, instead of the usual one.
    """

    text: Sequence[str] = ()
    calls: Sequence[tuple[str, dict[str, Any] | str]] = ()
    reasoning: Sequence[str] = ()
    status: int = 200
    error: str = "scripted failure"
    headers: dict[str, str] = field(default_factory=dict)
    before_end: Callable[[], object] | None = None
    finish: str = ""

    def chunks(self, number: int) -> Iterator[dict[str, Any]]:
        """The deltas of a stream, usage last."""
        for piece in self.reasoning:
            yield _delta({"reasoning_content": piece})
        for piece in self.text:
            yield _delta({"content": piece})
        for index, (name, arguments) in enumerate(self.calls):
            call_id = f"call_{number}_{index}"
            text = arguments if isinstance(arguments, str) else json.dumps(arguments)
            function = {"name": name, "arguments": text}
            yield _delta(
                {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": function}]}
            )

    def ending(self) -> Iterator[dict[str, Any]]:
        """The finish reason and the usage."""
        yield _delta({}, self.finish or ("tool_calls" if self.calls else "stop"))
        yield {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"id": "x", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


class ModelServer:
    """Serves `replies`, one a request; the last one again and again. Use as a context manager."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.bodies: list[bytes] = []
        self.keys: set[str] = set()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The bodies of the model calls so far."""
        return [json.loads(body) for body in self.bodies]

    def environment(self, home: object) -> dict[str, str]:
        """Variables that make nanodeck use this server and the folder `home`."""
        return {"OPENAI_BASE_URL": self.url, "MODEL": "scripted", "NANODECK_HOME": str(home)}

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, key: str) -> tuple[int, Reply]:
        """Note a request; answers its number, from 1, and the reply to it."""
        with self._lock:
            self.bodies.append(body)
            self.keys.add(key)
            number = len(self.bodies)
            return number, self.replies[min(number, len(self.replies)) - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no fault of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # as it came


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        pass

    def do_GET(self) -> None:
        self._whole(200, {"data": [{"id": "scripted", "context_length": WINDOW}]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        number, reply = self.server.script.take(body, self.headers.get("authorization", ""))
        if reply.status != 200:
            self._whole(reply.status, {"error": {"message": reply.error}}, reply.headers)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            self._stream(number, reply)
        except (OSError, _Cut):
            self.close_connection = True

    def _stream(self, number: int, reply: Reply) -> None:
        for chunk in reply.chunks(number):
            self._send(f"data: {json.dumps(chunk)}\n\n".encode())
        if reply.before_end:
            reply.before_end()
        for chunk in reply.ending():
            self._send(f"data: {json.dumps(chunk)}\n\n".encode())
        self._send(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _whole(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Cut(Exception):
    """Ends a stream before its end."""


def cut() -> None:
    """A `before_end` that closes the connection."""
    raise _Cut
