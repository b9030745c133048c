"""Whether a folder is trusted, and which of its files may steer: those trusted, only as they were then."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from nanodeck.contracts.requests import SteeringFile, TrustDetail
from nanodeck.extend.instructions import project_instructions
from nanodeck.store.places import Places
from nanodeck.store.plain import open_plain
from nanodeck.store.settings import project_file
from nanodeck.store.trusted import TrustedFile, TrustedFolders, trusted_file
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.mise import project_configurations

INSTRUCTIONS = "instructions for the model"
MOST_BYTES = 1 << 18
"""Larger files never steer anything."""


class Steering(NamedTuple):
    """A file that could steer, as it is now: its path in the project, and what it would do."""

    name: str
    what: str
    data: bytes


class Trust:
    """What counts of the project around `folder`: `everything` where the person said so for this start."""

    def __init__(self, places: Places, folder: Path, *, everything: bool = False) -> None:
        self.root = Path(os.path.realpath(repository_of(folder) or folder))
        self.declined = False
        self._folder = folder
        self._settings = places.settings
        self._everything = everything
        self._store = TrustedFolders(places.trusted)
        self._kept = self._store.files(self.root)
        self._known = self._kept

    @property
    def trusted(self) -> bool:
        """Whether programs of the project may run; which of its files steer is another matter."""
        return self._everything or self._known is not None

    def allows(self, path: Path, data: bytes) -> bool:
        """Whether a file that holds `data` may steer: the person's own may, the project's if trusted so."""
        if self._everything or not path.is_relative_to(self.root):
            return True
        known = (self._known or {}).get(self._name(path))
        return known is not None and known.digest == trusted_file(data).digest

    def allows_file(self, path: Path) -> bool:
        """The same for a file as it is now."""
        return self.allows(path, _read(path))

    def takes(self, path: Path) -> bool:
        """Whether what the person adds to this file, which may have to be made, will count."""
        if not path.is_relative_to(self.root):
            return True
        return self.allows_file(path) if path.exists() else self.trusted

    def found(self) -> tuple[Steering, ...]:
        """The project's steering files as they are."""
        return tuple(Steering(self._name(path), what, _read(path)) for path, what in self._steering())

    def question(self, found: Sequence[Steering], *, wanted: bool = False) -> TrustDetail | None:
        """What is to be asked with these files there; None for nothing, unless the person `wanted` it."""
        if (self._everything or self.declined) and not wanted:
            return None
        files = tuple(_compared(file, (self._known or {}).get(file.name)) for file in found)
        detail = TrustDetail(str(self.root), files, self.trusted, wanted, _caution(self.root))
        if detail.whole:
            return detail
        fresh = tuple(file for file in files if file.state != "known")
        return replace(detail, files=fresh) if fresh else None

    def accept(self, found: Sequence[Steering], *, lasting: bool) -> None:
        """Trust the folder and let these files steer as they are, from now on or while this runs.

        Raises OSError.
        """
        self.declined = False
        self._trust({file.name: trusted_file(file.data) for file in found}, lasting=lasting)

    def rewritten(self, path: Path) -> None:
        """The person changed a file that may steer, by nanodeck itself: it may go on. Raises OSError."""
        if path.is_relative_to(self.root):
            self._trust({self._name(path): trusted_file(_read(path))}, lasting=self._kept is not None)

    def decline(self) -> None:
        """Leave it at what is trusted, and do not ask again."""
        self.declined = True

    def forget(self) -> None:
        """Trust nothing of the folder any more. Raises OSError."""
        self._known, self._kept, self._everything = None, None, False
        self._store.forget(self.root)

    def _trust(self, files: Mapping[str, TrustedFile], *, lasting: bool) -> None:
        self._known = {**(self._known or {}), **files}
        if lasting:
            self._kept = {**(self._kept or {}), **files}
            self._store.keep(self.root, self._kept)

    def _steering(self) -> Iterator[tuple[Path, str]]:
        """The files there are, and what they do."""
        settings = project_file(self._folder)
        if settings and settings != self._settings:
            yield settings, "settings and rules"
        for path in project_instructions(self._folder):
            yield path, INSTRUCTIONS
        for path in project_configurations(self._folder, self.root):
            yield path, "programs and variables of commands"

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def _caution(root: Path) -> str:
    """What is unusual about trusting all of `root`."""
    home = Path(os.path.realpath(Path.home()))
    if root == home:
        return "this is your home folder, with all that you keep: a project has a folder of its own"
    if home.is_relative_to(root):
        return "your home folder lies in it, and much that is no project: begin in the folder of one"
    return ""


def _read(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            return file.read(MOST_BYTES)
    except OSError:
        return b""


def _compared(file: Steering, known: TrustedFile | None) -> SteeringFile:
    now = trusted_file(file.data)
    if known is None:
        return SteeringFile(file.name, file.what, now.text)
    if known.digest == now.digest:
        return SteeringFile(file.name, file.what, "", "known")
    old, new = known.text.splitlines(), now.text.splitlines()
    lines = difflib.unified_diff(old, new, "trusted", "now", lineterm="")
    return SteeringFile(file.name, file.what, "\n".join(lines), "changed")
