"""Which files .gitignore files leave out, where git itself cannot be asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from nanodeck.workspace.git.folders import repository_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_LARGEST = 1 << 20


class Ignores(Struct, frozen=True):
    """The rules that hold in a folder: its own .gitignore and those around it, the nearest first asked."""

    levels: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def around(cls, folder: Path) -> Ignores:
        """The rules from the repository's root down to `folder`'s parent; none if those leave it out."""
        top = repository_of(folder) or folder
        rules = cls()
        if (top / ".git").is_dir():
            rules = rules._with(str(top), top / ".git" / "info" / "exclude")
        for parent in reversed(folder.parents):
            if parent.is_relative_to(top):
                rules = rules.within(str(parent))
        return cls() if folder != top and rules.leave_out(str(folder), True) else rules

    def within(self, folder: str) -> Ignores:
        """The rules that hold for what is in `folder`."""
        return self._with(folder, Path(folder, ".gitignore"))

    def leave_out(self, path: str, is_folder: bool) -> bool:
        """Whether `path`, absolute, is ignored."""
        for base, spec in reversed(self.levels):
            relative = path[len(base) :].lstrip("/") + "/" * is_folder
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False

    def _with(self, base: str, file: Path) -> Ignores:
        try:
            if not file.is_file() or file.is_symlink() or file.stat().st_size > _LARGEST:
                return self
            lines = os.fsdecode(file.read_bytes()).splitlines()
        except OSError:
            return self
        from pathspec import GitIgnoreSpec

        try:
            return Ignores((*self.levels, (base, GitIgnoreSpec.from_lines(lines))))
        except ValueError:
            return Ignores((*self.levels, (base, GitIgnoreSpec.from_lines(_usable(lines)))))


def _usable(lines: list[str]) -> list[str]:
    """The lines that are patterns; git skips the others without a word, too."""
    from pathspec import GitIgnoreSpec

    kept = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        kept.append(line)
    return kept
