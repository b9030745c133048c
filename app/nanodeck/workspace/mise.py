"""The variables mise gives a folder, where mise is installed; silence where it is not.

mise runs programs its configuration names, and what it says decides which program a command's name
means: nothing that an edit of this session wrote may do so unseen.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from nanodeck.workspace.programs import capture
from nanodeck.workspace.writing import atomic

_SECONDS = 5.0
_LIMIT = 1 << 20
_CONFIGURATIONS = (
    *(f"{before}mise{rest}.toml" for before in ("", ".", ".config/") for rest in ("", ".*")),
    *(
        f"{folder}/{file}"
        for folder in ("mise", ".mise", ".config/mise")
        for file in ("*.toml", "conf.d/*.toml")
    ),
    ".tool-versions",
)
# What makes mise look into other files, or run them.
_LEADS_ON = re.compile(rb"exec|source|file|hooks|plugins|venv")

_log = logging.getLogger(__name__)


class Mise:
    """Asks mise anew before each command; `written` are the files that edits of this session wrote.

    `allows` says whether a configuration may count at all.
    """

    def __init__(self, written: Collection[Path], allows: Callable[[Path], bool] = lambda path: True) -> None:
        self._written = written
        self._allows = allows
        self._known: dict[Path, dict[str, str]] = {}

    def given(self, folder: Path) -> tuple[str, ...]:
        """The names of the variables that it set in `folder` when it was last asked."""
        return tuple(sorted(self._known.get(folder, {})))

    async def variables(self, folder: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
        """What mise sets in `folder` over `environment`; its last word where it may be asked no more."""
        program = shutil.which("mise", path=environment.get("PATH", os.defpath))
        if program is None:
            return {}

        async def ask(*words: str) -> Any:
            return await _json((program, *words), folder, environment)

        # To list its files is to run what they name already, so those it would find are looked at first.
        if await asyncio.to_thread(self._touched_around, folder):
            return self._last_word(folder)
        listed = await ask("config", "ls", "--json")
        paths = [item.get("path") for item in listed if isinstance(item, dict)] if listed else []
        files = [path for path in paths if isinstance(path, str)]
        if not files:
            return {}
        if await asyncio.to_thread(self._touched, files):
            return self._last_word(folder)
        said = await ask("env", "--json")
        given = said if isinstance(said, dict) else {}
        self._known[folder] = {
            name: value for name, value in given.items() if isinstance(value, str) and "\0" not in value
        }
        return self._known[folder]

    def _last_word(self, folder: Path) -> Mapping[str, str]:
        _log.info("mise is not asked in %s: this session edited what it goes by", folder)
        return self._known.get(folder, {})

    def _touched_around(self, folder: Path) -> bool:
        """The same for what lies in `folder` and above it, found without mise."""
        around = list(_configurations((folder, *folder.parents)))
        return not all(map(self._allows, around)) or self._touched(map(str, around))

    def _touched(self, files: Iterable[str]) -> bool:
        """Whether an edit of this session can be behind what mise would say."""
        if not self._written:
            return False
        for name in files:
            path = Path(os.path.realpath(os.path.expanduser(name)))
            if path in self._written:
                return True
            try:
                leads_on = _LEADS_ON.search(atomic.load(path))
            except OSError:
                continue
            if leads_on:
                return True
        return False


def project_configurations(folder: Path, root: Path) -> list[Path]:
    """Configurations between `folder` and the project's `root`, where mise is there to read them."""
    if shutil.which("mise") is None:
        return []
    return list(_configurations(place for place in (folder, *folder.parents) if place.is_relative_to(root)))


def _configurations(places: Iterable[Path]) -> Iterator[Path]:
    return (file for place in places for pattern in _CONFIGURATIONS for file in place.glob(pattern))


async def _json(argv: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Any:
    """The JSON that mise answers; None where it fails, also for a configuration nobody trusted."""
    said = await capture(argv, folder, environment=environment, seconds=_SECONDS, limit=_LIMIT)
    try:
        return None if said.code else msgspec.json.decode(said.output)
    except msgspec.DecodeError:
        return None
