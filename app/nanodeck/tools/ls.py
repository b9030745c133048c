"""The ls tool: what is in a folder."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import counted
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.schema import HIDDEN
from nanodeck.tools.spellings import FOLDER_PATH
from nanodeck.tools.targets import present_place
from nanodeck.workspace.finding.folders import list_folder

DEEPEST = 10
_RECURSIVE = 3


class LsArguments(Struct, frozen=True):
    """What to list and how many levels of it."""

    path: str = "."
    depth: int = 1
    recursive: Annotated[bool, HIDDEN] = False

    @property
    def levels(self) -> int:
        """How deep to go."""
        return min(max(self.depth, _RECURSIVE if self.recursive else 1), DEEPEST)


@tool(
    "ls",
    "List a folder, folders first; depth levels deep. Respects .gitignore.",
    effect=Effect.READ,
    lasting=True,
    title=lambda arguments: f"ls {arguments.path}",
    names=("list_directory", "list_dir", "list_files", "list", "dir"),
    arguments={
        **FOLDER_PATH,
        "maxDepth": "depth",
        "max_depth": "depth",
        "tree": "recursive",
        "limit": "",
        "showHiddenFiles": "",
        "showSizes": "",
        "ignore": "",
    },
)
async def ls(arguments: LsArguments, context: ToolContext) -> ToolOutput:
    """List a folder."""
    location = present_place(arguments.path or ".", context)
    if not location.path.is_dir():
        raise ToolError(f"{location.shown} is a file: read it")
    text = await asyncio.to_thread(list_folder, location.path, arguments.levels)
    return ToolOutput(text, counted(text.count("\n") + 1, "line"))
