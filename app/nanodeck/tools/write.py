"""The write tool: a file's whole content."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from nanodeck.contracts.changes import ENCODING_NAMES
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.spellings import FILE_PATH
from nanodeck.tools.targets import known_text, place_to_write, present_bytes
from nanodeck.workspace.encoding import FileText, encode_text, is_purely_crlf
from nanodeck.workspace.numbering import count_lines
from nanodeck.workspace.paths import Location


class WriteArguments(Struct, frozen=True):
    """The file and all it is to hold."""

    path: str
    content: str


@tool(
    "write",
    "Create a file (with its folders) or replace all of one that was read. To change a part use edit.",
    effect=Effect.EDIT,
    title=lambda arguments: f"write {arguments.path}",
    names=("write_file", "create_file", "save_file", "write_to_file"),
    arguments={
        **FILE_PATH,
        "contents": "content",
        "text": "content",
        "file_text": "content",
    },
)
async def write(arguments: WriteArguments, context: ToolContext) -> ToolOutput:
    """Stage a file's whole content."""
    location = place_to_write(arguments.path, context)
    return await asyncio.to_thread(_stage, arguments.content, location, context)


def _stage(content: str, location: Location, context: ToolContext) -> ToolOutput:
    given = encode_text(content)
    old = present_bytes(location, context)
    lines = f"{count_lines(given):,} lines"
    if old is None:
        context.staging.put(location, given)
        return ToolOutput(f"staged {location.shown}: new file, {lines}", lines)
    if given == old:
        return ToolOutput(f"no change: {location.shown} already reads like this", "no change")
    before = known_text(location, old, context)
    after, kept = _in_the_style_of(before, content)
    new = after.encode(location.shown)
    if new == old:
        return ToolOutput(f"no change: {location.shown} already reads like this", "no change")
    context.staging.put(location, new, kept)
    return ToolOutput(f"staged {location.shown}: {lines}{f' ({kept})' if kept else ''}", lines)


def _in_the_style_of(before: FileText, content: str) -> tuple[FileText, str]:
    """`content` with what the reader of the file it replaces was not shown: line ends, mark, encoding."""
    kept: list[str] = []
    if is_purely_crlf(before.text) and "\n" in content and "\r" not in content:
        content = content.replace("\n", "\r\n")
        kept.append("CR LF line ends")
    told = content.startswith("\ufeff")
    content = content.removeprefix("\ufeff")
    if before.encoding != "utf-8":
        kept += [ENCODING_NAMES[before.encoding]] if before.marked or not content.isascii() else []
    elif before.marked and not told:
        kept.append("byte order mark")
    marked = before.marked or (told and before.encoding == "utf-8")
    after = FileText(content, marked, before.encoding)
    return after, f"kept its {' and '.join(kept)}" if kept else ""
