"""The edit tool: old text replaced by new, in several places at once."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.schema import HIDDEN
from nanodeck.tools.spellings import FILE_PATH
from nanodeck.tools.targets import absent, known_text, place_to_write, present_bytes
from nanodeck.workspace.encoding import encode_text
from nanodeck.workspace.paths import Location


class Replacement(Struct, frozen=True):
    """One old text and what it becomes."""

    old_string: str
    new_string: str
    replace_all: bool = False


class EditArguments(Struct, frozen=True):
    """The file and its replacements; a single one may stand at the top level."""

    path: str
    edits: tuple[Replacement, ...] = ()
    old_string: Annotated[str | None, HIDDEN] = None
    new_string: Annotated[str | None, HIDDEN] = None
    replace_all: Annotated[bool, HIDDEN] = False

    def __post_init__(self) -> None:
        if (self.old_string is None) != (self.new_string is None):
            raise ValueError("old_string and new_string go together")
        if not self.all:
            raise ValueError("edits is empty: give [{old_string, new_string}]")

    @property
    def all(self) -> tuple[Replacement, ...]:
        """Every replacement."""
        if self.old_string is None or self.new_string is None:
            return self.edits
        return (*self.edits, Replacement(self.old_string, self.new_string, self.replace_all))


_OLD_AND_NEW = {
    "oldText": "old_string",
    "old_text": "old_string",
    "old_str": "old_string",
    "oldStr": "old_string",
    "oldString": "old_string",
    "old": "old_string",
    "search": "old_string",
    "find": "old_string",
    "newText": "new_string",
    "new_text": "new_string",
    "new_str": "new_string",
    "newStr": "new_string",
    "newString": "new_string",
    "new": "new_string",
    "replace": "new_string",
    "replacement": "new_string",
    "replaceAll": "replace_all",
}


def _title(arguments: EditArguments) -> str:
    count = len(arguments.all)
    return f"edit {arguments.path}" + (f" ({count} places)" if count > 1 else "")


def _blocks(text: str) -> list[dict[str, Any]] | None:
    # A tool is known from the start, but what it needs to work is loaded when it does.
    from nanodeck.tools.blocks import read_blocks

    return read_blocks(text)


@tool(
    "edit",
    "Replace text in a file that was read. Each old_string must be in it exactly once (or set replace_all); "
    "edits all match the file as it is now, must not overlap, and apply all or none. edits may "
    "be SEARCH/REPLACE blocks in one string.",
    effect=Effect.EDIT,
    title=_title,
    names=(
        "edit_file",
        "str_replace",
        "string_replace",
        "multi_edit",
        "MultiEdit",
        "replace",
        "replace_in_file",
        "apply_diff",
    ),
    arguments={
        **FILE_PATH,
        **_OLD_AND_NEW,
        **dict.fromkeys(("diff", "blocks", "search_replace", "changes"), "edits"),
    },
    items={"edits": _OLD_AND_NEW},
    texts={"edits": _blocks},
)
async def edit(arguments: EditArguments, context: ToolContext) -> ToolOutput:
    """Stage replacements in one file."""
    location = place_to_write(arguments.path, context)
    return await asyncio.to_thread(_stage, arguments.all, location, context)


def _stage(edits: tuple[Replacement, ...], location: Location, context: ToolContext) -> ToolOutput:
    from nanodeck.workspace.edits.matching import Edit, apply_edits

    old = present_bytes(location, context)
    starts = len(edits) == 1 and not edits[0].old_string
    if old is None:
        if not starts:
            raise absent(location)
        context.staging.put(location, encode_text(edits[0].new_string))
        return ToolOutput(f"staged {location.shown}: new file", "new file")
    before = known_text(location, old, context)
    if starts and not before.text:
        after, strategy = edits[0].new_string, ""
    else:
        matched = apply_edits(
            before.text, [Edit(one.old_string, one.new_string, one.replace_all) for one in edits]
        )
        after, strategy = matched.text, matched.strategy
    note = f"matched {strategy}" if strategy else ""
    context.staging.put(location, replace(before, text=after).encode(location.shown), note)
    count = f"{len(edits)} edit{'s' * (len(edits) > 1)}"
    return ToolOutput(f"staged {location.shown}: {count}{f' ({note})' if note else ''}", note or count)
