"""Guarded names that a command made where there were none: moved away before anything believes them."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from nanodeck.shell.sandbox.protected import guarded_at_top


class Ghosts:
    """Knows the guarded names of the workspace `root`; what appears beside them goes to `quarantine`."""

    def __init__(self, root: Path, quarantine: Path) -> None:
        self._root = root
        self._quarantine = quarantine
        self._known = guarded_at_top(root)

    def accept(self) -> None:
        """What is there now was made by the person, or with their leave."""
        self._known = guarded_at_top(self._root)

    def lay(self) -> tuple[tuple[str, Path], ...]:
        """Move away what a command made: names, and where each is now. Raises OSError."""
        appeared = sorted(guarded_at_top(self._root) - self._known)
        if not appeared:
            return ()
        folder = self._quarantine / secrets.token_hex(6)
        folder.mkdir(parents=True, mode=0o700)
        return tuple(self._moved(appeared, folder))

    def _moved(self, names: Iterable[str], folder: Path) -> Iterable[tuple[str, Path]]:
        for name in names:
            shutil.move(self._root / name, folder / name)
            yield name, folder / name
