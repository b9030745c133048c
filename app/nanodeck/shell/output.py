"""A command's output: decoded over chunk borders, delivered a frame at a time, kept whole on disk."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts.text import clean
from nanodeck.core.caps import head_and_tail
from nanodeck.core.secrets import SecretFilter, Secrets

FRAME = 1 / 30
LONGEST_FILE = 256 << 20
"""A command that prints without end must not fill the disk."""
_LONGEST_LINE = 65536
_LIVE_LIMIT = 16384
# An escape sequence that has not ended yet; a longer one is not an escape but noise.
_OPEN_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[ -/]*|[\]PX^_][^\x07\x1b]{0,4096}\x1b?)?\Z")


def settle(text: str) -> str:
    """`text` cleaned, each line in its last state: what a progress bar overwrote is gone."""
    if "\r" in text:
        text = "\n".join(map(_last_state, text.split("\n")))
    return clean(text)


def _last_state(line: str) -> str:
    if "\r" not in line:
        return line
    states = [state for part in line.split("\r") if (state := clean(part))]
    return states[-1] if states else ""


class StreamText:
    """Bytes to text piece by piece; no character, escape or CR LF is cut in two, no secret is left in it."""

    def __init__(self, secrets: Secrets = tuple) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._filter = SecretFilter(secrets)
        self._held = ""

    def feed(self, data: bytes, *, final: bool = False) -> str:
        """The text that is complete so far."""
        text = self._held + self._filter.feed(self._decoder.decode(data, final), final=final)
        self._held = ""
        if final:
            return text
        cut = len(text)
        if text.endswith("\r"):
            cut -= 1
        elif (escape := text.rfind("\x1b", -4200)) >= 0 and _OPEN_ESCAPE.match(text, escape):
            cut = escape
        self._held = text[cut:]
        return text[:cut]


class LiveText:
    """Passes text on at most once a frame, cleaned; of a flood only the end of each frame's text.

    A line that is overwritten in place is passed on as one line for each frame's last state.
    """

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._loop = asyncio.get_running_loop()
        self._waiting = ""
        self._line_open = False
        self._last = -FRAME
        self._timer: asyncio.TimerHandle | None = None

    def add(self, text: str) -> None:
        """Pass `text` on soon."""
        self._waiting += text
        if len(self._waiting) > 4 * _LIVE_LIMIT:
            self._waiting = "…\n" + self._waiting[-_LIVE_LIMIT:]
        if self._timer is None and self._waiting:
            wait = self._last + FRAME - self._loop.time()
            self._timer = self._loop.call_later(max(0.0, wait), self.flush)

    def flush(self) -> None:
        """Pass on now what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        text, self._waiting = self._waiting, ""
        if not text:
            return
        overwrites = "\r" in text.partition("\n")[0].rstrip("\r")
        start = "\n" if self._line_open and overwrites else ""
        end = "\n" if text.endswith("\r") else ""
        told = start + settle(text) + end
        self._last = self._loop.time()
        self._line_open = not told.endswith("\n")
        self._emit(told)


class KeptText:
    """The settled text of a whole output: two ends in memory, everything in a file of mode 0600.

    With `always` the file is written from the start, else only once the text outgrows `limit` bytes.
    """

    def __init__(self, path: Path, limit: int, *, always: bool = False) -> None:
        self.path = path
        self._limit = limit
        self._head = bytearray()
        self._tail = bytearray()
        self._open = ""
        self._size = self._lines = self._written = 0
        self._file = open_private(path) if always else -1
        self._trouble = ""

    def add(self, text: str) -> None:
        """Keep `text`; its last line settles when it is complete."""
        self._open += text
        cut = self._open.rfind("\n") + 1
        if not cut and len(self._open) > _LONGEST_LINE:
            cut = len(self._open)
        if cut:
            done, self._open = self._open[:cut], self._open[cut:]
            self._keep(settle(done))

    def finish(self) -> None:
        """Keep the last line and close the file."""
        self._keep(settle(self._open))
        self._open = ""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def text(self) -> str:
        """The output in at most `limit` bytes: whole, or head, marker and tail."""
        if self._size <= self._limit:
            return self._head.decode() + settle(self._open)
        whole = str(self.path) + (f" ({self._trouble})" if self._trouble else "")
        ends = bytes(self._head), bytes(self._tail)
        return head_and_tail(*ends, size=self._size, lines=self._lines, limit=self._limit, whole=whole)

    def tail(self, size: int) -> str:
        """The last lines, at most `size` characters."""
        kept = self._tail if self._size > self._limit else self._head
        text = kept[-4 * size :].decode("utf-8", "ignore") + settle(self._open[-4 * size :])
        if len(text) <= size:
            return text
        at_line = text[-size - 1] == "\n"
        return text[-size:] if at_line else text[-size:].partition("\n")[2] or text[-size:]

    def _keep(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        room = self._limit - len(self._head)
        outgrown = self._size <= self._limit < self._size + len(data)
        self._size += len(data)
        self._lines += data.count(b"\n")
        if outgrown and self._file < 0:
            self._start_file()
        self._write(data)
        self._head += data[:room]
        self._tail += data
        if len(self._tail) > 2 * self._limit:
            del self._tail[: -self._limit]

    def _start_file(self) -> None:
        try:
            self._file = open_private(self.path)
        except OSError as error:
            self._trouble = f"not kept: {error.strerror}"
            return
        self._write(bytes(self._head))

    def _write(self, data: bytes) -> None:
        if self._file < 0 or self._trouble:
            return
        room = LONGEST_FILE - self._written
        try:
            self._written += os.write(self._file, data[:room])
        except OSError as error:
            self._trouble = f"not whole: {error.strerror}"
        if len(data) > room:
            self._trouble = f"its first {LONGEST_FILE >> 20} MB"


def open_private(path: Path) -> int:
    """A new file only its owner can read, in a folder only its owner can enter."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
