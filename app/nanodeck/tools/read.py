"""The read tool: a file's lines by number, or a folder's listing."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import counted
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.schema import HIDDEN
from nanodeck.tools.spellings import FILE_PATH
from nanodeck.tools.targets import absent, place_to_read
from nanodeck.workspace.encoding import readable
from nanodeck.workspace.finding.folders import list_folder
from nanodeck.workspace.numbering import MAX_LINES, count_lines, number_lines
from nanodeck.workspace.paths import Location
from nanodeck.workspace.writing.atomic import read_file


class ReadArguments(Struct, frozen=True):
    """What to read; `offset` is the first line, 1-based."""

    path: str
    offset: int = 1
    limit: int = MAX_LINES
    end_line: Annotated[int | None, HIDDEN] = None


def _title(arguments: ReadArguments) -> str:
    return f"read {arguments.path}" + (f":{arguments.offset}" if arguments.offset > 1 else "")


@tool(
    "read",
    "Read a text file as numbered lines (number, tab, text), up to 2000 lines or 50 KB from line offset "
    "(1-based), or list a folder.",
    effect=Effect.READ,
    lasting=True,
    title=_title,
    names=("read_file", "view", "view_file", "open_file", "cat"),
    arguments={
        **FILE_PATH,
        "start_line": "offset",
        "startLine": "offset",
        "endLine": "end_line",
    },
)
async def read(arguments: ReadArguments, context: ToolContext) -> ToolOutput:
    """Read a file or list a folder."""
    location = place_to_read(arguments.path, context)
    # Long files take their time, which the engine's loop must not wait for.
    return await asyncio.to_thread(_read, arguments, location, context)


def _read(arguments: ReadArguments, location: Location, context: ToolContext) -> ToolOutput:
    if location.path.is_dir():
        return ToolOutput(list_folder(location.path), "folder")
    data = read_file(location.path, location.shown)
    if data is None:
        raise absent(location)
    text = readable(data, location.shown)
    # Some agents count lines from 0.
    offset = arguments.offset or 1
    limit = arguments.limit if arguments.end_line is None else arguments.end_line - offset + 1
    if offset < 1 or limit < 1:
        raise ToolError("offset and limit count lines from 1")
    total = count_lines(text)
    if total == 0:
        context.ledger.saw(location.path, data)
        return ToolOutput("(file is empty)", "empty")
    if offset > total:
        raise ToolError(f"offset {offset} is past the end: {location.shown} has {total} lines")
    lines = number_lines(text, location.shown, offset, limit)
    context.ledger.saw(location.path, data)
    shown = lines.last - lines.first + 1
    summary = counted(total, "line") if lines.whole else f"{shown:,} of {total:,} lines"
    return ToolOutput(str(lines), summary)
