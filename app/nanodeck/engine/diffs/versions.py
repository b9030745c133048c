"""The whole versions of files behind diffs: lines around hunks, and what of them is which kind of code."""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from msgspec import Struct

from nanodeck.code.colouring import decoded_colours, encoded_colours
from nanodeck.contracts.changes import Author, Encoding
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import Lines
from nanodeck.contracts.sources import Source
from nanodeck.contracts.versions import Colours, ReadColours, ReadVersion
from nanodeck.core.review.text import shared_mark, shown, text_lines
from nanodeck.engine.records.outputs import page_of
from nanodeck.workspace.encoding import encoding_of
from nanodeck.workspace.programs import capture, own_program

CHILD_LINES = 2_000
"""From here on colouring a file would take the interpreter from the screen for too long."""

MOST_CHARACTERS = 16 * 1024 * 1024
SECONDS = 60.0
FILES_KEPT = 16
LINES_KEPT = 400_000
_ANSWER_BYTES = 256 * 1024 * 1024

Bytes = tuple[bytes | None, bytes | None]


class _Coloured(Struct, frozen=True):
    """The colours of every line of a file as they travel, and how long each line is."""

    lines: Sequence[bytes]
    lengths: array[int]


class Versions:
    """Reads versions of files for faces; the last ones that were coloured are kept, and found by their text.

    `waiting` knows the bytes of both versions of a file under review by changeset and path, `told` those
    of every other source.
    """

    def __init__(
        self,
        waiting: Callable[[str, str], Bytes | None],
        told: Callable[[Source, str, Author], Awaitable[Bytes]],
    ) -> None:
        self._waiting = waiting
        self._told = told
        self._coloured: OrderedDict[tuple[str, str], asyncio.Task[_Coloured]] = OrderedDict()

    async def lines(self, query: ReadVersion) -> Lines:
        """A page of a version. Raises NanodeckError."""
        text = await self._text(query)
        return page_of(text.removesuffix("\n"), query.first, query.limit)

    async def colours(self, query: ReadColours) -> Colours:
        """The colours of a page of a version. Raises NanodeckError."""
        name, text = query.path.rpartition("/")[2], await self._text(query)
        task = self._coloured.get((name, text))
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(_colour(name, text), name="colouring")
            self._coloured[name, text] = task
        self._coloured.move_to_end((name, text))
        # Who asks may be gone by then; who asks next needs the same.
        found = await asyncio.shield(task)
        self._forget_oldest()
        first, last = query.first, query.first + query.limit
        lines = decoded_colours(found.lines[first:last])
        return Colours(first, lines, tuple(found.lengths[first : first + len(lines)]))

    async def close(self) -> None:
        """Stop colouring."""
        tasks = list(self._coloured.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _text(self, query: ReadVersion | ReadColours) -> str:
        versions = await self._versions(query)
        data = versions[query.new]
        if data is None:
            raise NanodeckError(f"there is no such version of {query.path}")
        return await asyncio.to_thread(_shown, data, versions)

    async def _versions(self, query: ReadVersion | ReadColours) -> Bytes:
        source = query.source
        found = self._waiting(source.name, query.path) if source.kind == "call" else None
        return found or await self._told(source, query.path, query.author)

    def _forget_oldest(self) -> None:
        """Keep few files, and not too many lines of them."""
        sizes = {
            key: len(task.result().lengths)
            for key, task in self._coloured.items()
            if task.done() and not task.cancelled() and not task.exception()
        }
        for key in list(sizes)[:-1]:
            if len(sizes) <= FILES_KEPT and sum(sizes.values()) <= LINES_KEPT:
                break
            del self._coloured[key], sizes[key]


def shown_lines(versions: Bytes) -> tuple[list[str], list[str]]:
    """The lines of both versions as their diff shows them; none of one that does not exist."""
    encoding, mark = _form(versions)
    old, new = (text_lines((data or b"")[mark:], encoding) for data in versions)
    return old, new


def _shown(data: bytes, versions: Bytes) -> str:
    """A version as the lines of its diff show it."""
    encoding, mark = _form(versions)
    return shown(data[mark:], encoding)


def _form(versions: Bytes) -> tuple[Encoding, int]:
    """How a file is written, and the bytes of a mark that stays, which belongs to no line."""
    encoding = encoding_of(next((version for version in versions if version is not None), b""))
    return encoding, len(shared_mark(versions[0] or b"", versions[1] or b"", encoding))


async def _colour(name: str, text: str) -> _Coloured:
    """The colours of a file, found by a child process where it is long. Raises NanodeckError."""
    lengths = array("I", map(len, text.split("\n")))
    if len(lengths) <= CHILD_LINES:
        return _Coloured(await asyncio.to_thread(encoded_colours, name, text), lengths)
    if len(text) > MOST_CHARACTERS:
        raise NanodeckError(f"{name} is too long to be coloured as a whole")
    argv, given = own_program("nanodeck.code.colouring"), f"{name}\n{text}".encode("utf-8", "replace")
    told = await capture(argv, Path(sys.prefix), given=given, seconds=SECONDS, limit=_ANSWER_BYTES)
    if told.code or told.cut:
        raise NanodeckError(f"{name} was not coloured: {told.error.strip() or f'code {told.code}'}")
    return _Coloured(told.output.split(b"\n"), lengths)
