"""The apply_patch tool: several files changed, made, moved, copied and deleted by one patch, or none."""

from __future__ import annotations

import asyncio
import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import counted
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.targets import absent, known_text, place_to_read, place_to_write, present_bytes
from nanodeck.workspace.encoding import encode_text
from nanodeck.workspace.paths import Location

if TYPE_CHECKING:
    from nanodeck.workspace.edits.envelope import FilePatch


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[FilePatch, ...]:
    # A tool is known from the start, but what it needs to work is loaded when it does.
    from nanodeck.workspace.edits.envelope import parse_patch

    return parse_patch(text)


class PatchArguments(Struct, frozen=True):
    """The whole patch."""

    patch: str

    def __post_init__(self) -> None:
        try:
            _parsed(self.patch)
        except ToolError as error:
            raise ValueError(error.message) from None

    @property
    def files(self) -> tuple[FilePatch, ...]:
        """What is to be done, file by file."""
        return _parsed(self.patch)


def _title(arguments: PatchArguments) -> str:
    first, *more = dict.fromkeys(file.path for file in arguments.files)
    return f"patch {first}" + (f" and {len(more)} more" if more else "")


@tool(
    "apply_patch",
    "Change files that were read; make, move, copy, delete files; all or none. patch: '*** Begin Patch'; for "
    "each file '*** Update File: path' (optional '*** Move to: path'; hunks: an optional '@@ line above', "
    "context lines with ' ', old ones with '-', new ones with '+'), '*** Add File: path' (lines with '+'), "
    "'*** Delete File: path', '*** Copy File: path' and '*** Copy to: path', or '*** Add Folder: path'; "
    "'*** End Patch'.",
    effect=Effect.EDIT,
    title=_title,
    names=("applypatch", "patch", "patch_files"),
    arguments=dict.fromkeys(("input", "patch_text", "patchText", "patchContent", "diff", "content"), "patch"),
    places=lambda arguments: tuple(path for file in arguments.files for path in file.paths),
)
async def apply_patch(arguments: PatchArguments, context: ToolContext) -> ToolOutput:
    """Stage everything the patch asks for."""
    return await asyncio.to_thread(_stage, arguments.files, context)


def _stage(files: tuple[FilePatch, ...], context: ToolContext) -> ToolOutput:
    trial = context.staging.fork()
    tried = msgspec.structs.replace(context, staging=trial)
    told: list[str] = []
    problems: dict[str, None] = {}
    for file in files:
        try:
            told.append(_STEPS[file.action](file, tried))
        except ToolError as error:
            named = error.message.startswith(file.paths)
            problems[error.message if named else f"{file.path}: {error.message}"] = None
    if problems:
        raise ToolError("\n".join(problems) + "\nThe patch was not applied, not even in part.")
    context.staging.adopt(trial)
    return ToolOutput("\n".join(told), counted(len(files), "file"))


def _add(file: FilePatch, context: ToolContext) -> str:
    location = _free(file.path, context)
    context.staging.put(location, encode_text(file.content))
    return f"staged {location.shown}: new file"


def _update(file: FilePatch, context: ToolContext) -> str:
    location, data = _source(file.path, context)
    if not file.target:
        new, note = _patched(file, location, data, context)
        if new == data:
            raise ToolError("the hunks change nothing: the file already reads like this")
        context.staging.put(location, new, note)
        return f"staged {location.shown}: {counted(len(file.hunks), 'hunk')}{f' ({note})' if note else ''}"
    target = _free(file.target, context)
    new, note = _patched(file, location, data, context)
    context.staging.take_from(location, target, new, note, _mode(location))
    context.staging.put(location, None)
    return f"staged {target.shown}: moved from {location.shown}{f' ({note})' if note else ''}"


def _copy(file: FilePatch, context: ToolContext) -> str:
    location = place_to_read(file.path, context)
    data = _present(location, context)
    target = _free(file.target, context)
    new, note = _patched(file, location, data, context)
    context.staging.take_from(location, target, new, note, _mode(location))
    return f"staged {target.shown}: copied from {location.shown}{f' ({note})' if note else ''}"


def _delete(file: FilePatch, context: ToolContext) -> str:
    location, data = _source(file.path, context)
    if context.staging.standing(location, data) == "changed":
        known_text(location, data, context)
    context.staging.put(location, None)
    return f"staged {location.shown}: deleted"


def _folder(file: FilePatch, context: ToolContext) -> str:
    location = context.workspace.locate(file.path, context.folder)
    if location.path.is_dir():
        return f"{location.shown}/ is there already"
    location = _free(file.path.rstrip("/"), context)
    context.staging.make_folder(location)
    return f"staged {location.shown}/: new folder"


_STEPS = {"add": _add, "update": _update, "copy": _copy, "delete": _delete, "folder": _folder}


def _free(path: str, context: ToolContext) -> Location:
    """Where a new file goes. Raises ToolError where one is, and where nothing is ever written."""
    location = place_to_write(path, context)
    if context.staging.folder(location) or present_bytes(location, context) is not None:
        raise ToolError(f"{location.shown} is there already")
    return location


def _source(path: str, context: ToolContext) -> tuple[Location, bytes]:
    """A file to be changed, and its bytes. Raises ToolError."""
    location = place_to_write(path, context)
    if os.path.islink(Path(context.folder, os.path.expanduser(path))):
        raise ToolError(f"{path} is a link: name the file it leads to, {location.shown}")
    return location, _present(location, context)


def _present(location: Location, context: ToolContext) -> bytes:
    if context.staging.folder(location) or (data := present_bytes(location, context)) is None:
        raise absent(location)
    return data


def _patched(file: FilePatch, location: Location, data: bytes, context: ToolContext) -> tuple[bytes, str]:
    """The bytes with the hunks applied, and how those were found. Raises ToolError."""
    from nanodeck.workspace.edits.patching import apply_hunks

    if not file.hunks:
        return data, ""
    before = known_text(location, data, context)
    matched = apply_hunks(before.text, file.hunks)
    new = msgspec.structs.replace(before, text=matched.text).encode(location.shown)
    return new, f"matched {matched.strategy}" if matched.strategy else ""


def _mode(location: Location) -> int | None:
    """The rights a copy of the file gets; the usual ones where it is only staged."""
    try:
        return stat.S_IMODE(location.path.stat().st_mode)
    except OSError:
        return None
