"""Running git, ripgrep and the like: no input, own process group, bounded in time and output."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

NOT_FOUND = 127
TIMED_OUT = 124
_CHUNK = 1 << 16
_ERROR_BYTES = 1 << 14


def own_program(module: str) -> tuple[str, ...]:
    """How `main` of one of our modules is run as a program, fed and read through its pipes.

    What it imports is found where this process found it, never in the project's folder.
    """
    start = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"
    return (sys.executable, "-I", "-S", "-c", start, *filter(None, sys.path))


class Captured(Struct, frozen=True):
    """What a program wrote. `cut` says that it wrote more than was asked for and was stopped."""

    code: int
    output: bytes
    error: str = ""
    cut: bool = False


async def capture(
    argv: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    given: bytes | None = None,
    seconds: float,
    limit: int,
) -> Captured:
    """Run `argv` in `folder`, with `given` as its input, and keep up to `limit` bytes of its output.

    It is killed with everything it started when it takes longer, writes more, or the task is
    cancelled. A program that is not there gives the code 127, one that took too long 124.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=folder,
            env=environment,
            stdin=DEVNULL if given is None else PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Captured(NOT_FOUND, b"", str(error))
    try:
        async with asyncio.timeout(seconds):
            (output, cut), (said, _), _ = await asyncio.gather(
                _read(process.stdout, limit, process),
                _read(process.stderr, _ERROR_BYTES),
                _give(process, given),
            )
            code = await process.wait()
        return Captured(code, output, said.decode("utf-8", "replace"), cut)
    except TimeoutError:
        _kill(process)
        return Captured(TIMED_OUT, b"", f"took longer than {seconds:g} s")
    finally:
        await _end(process)


async def _give(process: Process, given: bytes | None) -> None:
    if given is not None and process.stdin:
        with suppress(ConnectionError):
            process.stdin.write(given)
            await process.stdin.drain()
        process.stdin.close()


async def _read(
    stream: asyncio.StreamReader | None, limit: int, stopped: Process | None = None
) -> tuple[bytes, bool]:
    """Up to `limit` bytes of `stream`; the rest is dropped, and `stopped`, if given, is killed.

    It is read to its end in any case: asyncio reports no exit while a pipe is still full.
    """
    kept: list[bytes] = []
    size = 0
    while stream and (chunk := await stream.read(_CHUNK)):
        if size < limit:
            kept.append(chunk[: limit - size])
        size += len(chunk)
        if size > limit and stopped:
            _kill(stopped)
            stopped = None
    return b"".join(kept), size > limit


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: Process) -> None:
    if process.returncode is None:
        _kill(process)
        await process.wait()
