"""The glob tool: files by pattern, newest first."""

from __future__ import annotations

import asyncio
import os
import posixpath
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import counted
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.spellings import FOLDER_PATH
from nanodeck.tools.targets import present_place
from nanodeck.workspace.finding.listing import list_files
from nanodeck.workspace.finding.patterns import compile_glob, split_fixed

FILES_SHOWN = 100


class GlobArguments(Struct, frozen=True):
    """What to find; `path` is the folder to look in."""

    pattern: str
    path: str = "."

    @property
    def base(self) -> str:
        """The folder to look in, with what the pattern names literally."""
        fixed, _ = split_fixed(self.pattern)
        return fixed if fixed.startswith("~") else posixpath.join(self.path or ".", fixed)


@tool(
    "glob",
    "Find files by glob (*, ?, [], {a,b}, **), newest first, up to 100. A pattern without / matches names at "
    "any depth. Respects .gitignore.",
    effect=Effect.READ,
    lasting=True,
    title=lambda arguments: f"glob {arguments.pattern}",
    names=("find", "find_files", "file_search", "search_files"),
    arguments={
        "glob": "pattern",
        "glob_pattern": "pattern",
        "query": "pattern",
        **FOLDER_PATH,
        "limit": "",
        "maxResults": "",
        "hidden": "",
    },
    places=lambda arguments: (arguments.base,),
)
async def glob(arguments: GlobArguments, context: ToolContext) -> ToolOutput:
    """Find files by pattern."""
    location = present_place(arguments.base, context)
    if not location.path.is_dir():
        raise ToolError(f"{location.shown} is not a folder")
    try:
        wanted = compile_glob(split_fixed(arguments.pattern)[1])
    except ValueError as error:
        raise ToolError(f"wrong pattern {arguments.pattern!r}: {error}") from None
    files = await list_files(location.path)
    found = await asyncio.to_thread(
        lambda: _newest_first(location.path, [path for path in files if wanted.match(path)])
    )
    shown = [context.workspace.show(location.path / path) for path in found[:FILES_SHOWN]]
    if not shown:
        return ToolOutput("no files match", "no files")
    count = counted(len(found), "file")
    if len(found) > FILES_SHOWN:
        shown.append(f"(the newest {FILES_SHOWN} of {len(found):,}: narrow the pattern for the others)")
    return ToolOutput("\n".join(shown), count)


def _newest_first(folder: Path, paths: list[str]) -> list[str]:
    """`paths` that are there, by their time of change; equal times by name."""
    dated: list[tuple[float, str]] = []
    for path in paths:
        try:
            dated.append((-os.lstat(folder / path).st_mtime, path))
        except OSError:
            continue
    return [path for _, path in sorted(dated)]
