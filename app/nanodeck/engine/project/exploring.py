"""Looking around in the project: folders and the beginnings of files, for a person."""

from __future__ import annotations

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.contracts.queries import FolderItem, Lines
from nanodeck.workspace.encoding import readable
from nanodeck.workspace.finding.folders import folder_items
from nanodeck.workspace.numbering import MAX_BYTES, count_lines
from nanodeck.workspace.paths import Location, Workspace
from nanodeck.workspace.writing.atomic import read_file

_TEXT_BYTES = 1 << 20


def list_items(workspace: Workspace, folder: str) -> tuple[FolderItem, ...]:
    """What is in a folder. Raises NanodeckError."""
    location = _inside(workspace, folder or ".")
    try:
        items = folder_items(location.path, MAX_BYTES)
    except OSError as error:
        raise NanodeckError(f"{location.shown} cannot be listed: {error.strerror}") from None
    # Names that are not UTF-8 cannot be mentioned, nor be told to anybody.
    return tuple(FolderItem(name, size) for name, size in items if name.isprintable())


def read_text(workspace: Workspace, path: str, limit: int) -> Lines:
    """The first lines of a file. Raises NanodeckError for what is no text."""
    location = _inside(workspace, path)
    data = read_file(location.path, location.shown)
    if data is None:
        raise ToolError(f"{location.shown} is gone")
    whole = readable(data, location.shown)
    text = whole[:_TEXT_BYTES].decode("utf-8", "replace")
    return Lines(0, count_lines(whole), "\n".join(text.split("\n", limit)[:limit]))


def _inside(workspace: Workspace, path: str) -> Location:
    location = workspace.locate(path, workspace.root)
    if location.standing != "inside":
        raise ToolError(location.reason)
    return location
