"""The file a call is about: where it is, and what the model must know before changing it."""

from __future__ import annotations

import os

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.context import ToolContext
from nanodeck.workspace.encoding import FileText, decode_file, readable
from nanodeck.workspace.numbering import number_lines
from nanodeck.workspace.paths import Location

# Shown when an edit is refused: enough to go on with, little enough not to drown the reason.
_FRESH_LINES = 400
_FRESH_BYTES = 16 * 1024


def place_to_read(path: str, context: ToolContext) -> Location:
    """Where `path` leads. Raises ToolError where nothing is ever read."""
    location = context.workspace.locate(path, context.folder)
    if location.standing == "refused":
        raise ToolError(location.reason)
    return location


def present_place(path: str, context: ToolContext) -> Location:
    """Where `path` leads. Raises ToolError where nothing is, or nothing is ever read."""
    location = place_to_read(path, context)
    if not location.path.exists():
        raise absent(location)
    return location


def place_to_write(path: str, context: ToolContext) -> Location:
    """Where `path` leads. Raises ToolError where nothing is ever written."""
    location = context.workspace.locate(path, context.folder)
    if location.write_standing == "refused":
        raise ToolError(location.reason)
    if path.endswith("/") or location.path.is_dir():
        raise ToolError(f"{location.shown} is a folder, not a file")
    return location


def present_bytes(location: Location, context: ToolContext) -> bytes | None:
    """The file's bytes as this batch leaves it, None where there is none. Raises ToolError."""
    return context.staging.current(location)


def known_text(location: Location, data: bytes, context: ToolContext) -> FileText:
    """The text of `data`, the file's present content, if the model knows it.

    Raises ToolError when it does not: with the present lines, which count as seen from then on, so that
    the next try can work.
    """
    text = decode_file(data, location.shown)
    standing = context.staging.standing(location, data)
    if standing == "fresh" or not text.text:
        return text
    why = "was not read before" if standing == "unread" else "changed since it was read"
    if location.standing == "outside" or location.secret:
        # Nobody was asked whether the model may see it.
        raise ToolError(f"{location.shown} {why}: read it first; nothing was changed")
    context.ledger.saw(location.path, data)
    lines = number_lines(readable(data, location.shown), location.shown, 1, _FRESH_LINES, _FRESH_BYTES)
    raise ToolError(f"{location.shown} {why}; nothing was changed. It reads now:\n{lines}")


def absent(location: Location) -> ToolError:
    """What to answer when there is no file, with names that are nearly the same."""
    try:
        names = os.listdir(location.path.parent)
    except OSError:
        names = []
    import difflib

    close = difflib.get_close_matches(location.path.name, names, 3)
    hint = f"; in the same folder: {', '.join(close)}" if close else ""
    return ToolError(f"{location.shown} does not exist{hint}")
