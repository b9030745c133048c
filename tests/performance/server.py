"""A scripted OpenAI-compatible server in a process of its own.

It keeps no state: the name of the model says what it answers, the tool results in the request
how far a job is. `answer`: one word. `job-N`: N calls of read, ls and grep, then one word.
`flood-N`: N tokens of Markdown at once. `paced-N`: the same at 200 tokens a second. `streams-N`: the
same, after three background jobs were started that print as fast. `turn`: a call, then a short reply.
`sleep`: a command that takes long. `GET /log` tells when each request was whole and its reply began
and ended.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import threading
import time
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.performance.material import answer_text, markdown, pieces

ROOT = Path(__file__).parents[2]
TOKENS_A_SECOND = 200
SLEEP = "sleep 98765"
SLEEPER = f"echo > sleeper.runs; exec {SLEEP}"
STREAMS = 3
STREAMER = """
import time
for number in range({count}):
    print(f"{{number:4}}", end="" if number % 20 else chr(10), flush=True)
    time.sleep(1 / {pace})
"""


class Server:
    """The server's process as the benchmark sees it; use as a context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.performance.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def log(self) -> list[dict[str, Any]]:
        """The requests since the last time: model, and wall clock of whole, begun, ended."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/log")
        entries: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        connection.close()
        return entries

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    chunk = {"id": "x", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return _framed(f"data: {json.dumps(chunk)}\n\n".encode())


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _ending(finish: str) -> bytes:
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    counted = f"data: {json.dumps({'choices': [], 'usage': usage})}\n\ndata: [DONE]\n\n"
    return _event({}, finish) + _framed(counted.encode()) + b"0\r\n\r\n"


def _call(name: str, number: int, arguments: dict[str, Any]) -> bytes:
    return _calls(name, number, arguments, 1)


def _calls(name: str, number: int, arguments: dict[str, Any], count: int) -> bytes:
    function = {"name": name, "arguments": json.dumps(arguments)}
    calls = [
        {"index": index, "id": f"call_{number + index}", "type": "function", "function": function}
        for index in range(count)
    ]
    return _event({"tool_calls": calls}) + _ending("tool_calls")


def _streamers(tokens: int) -> bytes:
    """Calls of background jobs that outlast a reply of so many tokens."""
    program = STREAMER.format(count=3 * tokens, pace=TOKENS_A_SECOND)
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(program)}"
    return _calls("bash", 0, {"command": command, "background": True}, STREAMS)


def _step(number: int) -> bytes:
    """The call that a job makes after `number` results."""
    arguments: dict[str, Any]
    if number % 3 == 0:
        return _call("read", number, {"path": f"module_{number % 20}.py"})
    if number % 3 == 1:
        return _call("ls", number, {"path": ".", "depth": 1 + number})
    arguments = {"pattern": f"function_{number}_1", "path": "."}
    return _call("grep", number, arguments)


def _turn(called: bool, results: int) -> bytes:
    """A call, then a reply that says which turn it was."""
    if not called:
        return _call("read", results, {"path": f"module_{results % 20}.py", "offset": 1 + results % 80})
    text = f"{answer_text(results)}\n\nturn-{results}-is-done"
    return b"".join(_event({"content": piece}) for piece in pieces(text)) + _ending("stop")


@cache
def _tokens(count: int) -> tuple[bytes, ...]:
    return tuple(_event({"content": piece}) for piece in pieces(markdown(count)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    entries: list[dict[str, Any]] = []  # noqa: RUF012 (shared by all requests on purpose)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        pass

    def do_GET(self) -> None:
        body: object = {"data": [{"id": "answer"}]}
        if self.path == "/log":
            body = self.entries[:]
            self.entries.clear()
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        entry = {"model": request["model"], "whole": time.time()}
        self.entries.append(entry)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            self._reply(request["model"], request["messages"], entry)
        except OSError:
            self.close_connection = True
        entry["ended"] = time.time()

    def _reply(self, model: str, messages: list[dict[str, Any]], entry: dict[str, Any]) -> None:
        kind, _, number = model.partition("-")
        results = sum(message["role"] == "tool" for message in messages)
        if kind in ("flood", "paced") or (kind == "streams" and results):
            tokens = _tokens(int(number))
            entry["begun"] = time.time()
            if kind == "flood":
                self.wfile.write(b"".join(tokens))
            else:
                self._pace(tokens)
            self.wfile.write(_ending("stop"))
            return
        entry["begun"] = time.time()
        if kind == "job" and results < int(number):
            self.wfile.write(_step(results))
        elif kind == "sleep" and not results:
            self.wfile.write(_call("bash", 0, {"command": SLEEPER}))
        elif kind == "streams":
            self.wfile.write(_streamers(int(number)))
        elif kind == "turn":
            self.wfile.write(_turn(messages[-1]["role"] == "tool", results))
        else:
            self.wfile.write(_event({"content": "done"}) + _ending("stop"))

    def _pace(self, tokens: tuple[bytes, ...]) -> None:
        start = time.monotonic()
        for number, token in enumerate(tokens):
            wait = start + number / TOKENS_A_SECOND - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self.wfile.write(token)


def main() -> None:
    """Serve until standard input is closed: the server never outlives the benchmark."""
    for count in (1_000, 20_000):
        _tokens(count)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
