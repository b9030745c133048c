"""`/explorer` in lines: the project's folders by number, files to read and to send along."""

from __future__ import annotations

from collections.abc import Sequence

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import FolderItem, ListFolder, ReadText
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.faces.plain.hunks import places
from nanodeck.faces.plain.talk import Talk

BYTES_A_TOKEN = 4
PREVIEW_LINES = 20
HOW = (
    "  A number opens a folder or reads a file, + and numbers let them go along with your next message,",
    "  .. goes up, an empty line ends it.",
)


async def explore(talk: Talk, argument: str) -> None:
    """Walk through the project, beginning in the folder `argument`."""
    folder = f"{argument.strip('/')}/" if argument.strip("/") else ""
    picked: list[str] = []
    items = await talk.query(ListFolder(folder))
    _list(talk, folder, items)
    talk.say(*HOW)
    while line := (await talk.hear()).strip():
        taken = line.startswith("+")
        numbers = places(line.removeprefix("+"), len(items))
        if line == "..":
            folder = folder.rstrip("/").rpartition("/")[0]
            folder = f"{folder}/" if folder else ""
            items = await talk.query(ListFolder(folder))
            _list(talk, folder, items)
        elif taken and numbers:
            found = [items[number - 1] for number in numbers]
            picked += [folder + one.name for one in found if folder + one.name not in picked]
            size = sum(one.size for one in found) // BYTES_A_TOKEN
            talk.say(f"Picked: {', '.join(one_line(one.name) for one in found)}, about {size:,} tokens.")
        elif not taken and len(numbers) == 1:
            path = folder + items[numbers[0] - 1].name
            if path.endswith("/"):
                folder, items = path, await talk.query(ListFolder(path))
                _list(talk, folder, items)
            else:
                await _read(talk, path)
        else:
            talk.say("That is none of the choices.", *HOW)
    if picked:
        talk.mention(picked)
        talk.say(f"With your next message: {', '.join(map(one_line, picked))}")


def _list(talk: Talk, folder: str, items: Sequence[FolderItem]) -> None:
    talk.say(f"{clean(folder) or 'The project'}: {counted(len(items), 'item')}")
    for number, item in enumerate(items, 1):
        size = "folder" if item.name.endswith("/") else f"about {item.size // BYTES_A_TOKEN:,} tokens"
        talk.say(f"  {number}: {one_line(item.name)}, {size}")


async def _read(talk: Talk, path: str) -> None:
    try:
        lines = await talk.query(ReadText(path, PREVIEW_LINES))
    except NanodeckError as error:
        talk.say(f"{clean(path)}: {one_line(error.message, 500)}")
        return
    text = clean(lines.text).rstrip("\n").split("\n") if lines.text else []
    talk.say(f"{clean(path)}, {counted(lines.total, 'line')}:", *(f"  {line}" for line in text))
    if lines.total > len(text):
        talk.say(f"  and {counted(lines.total - len(text), 'more line')}")
