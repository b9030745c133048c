"""Reading what a person mentions, so that it goes to the model with the text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.text import counted
from nanodeck.core.mentions import Mention, mentions_in
from nanodeck.workspace.encoding import readable
from nanodeck.workspace.finding.folders import list_folder
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.numbering import MAX_LINES, count_lines, number_lines
from nanodeck.workspace.paths import Location, Workspace
from nanodeck.workspace.writing.atomic import read_file

MOST_BYTES = 200 * 1024
"""Bytes of everything one message attaches."""
TYPED_LENGTH = 2000
"""Characters up to which a text counts as typed; in a longer one `@words` are somebody else's."""


async def attach(text: str, workspace: Workspace, ledger: ReadLedger) -> tuple[Attachment, ...]:
    """The files and folders that `text` mentions."""
    if "@" not in text or not (mentions := mentions_in(text)):
        return ()
    typed = len(text) <= TYPED_LENGTH
    return await asyncio.to_thread(_read_all, mentions, workspace, ledger, typed)


def _read_all(
    mentions: Iterable[Mention], workspace: Workspace, ledger: ReadLedger, typed: bool
) -> tuple[Attachment, ...]:
    attached: list[Attachment] = []
    room = MOST_BYTES
    for mention in mentions:
        try:
            location = _locate(mention, workspace)
            if location is None:
                if not (typed and mention.sure):
                    continue
                raise ToolError("there is no such file or folder")
            made = _read(mention, location, ledger)
            if (size := len(made.text.encode("utf-8", "replace"))) > room:
                raise ToolError(f"not attached: a message takes {MOST_BYTES >> 10} KB of files")
            room -= size
        except ToolError as error:
            made = Attachment(mention.path, problem=_reason(error, mention.path))
        except OSError as error:
            made = Attachment(mention.path, problem=(error.strerror or str(error)).lower())
        attached.append(made)
    return tuple(attached)


def _locate(mention: Mention, workspace: Workspace) -> Location | None:
    """Where `mention` leads, None where nothing is. Raises ToolError for what is not attached."""
    location = workspace.locate(mention.path, workspace.root)
    if location.standing == "refused" or (location.standing == "outside" and location.path.exists()):
        raise ToolError(location.reason)
    return location if location.path.exists() else None


def _read(mention: Mention, location: Location, ledger: ReadLedger) -> Attachment:
    shown = location.shown
    if location.path.is_dir():
        listing = list_folder(location.path)
        items = counted(listing.count("\n") + 1, "item")
        return Attachment(f"{shown}/", items, f'<folder path="{shown}">\n{listing}\n</folder>')
    data = read_file(location.path, shown)
    if data is None:
        raise ToolError("is gone")
    whole = readable(data, shown)
    total, first = count_lines(whole), mention.first or 1
    if mention.first and not 1 <= mention.first <= mention.last:
        raise ToolError(f"lines {mention.first}-{mention.last} are no lines: count from 1, the last one last")
    if mention.first > total:
        raise ToolError(f"there is no line {mention.first}: it has {counted(total, 'line')}")
    if not total:
        return Attachment(shown, "empty", f'<file path="{shown}">\n</file>')
    limit = mention.last - first + 1 if mention.first else MAX_LINES
    lines = number_lines(whole, shown, first, limit)
    ledger.saw(location.path, data)
    about = counted(total, "line") if lines.whole else f"lines {lines.first}-{lines.last} of {total:,}"
    text = lines.text if mention.first else str(lines)
    return Attachment(shown, about, f'<file path="{shown}" lines="{about}">\n{text}\n</file>')


def _reason(error: ToolError, path: str) -> str:
    """The reason alone: the name stands before it."""
    return error.message.removeprefix(path).removeprefix(":").strip()
