"""Which paths belong to git itself: nanodeck never writes there, whatever the spelling."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nanodeck.core.guarded import GIT, guard_of


def repository_of(folder: Path) -> Path | None:
    """The nearest folder from `folder` up that holds a `.git`; None outside of every repository."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def belongs_to_git(spelled: Path, resolved: Path, root: Path) -> bool:
    """Whether a path, as `spelled` or as `resolved`, is a `.git` or lies in a git folder.

    A `.git` that is a link or a `gitdir:` file protects the folder it points to, too.
    """
    if GIT in (guard_of(spelled.parts), guard_of(resolved.parts)):
        return True
    return any(resolved.is_relative_to(store) for store in _stores(resolved, root))


def _stores(resolved: Path, root: Path) -> Iterator[Path]:
    for folder in resolved.parents:
        if not folder.is_relative_to(root):
            return
        entry = folder / ".git"
        # Unlike those of Path these two never raise: where nobody gets to, there is nothing to protect.
        if os.path.islink(entry):
            yield Path(os.path.realpath(entry))
        elif os.path.isfile(entry):
            try:
                text = entry.read_text("utf-8", "surrogateescape")
            except OSError:
                continue
            if text.startswith("gitdir:"):
                yield Path(os.path.realpath(folder / text.removeprefix("gitdir:").strip()))
